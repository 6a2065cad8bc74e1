"""Writes events that share a cause: their ids derive from it, so doing it twice records once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from promesa.dispatch.repository import DispatchStore
from promesa.domain.actor import Actor
from promesa.domain.events import Event
from promesa.domain.order import Order
from promesa.domain.parcel import Parcel
from promesa.domain.route import Route
from promesa.domain.stop import Stop
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id

Data = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """One cause, by one actor, at one instant, inside one transaction.

    Attributes:
        cause_id: Id of what came in (a phone's event, a request, a job's run).
        occurred_at: By the device; ``recorded_at`` is the server's.
    """

    tx: DispatchStore
    cause_id: UUID
    actor: Actor
    occurred_at: datetime
    recorded_at: datetime
    position: Position | None = None
    request_id: str | None = None
    route_id: UUID | None = None

    def on_route(self, route_id: UUID | None) -> Journal:
        """The same cause, told in the story of a route."""
        return replace(self, route_id=route_id)

    def event_id(self, event_type: str, subject_id: UUID) -> UUID:
        """The id its event of this type about this subject has."""
        return derived_id(self.cause_id, event_type, subject_id)

    async def of_order(self, order: Order, event_type: str, data: Data | None = None) -> UUID:
        """Records what happened to an order."""
        return await self._derived("order", order.id, event_type, data, order_id=order.id)

    async def of_parcel(self, parcel: Parcel, event_type: str, data: Data | None = None) -> UUID:
        """Records what happened to a parcel."""
        return await self._derived("parcel", parcel.id, event_type, data, order_id=parcel.order_id)

    async def of_promise(self, order_id: UUID, event_type: str, data: Data) -> UUID:
        """Records what became of one version of a promise."""
        subject = derived_id("promise", order_id, data["version"])
        return await self._derived("promise", subject, event_type, data, order_id=order_id)

    async def of_stop(self, stop: Stop, event_type: str, data: Data | None = None) -> UUID:
        """Records what happened at a stop."""
        return await self._derived("stop", stop.id, event_type, data, order_id=stop.order_id)

    async def of_route(self, route: Route, event_type: str, data: Data | None = None) -> UUID:
        """Records what happened to a route."""
        event_id = self.event_id(event_type, route.id)
        event = self._event(event_id, event_type, "route", route.id, data)
        await self.tx.events.record(replace(event, route_id=route.id))
        return event_id

    async def of_cause(
        self,
        subject: tuple[str, UUID],
        event_type: str,
        data: Data | None = None,
        *,
        order_id: UUID | None = None,
        evidence: tuple[UUID, ...] = (),
    ) -> bool:
        """Records the cause itself, under its own id; False when it was there already."""
        kind, subject_id = subject
        event = self._event(self.cause_id, event_type, kind, subject_id, data)
        return await self.tx.events.record(replace(event, order_id=order_id, evidence=evidence))

    async def _derived(
        self,
        kind: str,
        subject_id: UUID,
        event_type: str,
        data: Data | None,
        *,
        order_id: UUID | None = None,
    ) -> UUID:
        event_id = self.event_id(event_type, subject_id)
        event = self._event(event_id, event_type, kind, subject_id, data)
        await self.tx.events.record(replace(event, order_id=order_id))
        return event_id

    def _event(
        self, event_id: UUID, event_type: str, kind: str, subject_id: UUID, data: Data | None
    ) -> Event:
        return Event(
            id=event_id,
            type=event_type,
            subject_kind=kind,
            subject_id=subject_id,
            occurred_at=self.occurred_at,
            recorded_at=self.recorded_at,
            actor=self.actor,
            position=self.position,
            data=data or {},
            request_id=self.request_id,
            route_id=self.route_id,
        )
