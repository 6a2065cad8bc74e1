"""What an action of a driver stands on: the event, the locked route and the journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from promesa.dispatch.barcodes import find_parcel
from promesa.dispatch.journal import Journal
from promesa.dispatch.phone import PhoneEvent
from promesa.dispatch.refusals import (
    ParcelOnAnotherRouteError,
    RouteNotYoursError,
    StopUnknownError,
)
from promesa.dispatch.repository import DispatchStore
from promesa.domain.order import Order
from promesa.domain.parcel import Parcel
from promesa.domain.route import Route
from promesa.domain.stop import Stop, StopState
from promesa.kernel.errors import NotFoundError
from promesa.proof.capture import DEFAULT_POLICY, ProofPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One event of a phone against one route, which no other writer holds meanwhile.

    Attributes:
        notes: What is known about the phone's clock and fields, told in the event.
    """

    event: PhoneEvent
    route: Route
    journal: Journal
    notes: dict[str, object]
    policy: ProofPolicy = DEFAULT_POLICY

    @property
    def tx(self) -> DispatchStore:
        """The transaction."""
        return self.journal.tx

    def with_route(self, route: Route) -> Scene:
        """The scene after the route changed."""
        return replace(self, route=route)

    async def record(
        self,
        subject: tuple[str, UUID],
        event_type: str,
        data: dict[str, object] | None = None,
        *,
        order_id: UUID | None = None,
        evidence: tuple[UUID, ...] = (),
    ) -> None:
        """Records what the phone said, under the phone's own id."""
        told = (data or {}) | self.notes
        await self.journal.of_cause(subject, event_type, told, order_id=order_id, evidence=evidence)

    async def get_stop(self, stop_id: UUID) -> Stop:
        """The stop, which must be on this route."""
        try:
            stop = await self.tx.routes.get_stop(stop_id)
        except NotFoundError as error:
            raise StopUnknownError from error
        if stop.route_id != self.route.id:
            raise RouteNotYoursError
        return stop

    async def find_parcel(self, barcode: str) -> tuple[Order, Parcel]:
        """The parcel with this barcode and its order, which must have a stop on this route."""
        order, parcel = await find_parcel(self.tx, barcode, route_id=self.route.id)
        stops = await self.tx.routes.list_stops_of_order(order.id)
        if not any(stop.route_id == self.route.id for stop in stops):
            open_stops = [stop for stop in stops if stop.state is not StopState.CLOSED]
            raise await self._elsewhere(open_stops)
        return order, parcel

    async def orders_of_stops(self) -> list[tuple[Stop, Order]]:
        """Each stop now on the route with its order, by stop id."""
        stops = await self.tx.routes.list_stops(self.route.id)
        orders = await self.tx.orders.get_many([stop.order_id for stop in stops])
        by_id = {order.id: order for order in orders}
        return [(stop, by_id[stop.order_id]) for stop in stops if stop.order_id in by_id]

    async def _elsewhere(self, stops: list[Stop]) -> ParcelOnAnotherRouteError:
        if not stops:
            return ParcelOnAnotherRouteError("Este bulto no tiene ruta hoy. Déjalo en el andén.")
        other = await self.tx.routes.get(stops[0].route_id)
        return ParcelOnAnotherRouteError(f"Este bulto va en {other.code}. Déjalo en el andén.")
