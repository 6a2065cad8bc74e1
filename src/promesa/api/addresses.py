"""Addresses found as they are typed, and the queue of those a person must look at."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import Parameter

from promesa.api.amending import apply_change
from promesa.api.decoding import View, Wire
from promesa.api.order_views import OrderView, PlacementView, placement_view, view_records
from promesa.api.order_wire import Lat, Lon
from promesa.api.pages import PAGE_ITEMS_DEFAULT, Limit
from promesa.dispatch import corrections
from promesa.domain.actor import Permission
from promesa.domain.order import Order
from promesa.domain.place import PlaceLevel
from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position
from promesa.orders import reading, reviews
from promesa.orders.addressing import DoorQuery, find_placement
from promesa.orders.changing import OFF_ROUTE
from promesa.orders.reading import OrderRecord
from promesa.orders.reviews import ReviewScope
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

SUGGESTIONS_MAX = 8
BATCH_ORDERS_MAX = 1000


class ReviewChoiceError(InvalidError):
    """Neither a pin nor a yes nor an answer to the recipient, or more than one of them."""

    code: ClassVar[str] = "review_choice_invalid"
    message = "Pon el pin, acepta la posición o responde la corrección: una sola cosa."


class SuggestionView(View):
    """A street that the text may become; without house numbers on the map it is a street."""

    label: str
    street: str
    comuna: str
    position: tuple[float, float]
    level: str
    uncertainty_m: float


class SuggestionList(View):
    """The best first."""

    items: list[SuggestionView]


class LocatedView(View):
    """Where an address would be; nothing when we find nothing."""

    placement: PlacementView | None


class CorrectionView(View):
    """How the recipient says that the address should be, and where that would be.

    ``fields`` names what is different; ``is_on_route`` tells that a route visits the old door.
    """

    asked_at: datetime
    fields: list[str]
    address: str
    unit: str | None
    instructions: str | None
    placement: PlacementView | None
    is_on_route: bool


class ReviewView(View):
    """An order whose position waits for a look, or whose recipient asks to correct it.

    ``street`` is how the map writes the street, where that is not what was written.
    """

    order_id: UUID
    reference: str
    date: date
    state: str
    address: str | None
    unit: str | None
    comuna: str | None
    instructions: str | None
    placement: PlacementView | None
    street: str | None
    correction: CorrectionView | None


class ReviewList(View):
    """What waits; ``offer`` is the one yes that covers all at street level.

    It leaves ``renamed`` out, ``renamed_total`` in all: the map writes their street otherwise, so
    a person compares the two and says which of them are meant.
    ``by_kind`` counts all of it by what is the matter: ``correction``, ``outside``, or the level.
    """

    items: list[ReviewView]
    total: int
    street_level: int
    renamed: list[ReviewView]
    renamed_total: int
    median_uncertainty_m: int | None
    offer: str | None
    by_kind: dict[str, int]


class ReviewAnswer(Wire):
    """A pin, or a yes to where it is; or the answer to a correction, taken perhaps with a pin."""

    position: tuple[Lon, Lat] | None = None
    accept: bool = False
    correction: Literal["take", "decline"] | None = None

    @property
    def is_one(self) -> bool:
        """Whether it says one thing; a pin goes with a correction that is taken."""
        has_pin = self.position is not None
        if self.correction is None:
            return has_pin is not self.accept
        return not self.accept and not (has_pin and self.correction == "decline")


class BatchYes(Wire):
    """Which waiting orders one yes covers.

    Those whose street the map writes otherwise only where ``order_ids`` or ``seen_ids`` names them.
    """

    import_id: UUID | None = None
    date: date | None = None
    order_ids: Annotated[list[UUID], msgspec.Meta(max_length=BATCH_ORDERS_MAX)] | None = None
    seen_ids: Annotated[list[UUID], msgspec.Meta(max_length=BATCH_ORDERS_MAX)] = msgspec.field(
        default_factory=list[UUID]
    )
    level: PlaceLevel = PlaceLevel.STREET


class BatchYesView(View):
    """What the yes covered."""

    accepted: int
    median_uncertainty_m: int | None
    sentence: str | None
    order_ids: list[UUID]


class YesBack(Wire):
    """The orders whose yes is taken back: those of one answer, at most."""

    order_ids: Annotated[
        list[UUID], msgspec.Meta(min_length=1, max_length=reviews.BATCH_ORDERS_MAX)
    ]


class YesBackView(View):
    """How many wait again, and how many keep the yes since they went on meanwhile."""

    reopened: int
    kept: int


@get("/v1/addresses/suggest", access=Permission.READ_OWN_ORDERS, summary="Find as you type")
async def suggest(
    platform: Platform,
    q: Annotated[str, Parameter(max_length=200)],
    comuna: Annotated[str | None, Parameter(max_length=60)] = None,
) -> SuggestionList:
    """Streets of the city that the text may become."""
    text = f"{q}, {comuna}" if comuna else q
    found = platform.city.addresses.suggest(text, SUGGESTIONS_MAX)
    return SuggestionList(
        items=[
            SuggestionView(
                label=item.text,
                street=item.street,
                comuna=item.comuna,
                position=(item.position.lon, item.position.lat),
                level=PlaceLevel.STREET.value,
                uncertainty_m=item.uncertainty_m,
            )
            for item in found
        ]
    )


@get("/v1/addresses/locate", access=Permission.WRITE_ORDERS, summary="Where it would be")
async def locate(
    platform: Platform,
    caller: Caller,
    address: Annotated[str | None, Parameter(max_length=200)] = None,
    comuna: Annotated[str | None, Parameter(max_length=60)] = None,
    lon: Annotated[float | None, Parameter(ge=-180, le=180)] = None,
    lat: Annotated[float | None, Parameter(ge=-90, le=90)] = None,
) -> LocatedView:
    """Where an order with this address or pin would be, by the rules of intake; keeps nothing."""
    pin = None if lon is None or lat is None else Position(lon=lon, lat=lat)
    query = DoorQuery(address=address, comuna=comuna, given=pin)
    async with platform.transaction(caller.tenant_id) as tx:
        found = await find_placement(tx, query, desk=platform.desk())
    return LocatedView(placement=placement_view(found))


@get("/v1/address-reviews", access=Permission.REVIEW_ADDRESSES, summary="Positions to look at")
async def list_reviews(
    platform: Platform,
    caller: Caller,
    import_id: UUID | None = None,
    day: Annotated[date | None, Parameter(query="date")] = None,
    limit: Limit = PAGE_ITEMS_DEFAULT,
) -> ReviewList:
    """Orders that go onto no route before a person says yes."""
    async with platform.transaction(caller.tenant_id) as tx:
        queue = await reviews.list_reviews(
            tx, ReviewScope(day=day, import_id=import_id), actor=caller.actor, limit=limit
        )
        records = {record.order.id: record for record in (*queue.records, *queue.renamed)}
        views = {
            order_id: await _view_review(platform, tx, record)
            for order_id, record in records.items()
        }
    return ReviewList(
        items=[views[record.order.id] for record in queue.records],
        total=queue.total,
        street_level=queue.street_level,
        renamed=[views[record.order.id] for record in queue.renamed],
        renamed_total=queue.renamed_total,
        median_uncertainty_m=queue.median_uncertainty_m,
        offer=queue.offer,
        by_kind=queue.by_kind,
    )


async def _view_review(platform: Platform, tx: PlatformStore, record: OrderRecord) -> ReviewView:
    order, person = record.order, record.person
    return ReviewView(
        order_id=order.id,
        reference=order.reference,
        date=order.date,
        state=order.state.value,
        address=person.address_line,
        unit=person.unit,
        comuna=order.comuna,
        instructions=person.instructions,
        placement=placement_view(order.placement),
        street=await _street_of(platform, record),
        correction=await _view_correction(platform, tx, record),
    )


async def _street_of(platform: Platform, record: OrderRecord) -> str | None:
    """How the map writes a street that was written otherwise; found again, as it is kept nowhere.

    It is part of an address, and the order names none.
    """
    order, line = record.order, record.person.address_line
    if order.placement is None or not order.placement.is_renamed or not line:
        return None
    found = await asyncio.to_thread(platform.city.addresses.geocode, line, order.comuna)
    return found.street or None


async def _view_correction(
    platform: Platform, tx: PlatformStore, record: OrderRecord
) -> CorrectionView | None:
    asked, order = record.person.correction, record.order
    if asked is None or order.correction_asked_at is None:
        return None
    query = DoorQuery(address=asked.address_line, comuna=order.comuna, given=asked.position)
    return CorrectionView(
        asked_at=order.correction_asked_at,
        fields=corrections.corrected_fields(record.person, asked),
        address=asked.address_line,
        unit=asked.unit,
        instructions=asked.reference,
        placement=placement_view(await find_placement(tx, query, desk=platform.desk())),
        is_on_route=order.state not in OFF_ROUTE,
    )


@post("/v1/address-reviews/{order_id:uuid}", access=Permission.REVIEW_ADDRESSES, status_code=200)
async def answer_review(
    order_id: UUID, data: ReviewAnswer, platform: Platform, caller: Caller
) -> OrderView:
    """Puts the pin right, or says yes to where it is, or answers what the recipient asks for."""
    if not data.is_one:
        raise ReviewChoiceError
    desk, author = platform.desk(), platform.author(caller)
    spot = None if data.position is None else Position(lon=data.position[0], lat=data.position[1])
    if data.correction is not None:
        await _answer_correction(platform, caller, order_id, data.correction, spot)
    async with platform.transaction(caller.tenant_id) as tx:
        if data.correction is None:
            if spot is None:
                await reviews.accept_position(tx, order_id, desk=desk, author=author)
            else:
                await reviews.set_pin(tx, order_id, spot, desk=desk, author=author)
        record = await reading.get_order_record(tx, order_id, caller.actor)
        return (await view_records(platform, tx, caller, [record]))[0]


async def _answer_correction(
    platform: Platform, caller: Caller, order_id: UUID, answer: str, spot: Position | None
) -> None:
    """Takes what the recipient asks for, on its route as well, or leaves all as it is."""
    desk, author = platform.desk(), platform.author(caller)

    async def settle(tx: PlatformStore, order: Order, decision: str) -> None:
        await corrections.settle_correction(tx, order, decision, desk=desk, author=author)

    async with platform.transaction(caller.tenant_id) as tx:
        order = await reading.get_own_order(tx, order_id, caller.actor)
        if answer == "decline":
            await settle(tx, order, corrections.DECLINED)
            return
        asked = await corrections.get_correction(tx, order)
    await apply_change(
        platform,
        caller,
        order_id,
        corrections.change_of_correction(asked, spot),
        version=order.version,
        then=lambda tx, kept: settle(tx, kept, corrections.TAKEN),
    )


@post("/v1/address-reviews/accept", access=Permission.REVIEW_ADDRESSES, status_code=200)
async def accept_batch(data: BatchYes, platform: Platform, caller: Caller) -> BatchYesView:
    """One yes for a file, a day or a selection; kept with its author on every stop."""
    scope = ReviewScope(
        day=data.date,
        import_id=data.import_id,
        order_ids=None if data.order_ids is None else tuple(data.order_ids),
        seen_ids=tuple(data.seen_ids),
    )
    async with platform.transaction(caller.tenant_id) as tx:
        done = await reviews.accept_batch(
            tx, scope, level=data.level, desk=platform.desk(), author=platform.author(caller)
        )
    return BatchYesView(
        accepted=done.accepted,
        median_uncertainty_m=done.median_uncertainty_m,
        sentence=done.sentence,
        order_ids=list(done.order_ids),
    )


@post("/v1/address-reviews/reopen", access=Permission.REVIEW_ADDRESSES, status_code=200)
async def reopen(data: YesBack, platform: Platform, caller: Caller) -> YesBackView:
    """Takes a yes back, of one order or of many: they wait for a look again."""
    async with platform.transaction(caller.tenant_id) as tx:
        done = await reviews.take_back_yes(
            tx, data.order_ids, desk=platform.desk(), author=platform.author(caller)
        )
    return YesBackView(reopened=done.reopened, kept=done.kept)


router = Router(
    path="",
    route_handlers=[suggest, locate, list_reviews, answer_review, accept_batch, reopen],
    tags=["addresses"],
)
