"""The bodies of orders: what is sent to us and how it becomes a draft or a change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from promesa.api.decoding import Wire
from promesa.domain.fleet import skill_words
from promesa.domain.leg import Carrier, Leg, LegKind
from promesa.domain.order import RouteTerms
from promesa.domain.parcel import Item
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.geo import Position
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.drafts import KEEP, OrderChange, OrderDraft, ParcelDraft, RecipientDraft
from promesa.orders.validation import (
    BOND_RANK_MAX,
    NEVER_VEHICLES_MAX,
    SERVICE_TIME_S_MAX,
    TERM_CHARS_MAX,
)

BATCH_ORDERS_MAX = 500

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Text = Annotated[str, msgspec.Meta(max_length=500)]
Short = Annotated[str, msgspec.Meta(max_length=120)]
Grams = Annotated[int, msgspec.Meta(ge=0, le=100_000_000)]
Clp = Annotated[int, msgspec.Meta(ge=0, le=100_000_000)]
Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Tags = Annotated[dict[Short, Text], msgspec.Meta(max_length=100)]


class WindowError(InvalidError):
    """A window ends before it starts."""

    code: ClassVar[str] = "window_invalid"
    message = "La ventana termina antes de empezar. Revisa las horas."


class WindowBody(Wire):
    """From when to when it may be delivered."""

    start: Instant
    end: Instant

    def value(self) -> TimeWindow:
        """The window.

        Raises:
            WindowError: It ends before it starts.
        """
        if self.end <= self.start:
            raise WindowError(faults=[FieldFault(field="windows", reason=WindowError.message)])
        return TimeWindow(start=self.start, end=self.end)


class RecipientBody(Wire):
    """Who it is for."""

    name: Short | None = None
    rut: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    phone: Annotated[str, msgspec.Meta(max_length=30)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None


class ParcelBody(Wire):
    """One box; an unknown weight is absent, never zero."""

    barcode: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    weight_g: Grams | None = None
    volume_ml: Grams | None = None


class ItemBody(Wire):
    """A line of what was bought."""

    name: Short
    code: Short | None = None
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1


class LegBody(Wire):
    """A part of the way."""

    kind: LegKind
    carrier: Carrier = Carrier.OWN
    origin_depot_id: UUID | None = None
    destination_depot_id: UUID | None = None
    carrier_name: Short | None = None


Rank = Annotated[int, msgspec.Meta(ge=1, le=BOND_RANK_MAX)]
Vehicle = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class TermsBody(Wire):
    """What a route must keep besides window, load and skills; null is no condition.

    Orders of a merchant and a day with the same ``bond`` go in one van on one trip, by
    ``bond_rank`` where all have one, or are all left out.
    """

    bond: Annotated[str, msgspec.Meta(min_length=1, max_length=TERM_CHARS_MAX)] | None = None
    bond_rank: Rank | None = None
    leave_out_price_clp: Clp | None = None
    only_vehicle: Vehicle | None = None
    never_vehicles: Annotated[list[Vehicle], msgspec.Meta(max_length=NEVER_VEHICLES_MAX)] = (
        msgspec.field(default_factory=list)
    )


Windows = Annotated[list[WindowBody], msgspec.Meta(max_length=5)]
Parcels = Annotated[list[ParcelBody], msgspec.Meta(max_length=100)]
Items = Annotated[list[ItemBody], msgspec.Meta(max_length=200)]
Legs = Annotated[list[LegBody], msgspec.Meta(max_length=5)]
Skills = Annotated[list[Short], msgspec.Meta(max_length=20)]


class NewOrder(Wire):
    """An order to take in; an address or a position is needed.

    With a `quote_id` it gets the quoted window as its first promise, in place of `date` and
    `windows`.
    """

    reference: Reference
    merchant_id: UUID | None = None
    date: date | None = None
    recipient: RecipientBody = RecipientBody()
    address: Text | None = None
    unit: Short | None = None
    comuna: Short | None = None
    position: tuple[Lon, Lat] | None = None
    windows: Annotated[list[WindowBody], msgspec.Meta(max_length=5)] = msgspec.field(
        default_factory=list
    )
    parcels: Annotated[list[ParcelBody], msgspec.Meta(max_length=100)] = msgspec.field(
        default_factory=list
    )
    items: Annotated[list[ItemBody], msgspec.Meta(max_length=200)] = msgspec.field(
        default_factory=list
    )
    service_time_s: Annotated[int, msgspec.Meta(ge=0, le=SERVICE_TIME_S_MAX)] | None = None
    skills: Annotated[list[Short], msgspec.Meta(max_length=20)] = msgspec.field(
        default_factory=list
    )
    terms: TermsBody = msgspec.field(default_factory=TermsBody)
    cod_clp: Clp | None = None
    instructions: Text | None = None
    requires_pin: bool = False
    legs: Legs = msgspec.field(default_factory=list)
    product_class: Short | None = None
    tags: Tags = msgspec.field(default_factory=dict)
    quote_id: Annotated[str, msgspec.Meta(min_length=1, max_length=600)] | None = None

    def draft(self, row: int | None = None) -> OrderDraft:
        """The order as orders takes it in."""
        return OrderDraft(
            reference=self.reference,
            merchant_id=self.merchant_id,
            date=self.date,
            recipient=RecipientDraft(
                name=self.recipient.name,
                rut=self.recipient.rut,
                phone=self.recipient.phone,
                email=self.recipient.email,
            ),
            address=self.address,
            unit=self.unit,
            comuna=self.comuna,
            position=position_of(self.position),
            windows=tuple(window.value() for window in self.windows),
            parcels=parcels_of(self.parcels),
            items=items_of(self.items),
            service_time_s=self.service_time_s,
            skills=skill_words(self.skills),
            terms=terms_of(self.terms),
            cod_clp=self.cod_clp,
            instructions=self.instructions,
            requires_pin=self.requires_pin,
            legs=tuple(
                Leg(
                    kind=leg.kind,
                    carrier=leg.carrier,
                    origin_depot_id=leg.origin_depot_id,
                    destination_depot_id=leg.destination_depot_id,
                    carrier_name=leg.carrier_name,
                )
                for leg in self.legs
            ),
            product_class=self.product_class,
            tags=self.tags,
            row=row,
        )


class OrderBatch(Wire):
    """Orders to add or change by merchant and reference; each is judged on its own."""

    orders: Annotated[list[msgspec.Raw], msgspec.Meta(min_length=1, max_length=BATCH_ORDERS_MAX)]


class OrderPatch(Wire):
    """What to change; ``version`` is the one that was looked at. Absent stays, null empties."""

    version: int
    date: date | UnsetType = UNSET
    name: Short | UnsetType | None = UNSET
    rut: Short | UnsetType | None = UNSET
    phone: Short | UnsetType | None = UNSET
    email: Annotated[str, msgspec.Meta(max_length=254)] | UnsetType | None = UNSET
    address: Text | UnsetType | None = UNSET
    unit: Short | UnsetType | None = UNSET
    comuna: Short | UnsetType | None = UNSET
    position: tuple[Lon, Lat] | UnsetType | None = UNSET
    windows: Windows | UnsetType = UNSET
    parcels: Parcels | UnsetType = UNSET
    items: Items | UnsetType = UNSET
    service_time_s: Annotated[int, msgspec.Meta(ge=0, le=SERVICE_TIME_S_MAX)] | UnsetType = UNSET
    skills: Skills | UnsetType = UNSET
    terms: TermsBody | UnsetType = UNSET
    cod_clp: Clp | UnsetType | None = UNSET
    instructions: Text | UnsetType | None = UNSET
    requires_pin: bool | UnsetType = UNSET
    product_class: Short | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET

    def change(self) -> OrderChange:
        """The change as orders makes it."""
        said: dict[str, Any] = {
            name: KEEP if value is UNSET else _CONVERT.get(name, _as_it_is)(value)
            for name in self.__struct_fields__
            if name != "version"
            for value in [getattr(self, name)]
        }
        return OrderChange(**said)


def position_of(pair: tuple[float, float] | None) -> Position | None:
    """[lon, lat] as a position."""
    return None if pair is None else Position(lon=pair[0], lat=pair[1])


def parcels_of(bodies: list[ParcelBody]) -> tuple[ParcelDraft, ...]:
    """Boxes as drafts."""
    return tuple(
        ParcelDraft(barcode=body.barcode, weight_g=body.weight_g, volume_ml=body.volume_ml)
        for body in bodies
    )


def items_of(bodies: list[ItemBody]) -> tuple[Item, ...]:
    """Lines as values."""
    return tuple(Item(name=body.name, code=body.code, quantity=body.quantity) for body in bodies)


def terms_of(body: TermsBody) -> RouteTerms:
    """The conditions as a value."""
    return RouteTerms(
        bond=body.bond,
        bond_rank=body.bond_rank,
        leave_out_price_clp=body.leave_out_price_clp,
        only_vehicle=body.only_vehicle,
        never_vehicles=frozenset(body.never_vehicles),
    )


def _as_it_is(value: Any) -> Any:
    return value


_CONVERT: dict[str, Any] = {
    "position": position_of,
    "windows": lambda bodies: tuple(body.value() for body in bodies),
    "parcels": parcels_of,
    "items": items_of,
    "skills": skill_words,
    "terms": terms_of,
}
