"""An order and its recipient made of a checked draft, and what changes when one is changed.

Pure: ids and the day are given, nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from promesa.domain.leg import Leg, LegKind
from promesa.domain.order import SERVICE_TIME_S_DEFAULT, Order, OrderState
from promesa.domain.parcel import Parcel
from promesa.domain.person import Person
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.drafts import Keep, OrderChange, OrderDraft, ParcelDraft

LANGUAGES = frozenset({"es", "en"})
# What a route is made for: these wait until the order is off its route.
PLANNED_FIELDS = frozenset(
    {"date", "address", "comuna", "position", "windows", "parcels", "skills", "service_time_s"}
    | {"terms"}
)
WHERE_FIELDS = frozenset({"address", "comuna", "position"})
WHEN_FIELDS = frozenset({"date", "windows"})
_PERSON_FIELDS = {
    "name": "name",
    "rut": "rut",
    "phone": "phone",
    "email": "email",
    "address": "address_line",
    "unit": "unit",
    "instructions": "instructions",
}
_ORDER_FIELDS = (
    "date",
    "comuna",
    "windows",
    "items",
    "service_time_s",
    "skills",
    "terms",
    "cod_clp",
    "requires_pin",
    "product_class",
    "tags",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a draft becomes before it has a placement."""

    order: Order
    person: Person


def make_order(
    draft: OrderDraft, *, order_id: UUID, person_id: UUID, merchant_id: UUID, day: date
) -> Recipe:
    """The order and its recipient; in draft state until it is placed on the map."""
    recipient = draft.recipient
    person = Person(
        id=person_id,
        name=recipient.name,
        rut=recipient.rut,
        phone=recipient.phone,
        email=recipient.email,
        address_line=draft.address,
        unit=draft.unit,
        instructions=draft.instructions,
        language=recipient.language if recipient.language in LANGUAGES else "es",
    )
    service_time_s = draft.service_time_s
    order = Order(
        id=order_id,
        merchant_id=merchant_id,
        reference=draft.reference,
        state=OrderState.DRAFT,
        date=day,
        recipient_id=person_id,
        comuna=draft.comuna,
        windows=in_order(draft.windows),
        service_time_s=SERVICE_TIME_S_DEFAULT if service_time_s is None else service_time_s,
        skills=draft.skills,
        terms=draft.terms,
        cod_clp=draft.cod_clp,
        requires_pin=draft.requires_pin,
        parcels=make_parcels(draft.parcels, order_id=order_id, reference=draft.reference),
        items=draft.items,
        product_class=draft.product_class,
        tags=dict(draft.tags),
        legs=draft.legs or (Leg(kind=LegKind.DELIVERY),),
    )
    return Recipe(order=order, person=person)


def make_parcels(
    drafts: tuple[ParcelDraft, ...], *, order_id: UUID, reference: str
) -> tuple[Parcel, ...]:
    """One parcel a draft, one when there is none; a missing barcode is the reference, numbered."""
    wanted = drafts or (ParcelDraft(),)
    barcodes = make_barcodes(wanted, reference)
    return tuple(
        Parcel(
            id=derived_id(order_id, "parcel", barcode),
            order_id=order_id,
            barcode=barcode,
            weight_g=parcel.weight_g,
            volume_ml=parcel.volume_ml,
        )
        for barcode, parcel in zip(barcodes, wanted, strict=True)
    )


def make_barcodes(drafts: tuple[ParcelDraft, ...], reference: str) -> list[str]:
    """The barcode of each parcel of an order, as given or made of its reference."""
    wanted = drafts or (ParcelDraft(),)
    return [
        parcel.barcode or (reference if len(wanted) == 1 else f"{reference}-{number}")
        for number, parcel in enumerate(wanted, start=1)
    ]


def in_order(windows: tuple[TimeWindow, ...]) -> tuple[TimeWindow, ...]:
    """The windows by start."""
    return tuple(sorted(windows, key=lambda window: (window.start, window.end)))


def promised_window(order: Order, workday: TimeWindow) -> TimeWindow:
    """What the recipient is told first: from the first to the last window, else the workday."""
    if not order.windows:
        return workday
    return TimeWindow(
        start=min(window.start for window in order.windows),
        end=max(window.end for window in order.windows),
    )


def changed(
    order: Order, person: Person, change: OrderChange
) -> tuple[Order, Person, frozenset[str]]:
    """Order and person after ``change``, and the names of the fields that are different."""
    new_person = replace(
        person,
        **{
            field: getattr(change, name)
            for name, field in _PERSON_FIELDS.items()
            if not isinstance(getattr(change, name), Keep)
        },
    )
    new_order = replace(
        order,
        **{
            name: getattr(change, name)
            for name in _ORDER_FIELDS
            if not isinstance(getattr(change, name), Keep)
        },
    )
    new_order = replace(new_order, windows=in_order(new_order.windows))
    if not isinstance(change.parcels, Keep):
        new_order = replace(new_order, parcels=_kept_parcels(order, change.parcels))
    return new_order, new_person, _different(order, new_order, person, new_person, change)


def _kept_parcels(order: Order, drafts: tuple[ParcelDraft, ...]) -> tuple[Parcel, ...]:
    """The new parcels; one whose barcode stays keeps its id and state."""
    before = {parcel.barcode: parcel for parcel in order.parcels}
    wanted = make_parcels(drafts, order_id=order.id, reference=order.reference)
    return tuple(
        replace(before[parcel.barcode], weight_g=parcel.weight_g, volume_ml=parcel.volume_ml)
        if parcel.barcode in before
        else parcel
        for parcel in wanted
    )


def _different(
    order: Order, new_order: Order, person: Person, new_person: Person, change: OrderChange
) -> frozenset[str]:
    names = {
        name
        for name in (*_ORDER_FIELDS, "parcels")
        if getattr(order, name) != getattr(new_order, name)
    }
    names |= {
        name
        for name, field in _PERSON_FIELDS.items()
        if getattr(person, field) != getattr(new_person, field)
    }
    given = change.position
    placed = order.placement.position if order.placement else None
    if not isinstance(given, Keep) and given is not None and given != placed:
        names.add("position")
    return frozenset(names)
