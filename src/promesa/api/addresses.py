"""Addresses found as they are typed, and the queue of those a person must look at."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import Parameter

from promesa.api.decoding import View, Wire
from promesa.api.order_views import OrderView, PlacementView, placement_view, view_records
from promesa.api.order_wire import Lat, Lon
from promesa.api.pages import PAGE_ITEMS_DEFAULT, Limit
from promesa.domain.actor import Permission
from promesa.domain.place import PlaceLevel
from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position
from promesa.orders import reading, reviews
from promesa.orders.reviews import ReviewScope
from promesa.runtime.platform import Caller, Platform

SUGGESTIONS_MAX = 8
BATCH_ORDERS_MAX = 1000


class ReviewChoiceError(InvalidError):
    """Neither a pin nor a yes, or both."""

    code: ClassVar[str] = "review_choice_invalid"
    message = "Pon el pin o acepta la posición: una de las dos cosas."


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


class ReviewView(View):
    """An order whose position waits for a look."""

    order_id: UUID
    reference: str
    date: date
    state: str
    address: str | None
    unit: str | None
    comuna: str | None
    placement: PlacementView | None


class ReviewList(View):
    """What waits; ``offer`` is the one yes that covers all at street level."""

    items: list[ReviewView]
    total: int
    street_level: int
    median_uncertainty_m: int | None
    offer: str | None


class ReviewAnswer(Wire):
    """A pin, or a yes to where it is."""

    position: tuple[Lon, Lat] | None = None
    accept: bool = False


class BatchYes(Wire):
    """Which waiting orders one yes covers."""

    import_id: UUID | None = None
    date: date | None = None
    order_ids: Annotated[list[UUID], msgspec.Meta(max_length=BATCH_ORDERS_MAX)] | None = None
    level: PlaceLevel = PlaceLevel.STREET


class BatchYesView(View):
    """What the yes covered."""

    accepted: int
    median_uncertainty_m: int | None
    sentence: str | None


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
    return ReviewList(
        items=[
            ReviewView(
                order_id=record.order.id,
                reference=record.order.reference,
                date=record.order.date,
                state=record.order.state.value,
                address=record.person.address_line,
                unit=record.person.unit,
                comuna=record.order.comuna,
                placement=placement_view(record.order.placement),
            )
            for record in queue.records
        ],
        total=queue.total,
        street_level=queue.street_level,
        median_uncertainty_m=queue.median_uncertainty_m,
        offer=queue.offer,
    )


@post("/v1/address-reviews/{order_id:uuid}", access=Permission.REVIEW_ADDRESSES, status_code=200)
async def answer_review(
    order_id: UUID, data: ReviewAnswer, platform: Platform, caller: Caller
) -> OrderView:
    """Puts the pin right, or says yes to where it is."""
    if (data.position is None) is not data.accept:
        raise ReviewChoiceError
    desk, author = platform.desk(), platform.author(caller)
    async with platform.transaction(caller.tenant_id) as tx:
        if data.position is None:
            await reviews.accept_position(tx, order_id, desk=desk, author=author)
        else:
            spot = Position(lon=data.position[0], lat=data.position[1])
            await reviews.set_pin(tx, order_id, spot, desk=desk, author=author)
        record = await reading.get_order_record(tx, order_id, caller.actor)
        return (await view_records(platform, tx, caller, [record]))[0]


@post("/v1/address-reviews/accept", access=Permission.REVIEW_ADDRESSES, status_code=200)
async def accept_batch(data: BatchYes, platform: Platform, caller: Caller) -> BatchYesView:
    """One yes for a file, a day or a selection; kept with its author on every stop."""
    scope = ReviewScope(
        day=data.date,
        import_id=data.import_id,
        order_ids=None if data.order_ids is None else tuple(data.order_ids),
    )
    async with platform.transaction(caller.tenant_id) as tx:
        done = await reviews.accept_batch(
            tx, scope, level=data.level, desk=platform.desk(), author=platform.author(caller)
        )
    return BatchYesView(
        accepted=done.accepted,
        median_uncertainty_m=done.median_uncertainty_m,
        sentence=done.sentence,
    )


router = Router(
    path="",
    route_handlers=[suggest, list_reviews, answer_review, accept_batch],
    tags=["addresses"],
)
