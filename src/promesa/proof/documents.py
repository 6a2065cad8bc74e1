"""The proof of delivery as a PDF: one page in Chilean Spanish, set by typst.

The page is made when asked for and kept nowhere: it holds personal data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from zoneinfo import ZoneInfo

from promesa.domain.custody import HolderKind
from promesa.domain.promise import PromiseFate
from promesa.domain.stop import Outcome
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import SANTIAGO
from promesa.kernel.timewindow import TimeWindow
from promesa.proof.pages import typeset

PHOTOS_MAX = 3  # More do not fit on the page; the torre shows them all.
CUSTODY_LINES_MAX = 24  # Likewise; the newest are printed and the sentence says how many there are.
TEXT_LENGTH_MAX = 400

OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.SUCCEEDED: "Entregado",
    Outcome.PARTIAL: "Entrega parcial",
    Outcome.FAILED: "No entregado",
    Outcome.SKIPPED: "Omitido",
    Outcome.CANCELLED: "Anulado",
}
HOLDER_LABELS: dict[HolderKind, str] = {
    HolderKind.MERCHANT: "Comercio",
    HolderKind.DEPOT: "Centro de distribución",
    HolderKind.ROUTE: "Furgón en ruta",
    HolderKind.RECIPIENT: "Destinatario",
    HolderKind.THIRD_PARTY: "Tercero",
    HolderKind.SAFE_PLACE: "Lugar seguro",
    HolderKind.UNKNOWN: "Sin confirmar",
}
FATE_LABELS: dict[PromiseFate, str] = {
    PromiseFate.OPEN: "Promesa abierta",
    PromiseFate.KEPT: "Dentro de lo prometido",
    PromiseFate.EARLY: "Antes de lo prometido",
    PromiseFate.LATE: "Después de lo prometido",
    PromiseFate.BROKEN: "Promesa no cumplida",
    PromiseFate.RELEASED: "Se acordó otra cosa",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPicture:
    """A JPEG to print, and when it was taken."""

    content: bytes
    captured_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyLine:
    """A link of a parcel's chain as printed."""

    barcode: str
    sequence: int
    holder: HolderKind
    occurred_at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFacts:
    """Everything the page says; None is left out.

    Attributes:
        operator: The tenant's name.
        reason: Its Spanish label, from domain.reasons.
        is_pin_checked: Whether the receiver said the right code.
        is_custody_intact: What ledger.verify found over all chains.
        zone: In which instants are written.
    """

    operator: str
    reference: str
    merchant: str
    recipient: str | None
    address: str | None
    comuna: str | None
    parcels_delivered: int
    parcels_total: int
    attempt: int
    outcome: Outcome
    made_at: datetime
    closed_at: datetime | None = None
    arrived_at: datetime | None = None
    promised: TimeWindow | None = None
    first_promised: TimeWindow | None = None
    fate: PromiseFate | None = None
    position: Position | None = None
    reason: str | None = None
    note: str | None = None
    receiver: str | None = None
    receiver_rut: str | None = None
    receiver_relation: str | None = None
    is_pin_checked: bool = False
    photos: tuple[ProofPicture, ...] = ()
    signature: ProofPicture | None = None
    custody: tuple[CustodyLine, ...] = ()
    is_custody_intact: bool = True
    is_simulated: bool = False
    zone: str = SANTIAGO


def proof_pdf(facts: ProofFacts) -> bytes:
    """The page as PDF.

    Raises:
        DocumentError: It could not be set, by a picture that is no JPEG, say.
    """
    source = resources.files("promesa.proof").joinpath("proof.typ").read_bytes()
    return typeset(source, page_data(facts), made_at=facts.made_at)


def page_data(facts: ProofFacts) -> dict[str, object]:
    """What the page shows, in its own words and hours, as JSON for the template."""
    zone = ZoneInfo(facts.zone)
    return {
        "operator": _clip(facts.operator),
        "reference": _clip(facts.reference),
        "merchant": _clip(facts.merchant),
        "recipient": _clip(facts.recipient) or "Datos borrados",
        "address": _clip(facts.address),
        "comuna": _clip(facts.comuna),
        "parcels": f"{facts.parcels_delivered} de {facts.parcels_total} entregados",
        "attempt": str(facts.attempt),
        "outcome": OUTCOME_LABELS[facts.outcome],
        "made_at": _instant(facts.made_at, zone),
        "promised": _window(facts.promised, zone) or "Sin ventana prometida",
        "first_promised": _first_promised(facts, zone),
        "arrived_at": _instant(facts.arrived_at, zone),
        "closed_at": _instant(facts.closed_at, zone),
        "fate": FATE_LABELS[facts.fate] if facts.fate is not None else None,
        "position": _position(facts.position),
        "reason": _clip(facts.reason),
        "note": _clip(facts.note),
        "receiver": _clip(facts.receiver),
        "receiver_rut": _clip(facts.receiver_rut),
        "receiver_relation": _clip(facts.receiver_relation),
        "pin": "Verificado" if facts.is_pin_checked else None,
        "is_simulated": facts.is_simulated,
        "no_pictures": "Sin fotos: el motivo, la hora y la posición son la evidencia.",
        **_pictures(facts, zone),
        **_custody(facts, zone),
    }


def _pictures(facts: ProofFacts, zone: ZoneInfo) -> dict[str, object]:
    """Pictures travel as lists of bytes: typst reads JSON in memory, so no file is written."""
    signature = facts.signature
    return {
        "photos": [
            {"bytes": list(photo.content), "caption": f"Foto, {_instant(photo.captured_at, zone)}"}
            for photo in facts.photos[:PHOTOS_MAX]
        ],
        "signature": signature
        and {
            "bytes": list(signature.content),
            "caption": f"Firma, {_instant(signature.captured_at, zone)}",
        },
    }


def _custody(facts: ProofFacts, zone: ZoneInfo) -> dict[str, object]:
    shown = facts.custody[-CUSTODY_LINES_MAX:]
    state = "íntegra" if facts.is_custody_intact else "ALTERADA: no la uses como prueba"
    rest = len(facts.custody) - len(shown)
    more = f" Hay {rest} registros anteriores en el sistema." if rest else ""
    return {
        "custody_sentence": f"Cadena de {len(facts.custody)} registros, {state}.{more}",
        "custody": [
            {
                "barcode": _clip(line.barcode),
                "sequence": str(line.sequence),
                "at": _instant(line.occurred_at, zone),
                "holder": HOLDER_LABELS[line.holder],
                "hash": line.hash.hex(),
            }
            for line in shown
        ],
    }


def _first_promised(facts: ProofFacts, zone: ZoneInfo) -> str | None:
    return None if facts.first_promised == facts.promised else _window(facts.first_promised, zone)


def _window(window: TimeWindow | None, zone: ZoneInfo) -> str | None:
    if window is None:
        return None
    end = window.end.astimezone(zone)
    return f"{_instant(window.start, zone)} a {end:%H:%M}"


def _instant(instant: datetime | None, zone: ZoneInfo) -> str | None:
    return None if instant is None else f"{instant.astimezone(zone):%d-%m-%Y %H:%M}"


def _position(position: Position | None) -> str | None:
    if position is None:
        return None
    return f"{position.lat:.5f} {position.lon:.5f}"


def _clip(text: str | None) -> str | None:
    if text is None:
        return None
    return text if len(text) <= TEXT_LENGTH_MAX else text[: TEXT_LENGTH_MAX - 1] + "…"
