"""Today's promises, gathered once for every number of the torre and for the rows behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from promesa.analytics.headline import (
    PromiseNow,
    Standing,
    risk_unrouted,
    shape_of,
    standing_of,
)
from promesa.dispatch.sights import WaitingSight
from promesa.domain.order import OrderState
from promesa.domain.promise import Promise, PromiseRisk, counting_promises, standing_promise
from promesa.domain.stop import Outcome, Stop, StopState, StopType
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.repository import OrderBrief
from promesa.runtime.fleet_watch import FleetWatch, WatchedRoute
from promesa.runtime.repository import PlatformStore

# In preparation: collected at the seller's, and no route brings it to the door yet.
_WAITING = frozenset(
    {
        OrderState.ADDRESS_REVIEW,
        OrderState.CONFIRMED,
        OrderState.RESCHEDULED,
        OrderState.IN_PREPARATION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseHere:
    """A promise of today and where its order is.

    Attributes:
        versions: All that its recipient was told, the first one first.
        watched: The route that carries it; None while it waits for one.
        has_left: Whether the order waits for no route of today either: it goes another day.
    """

    order_id: UUID
    reference: str
    state: OrderState
    versions: list[Promise]
    now: PromiseNow
    watched: WatchedRoute | None = None
    stop: Stop | None = None
    has_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDelivered:
    """Today's failed visits beside the promises they broke, so that two counts can be told apart.

    Attributes:
        broken: Visits that broke the promise of their order.
        released: Visits that broke none: the recipient or the merchant asked for something else.
        other: Visits that broke none so far: nothing was promised, or another visit kept it.
        reasons: Why the released ones failed, the commonest first, with how often.
        promises_released: All of today's that are counted nowhere.
    """

    visits: int
    broken: int
    released: int
    other: int
    reasons: tuple[tuple[str, int], ...]
    promises_released: int


class Known:
    """The day as one reader sees it: its routes, its promises, and who waits for a route."""

    def __init__(
        self,
        watch: FleetWatch,
        waiting: list[OrderBrief],
        gone: list[OrderBrief],
        told: dict[UUID, list[Promise]],
        now: datetime,
    ) -> None:
        self.watch = watch
        self.now = now
        self._day = ServiceDay(watch.day)
        self.pictures = watch.pictures()
        self._waiting = waiting
        self._gone = gone
        self._told = told

    @cached_property
    def promises(self) -> list[PromiseHere]:
        """Each promise of today once: on a route, waiting for one, or put on another day."""
        carried = list(self._carried())
        here = {item.order_id for item in carried}
        gone = [order for order in self._gone if order.id not in here]
        return [*carried, *self._uncarried(self._waiting), *self._left(gone)]

    @cached_property
    def released(self) -> frozenset[UUID]:
        """Orders whose promise of today was let go by who it was made to."""
        return frozenset(
            item.order_id for item in self.promises if standing_of(item.now) is Standing.RELEASED
        )

    @property
    def not_delivered(self) -> NotDelivered:
        """Visits that failed and what became of their promises: they add up."""
        broken = {
            item.order_id for item in self.promises if shape_of(item.now) is PromiseRisk.FAILED
        }
        failed = [
            stop
            for route in self.watch.routes()
            for stop in route.stops.values()
            if stop.outcome is Outcome.FAILED
        ]
        let_go = [stop for stop in failed if stop.order_id in self.released]
        reasons = Counter(stop.reason or "" for stop in let_go)
        count = sum(stop.order_id in broken for stop in failed)
        return NotDelivered(
            visits=len(failed),
            broken=count,
            released=len(let_go),
            other=len(failed) - count - len(let_go),
            reasons=tuple(sorted(reasons.items(), key=lambda found: (-found[1], found[0]))),
            promises_released=len(self.released),
        )

    def counting(self, watched: WatchedRoute) -> dict[UUID, Promise]:
        """The promise that counts for each order of a route."""
        return counting_promises(watched.told, self._day)

    @property
    def waiting(self) -> list[WaitingSight]:
        """Orders that no route carries, told something or not."""
        return [
            WaitingSight(
                order_id=order.id,
                is_in_review=order.state is OrderState.ADDRESS_REVIEW,
                window=None if standing is None else standing.window,
            )
            for order, standing in ((order, self._standing(order)) for order in self._waiting)
        ]

    @property
    def waiting_count(self) -> Counter[OrderState]:
        """How many orders wait in each state."""
        return Counter(order.state for order in self._waiting)

    def _standing(self, order: OrderBrief) -> Promise | None:
        return standing_promise(self._told.get(order.id, []), self._day)

    def _carried(self) -> Iterator[PromiseHere]:
        # An order that failed this morning and goes again today has no route yet.
        done = {order.id for order in self._waiting}
        for watched in self.watch.routes():
            picture = self.pictures.get(watched.route.id)
            for stop in watched.stops.values():
                order = watched.orders.get(stop.order_id)
                versions = watched.told.get(stop.order_id, [])
                standing = standing_promise(versions, self._day)
                if order is None or standing is None or order.id in done:
                    continue
                # Collected at the seller's, it is at nobody's door.
                if stop.type is StopType.PICKUP and stop.state is StopState.CLOSED:
                    continue
                done.add(order.id)
                risk = picture.risks.get(stop.id) if picture else None
                yield PromiseHere(
                    order_id=order.id,
                    reference=order.reference,
                    state=order.state,
                    versions=versions,
                    now=PromiseNow(order_id=order.id, promise=standing, risk=risk),
                    watched=watched,
                    stop=stop,
                )

    def _left(self, orders: list[OrderBrief]) -> Iterator[PromiseHere]:
        return (replace(item, has_left=True) for item in self._uncarried(orders))

    def _uncarried(self, orders: list[OrderBrief]) -> Iterator[PromiseHere]:
        for order in orders:
            versions = self._told.get(order.id, [])
            standing = self._standing(order)
            if standing is not None:
                risk = risk_unrouted(standing, self.now)
                yield PromiseHere(
                    order_id=order.id,
                    reference=order.reference,
                    state=order.state,
                    versions=versions,
                    now=PromiseNow(order_id=order.id, promise=standing, risk=risk),
                )


async def know(tx: PlatformStore, watch: FleetWatch, now: datetime) -> Known:
    """All that was promised for today: on routes, waiting for one, and since put on another day."""
    waiting = await tx.orders.list_briefs(watch.day, _WAITING)
    here = {order.id for order in waiting}
    here |= {order_id for route in watch.routes() for order_id in _visited(route)}
    day = ServiceDay(watch.day)
    promised = await tx.promises.list_orders(day.start, day.end)
    gone = [
        OrderBrief(id=order.id, reference=order.reference, state=order.state)
        for order in await tx.orders.get_many([each for each in promised if each not in here])
    ]
    told = await tx.promises.list_of([order.id for order in (*waiting, *gone)])
    return Known(watch, waiting, gone, told, now)


def _visited(route: WatchedRoute) -> set[UUID]:
    """Orders with a visit that says how their promise stands."""
    return {
        stop.order_id
        for stop in route.stops.values()
        if stop.type is not StopType.PICKUP or stop.state is not StopState.CLOSED
    }
