"""The proof as a page."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from promesa.domain.custody import HolderKind
from promesa.domain.promise import PromiseFate
from promesa.domain.stop import Outcome
from promesa.kernel.geo import Position
from promesa.kernel.timewindow import TimeWindow
from promesa.proof.documents import (
    CUSTODY_LINES_MAX,
    CustodyLine,
    ProofFacts,
    ProofPicture,
    page_data,
    proof_pdf,
)
from promesa.proof.pages import DocumentError
from promesa.proof.pictures import clean_picture

NOON = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


def photo() -> ProofPicture:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "green").save(out, "PNG")
    return ProofPicture(content=clean_picture(out.getvalue()).content, captured_at=NOON)


def facts() -> ProofFacts:
    return ProofFacts(
        operator="Reparto Sur",
        reference="A-100",
        merchant="Tienda Andina",
        recipient="Ana Pérez",
        address="Av. Matta 123, depto 4",
        comuna="Santiago",
        parcels_delivered=1,
        parcels_total=2,
        attempt=1,
        outcome=Outcome.PARTIAL,
        made_at=NOON,
        closed_at=NOON,
        promised=TimeWindow(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1)),
        fate=PromiseFate.KEPT,
        position=Position(lon=-70.65, lat=-33.45),
        receiver="Juan Soto",
        photos=(photo(),),
        signature=photo(),
        custody=tuple(line(number) for number in range(1, 4)),
    )


def line(number: int) -> CustodyLine:
    return CustodyLine(
        barcode="PRM1",
        sequence=number,
        holder=HolderKind.ROUTE,
        occurred_at=NOON,
        hash=bytes([number % 256] * 32),
    )


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n") + pdf.count(b"/Type/Page/")


def test_the_page_is_a_pdf_and_the_same_facts_give_the_same_bytes() -> None:
    first = proof_pdf(facts())
    assert first.startswith(b"%PDF-")
    assert first == proof_pdf(facts())
    assert pages(first) == 1


def test_what_people_wrote_is_shown_and_never_run() -> None:
    hostile = '#panic("x") #eval("1+1") *b* $x$ ]] @ref `code` \\ "'
    strange = replace(
        facts(),
        recipient=hostile,
        reference=hostile,
        merchant=hostile,
        note=hostile,
        operator=hostile,
        reason=hostile,
        receiver=hostile,
    )
    assert proof_pdf(strange).startswith(b"%PDF-")


def test_the_fullest_page_is_still_one_page() -> None:
    full = replace(
        facts(),
        photos=(photo(),) * 9,
        custody=tuple(line(number) for number in range(1, 200)),
        reason="Sin moradores",
        note="x" * 900,
        address="y" * 900,
        receiver_rut="12345678-5",
        receiver_relation="Conserje",
        is_pin_checked=True,
        is_simulated=True,
    )
    assert pages(proof_pdf(full)) == 1


def test_a_failure_without_pictures_says_what_stands_as_evidence() -> None:
    bare = replace(
        facts(),
        outcome=Outcome.FAILED,
        reason="Zona peligrosa",
        photos=(),
        signature=None,
        custody=(),
        receiver=None,
        recipient=None,
    )
    data = page_data(bare)
    assert data["outcome"] == "No entregado"
    assert data["recipient"] == "Datos borrados"
    assert data["no_pictures"] == "Sin fotos: el motivo, la hora y la posición son la evidencia."
    assert proof_pdf(bare).startswith(b"%PDF-")


def test_hours_are_those_of_chile() -> None:
    data = page_data(facts())
    assert data["promised"] == "30-11-2026 11:00 a 13:00"
    assert data["closed_at"] == "30-11-2026 12:00"


def test_the_first_promise_is_shown_when_it_was_another() -> None:
    first = TimeWindow(start=NOON - timedelta(days=1), end=NOON - timedelta(hours=22))
    assert page_data(facts())["first_promised"] is None
    told = page_data(replace(facts(), first_promised=first))["first_promised"]
    assert told == "29-11-2026 12:00 a 14:00"


def test_a_broken_chain_says_so_and_a_long_one_says_what_is_left_out() -> None:
    broken = page_data(replace(facts(), is_custody_intact=False))["custody_sentence"]
    assert "ALTERADA" in str(broken)
    long = replace(facts(), custody=tuple(line(n) for n in range(1, CUSTODY_LINES_MAX + 3)))
    assert "Hay 2 registros anteriores" in str(page_data(long)["custody_sentence"])


def test_a_picture_that_is_no_jpeg_is_no_document() -> None:
    fake = ProofPicture(content=b"not a jpeg", captured_at=NOON)
    with pytest.raises(DocumentError):
        proof_pdf(replace(facts(), photos=(fake,)))
