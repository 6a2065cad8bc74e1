"""An order as it comes in, before anything was checked; the wire and the sheets both make these.

A draft says what was written. ``validation`` says what is wrong with it, ``intake`` makes an
order of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from uuid import UUID

from promesa.domain.leg import Leg
from promesa.domain.order import NO_TERMS, RouteTerms
from promesa.domain.parcel import Item
from promesa.kernel.geo import Position
from promesa.kernel.timewindow import TimeWindow


class OrderSource(StrEnum):
    """By which way an order came in."""

    API = "api"
    FORM = "form"
    IMPORT = "import"
    SIMULATION = "simulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientDraft:
    """Who the parcels are for, as written."""

    name: str | None = None
    rut: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelDraft:
    """One box; a barcode that is None is made from the order's reference."""

    barcode: str | None = None
    weight_g: int | None = None
    volume_ml: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """What a merchant asks for, as written; what is None or empty was not said.

    Attributes:
        merchant_id: None when who asks is the merchant.
        date: Service date; None means the service day on which it comes in, or the first with
            deliveries where a merchant's own system sent it.
        position: Where the door is, when the sender knows; beats the address.
        legs: Empty means one delivery leg by our own fleet.
        row: Line of the file or place in the list, for faults.
        promise_cause: Why its first promise is made; None for what any order's is.
    """

    reference: str
    merchant_id: UUID | None = None
    date: date | None = None
    recipient: RecipientDraft = RecipientDraft()
    address: str | None = None
    unit: str | None = None
    comuna: str | None = None
    position: Position | None = None
    windows: tuple[TimeWindow, ...] = ()
    parcels: tuple[ParcelDraft, ...] = ()
    items: tuple[Item, ...] = ()
    service_time_s: int | None = None
    skills: frozenset[str] = frozenset()
    terms: RouteTerms = NO_TERMS
    cod_clp: int | None = None
    instructions: str | None = None
    requires_pin: bool = False
    legs: tuple[Leg, ...] = ()
    product_class: str | None = None
    tags: dict[str, str] = field(default_factory=dict)
    row: int | None = None
    promise_cause: str | None = None


class Keep(Enum):
    """Says that a field of a change stays as it is; None would empty it."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """What to change of an order; a field left out stays.

    Attributes:
        parcels: The whole new list; parcels with a barcode that stays keep their state.
    """

    date: date | Keep = KEEP
    name: str | Keep | None = KEEP
    rut: str | Keep | None = KEEP
    phone: str | Keep | None = KEEP
    email: str | Keep | None = KEEP
    address: str | Keep | None = KEEP
    unit: str | Keep | None = KEEP
    comuna: str | Keep | None = KEEP
    position: Position | Keep | None = KEEP
    windows: tuple[TimeWindow, ...] | Keep = KEEP
    parcels: tuple[ParcelDraft, ...] | Keep = KEEP
    items: tuple[Item, ...] | Keep = KEEP
    service_time_s: int | Keep = KEEP
    skills: frozenset[str] | Keep = KEEP
    terms: RouteTerms | Keep = KEEP
    cod_clp: int | Keep | None = KEEP
    instructions: str | Keep | None = KEEP
    requires_pin: bool | Keep = KEEP
    product_class: str | Keep | None = KEEP
    tags: dict[str, str] | Keep = KEEP


def change_of(draft: OrderDraft) -> OrderChange:
    """What a draft says anew about an order that exists: only what it names is changed."""
    recipient = draft.recipient
    return OrderChange(
        date=draft.date or KEEP,
        name=recipient.name or KEEP,
        rut=recipient.rut or KEEP,
        phone=recipient.phone or KEEP,
        email=recipient.email or KEEP,
        address=draft.address or KEEP,
        unit=draft.unit or KEEP,
        comuna=draft.comuna or KEEP,
        position=draft.position or KEEP,
        windows=draft.windows or KEEP,
        parcels=draft.parcels or KEEP,
        items=draft.items or KEEP,
        service_time_s=KEEP if draft.service_time_s is None else draft.service_time_s,
        skills=draft.skills or KEEP,
        terms=KEEP if draft.terms == NO_TERMS else draft.terms,
        cod_clp=KEEP if draft.cod_clp is None else draft.cod_clp,
        instructions=draft.instructions or KEEP,
        requires_pin=draft.requires_pin or KEEP,
        product_class=draft.product_class or KEEP,
        tags=draft.tags or KEEP,
    )
