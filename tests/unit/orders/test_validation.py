"""What must hold for a draft: every fault at once, each saying what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from promesa.domain.parcel import Item
from promesa.kernel.geo import Position
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.drafts import OrderDraft, ParcelDraft, RecipientDraft
from promesa.orders.validation import checked, known_position, position_fault

GOOD = {"reference": "G-1", "address": "Los Leones 220", "date": date(2026, 11, 23)}


def _fields(**changes: object) -> list[str]:
    _, faults = checked(OrderDraft(**{**GOOD, **changes}))  # type: ignore[arg-type]
    return sorted(fault.field for fault in faults)


def test_a_document_and_an_address_are_enough() -> None:
    assert _fields() == []


def test_a_position_stands_in_for_the_address() -> None:
    assert _fields(address=None, position=Position(lon=-70.6, lat=-33.4)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": "  "}, "reference"),
        ({"reference": "x" * 65}, "reference"),
        ({"address": "x" * 201}, "address"),
        ({"date": date(1899, 12, 30)}, "date"),
        ({"cod_clp": -1}, "cod_clp"),
        ({"service_time_s": 5 * 3600}, "service_time_s"),
        ({"parcels": (ParcelDraft(),) * 201}, "parcels"),
        ({"parcels": (ParcelDraft(), ParcelDraft(weight_g=-1))}, "parcels[1].weight_g"),
        ({"parcels": (ParcelDraft(volume_ml=50_000_001),)}, "parcels[0].volume_ml"),
        ({"parcels": (ParcelDraft(barcode="a"), ParcelDraft(barcode="a"))}, "parcels[1].barcode"),
        ({"items": (Item(name="Silla", quantity=0),)}, "items[0].quantity"),
        ({"tags": {str(number): "x" for number in range(31)}}, "tags"),
        ({"parcels": (ParcelDraft(barcode="a\0"),)}, "parcels[0].barcode"),
        ({"tags": {"color": "ro\0jo"}}, "tags.color"),
        ({"position": Position(lon=-33.4, lat=-70.6)}, "position"),
    ],
)
def test_each_limit_names_its_field(changes: dict[str, object], field: str) -> None:
    assert _fields(**changes) == [field]


def test_a_window_must_fall_on_the_date() -> None:
    next_day = TimeWindow(
        start=datetime(2026, 11, 24, 13, tzinfo=UTC), end=datetime(2026, 11, 24, 15, tzinfo=UTC)
    )
    assert _fields(windows=(next_day,)) == ["windows"]


def test_a_contact_that_says_nothing_becomes_none() -> None:
    draft = OrderDraft(
        reference="G-1", address="Los Leones 220", recipient=RecipientDraft(phone="-", email="s/n")
    )
    clean, faults = checked(draft)
    assert (clean.recipient.phone, clean.recipient.email, faults) == (None, None, ())


def test_texts_come_out_in_one_line() -> None:
    clean, _ = checked(OrderDraft(reference=" G-1\t", address="Los  Leones\n220", unit=" "))
    assert (clean.reference, clean.address, clean.unit) == ("G-1", "Los Leones 220", None)


def test_swapped_coordinates_are_told_as_swapped() -> None:
    assert "cambiadas" in (position_fault(-33.4, -70.6) or "")
    assert "fuera de Chile" in (position_fault(2.35, 48.85) or "")
    assert position_fault(-109.35, -27.15) is None, "Rapa Nui is Chile"


def test_zero_zero_is_no_position() -> None:
    assert known_position(0, 0) is None
