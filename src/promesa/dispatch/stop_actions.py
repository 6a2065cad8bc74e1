"""What a driver, or the geofence, tells of one stop before it is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from promesa.dispatch.journal import Journal
from promesa.dispatch.phone import StopArrived, StopStarted
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.route_actions import loaded_again, started
from promesa.dispatch.scene import Scene
from promesa.dispatch.versions import lock_stop
from promesa.domain.actor import Actor
from promesa.domain.stop import STOP, Stop, StopState
from promesa.kernel.errors import ConflictError
from promesa.kernel.ids import derived_id


async def start_stop(scene: Scene) -> None:
    """The driver goes to a stop; another one it was going to waits again."""
    assert isinstance(scene.event, StopStarted)
    stop = await scene.get_stop(scene.event.stop_id)
    await scene.record(("stop", stop.id), "stop.started", order_id=stop.order_id)
    scene = await started(scene)
    await loaded_again(scene, stop)
    if not STOP.allows(stop.state, StopState.EN_ROUTE):
        return
    for other in await scene.tx.routes.list_stops(scene.route.id):
        if other.state is StopState.EN_ROUTE and other.id != stop.id:
            await scene.tx.routes.put_stop(replace(other, state=StopState.PENDING))
    await scene.tx.routes.put_stop(replace(stop, state=StopState.EN_ROUTE))


async def arrive(scene: Scene) -> None:
    """The van is there; told after the close, it still says when."""
    assert isinstance(scene.event, StopArrived)
    stop = await scene.get_stop(scene.event.stop_id)
    data: dict[str, object] = {"by": "driver"}
    await scene.record(("stop", stop.id), "stop.arrived", data, order_id=stop.order_id)
    await loaded_again(await started(scene), stop)
    await scene.tx.routes.put_stop(_arrived(stop, scene.journal.occurred_at))


async def arrive_by_geofence(
    tx: DispatchStore, stop_id: UUID, at: datetime, *, actor: Actor, now: datetime
) -> bool:
    """The track says that the van is there; False when that was known or no longer matters."""
    try:
        _, stop = await lock_stop(tx, stop_id)
    except ConflictError:
        # Another van has it by now, and this track says nothing of that one.
        return False
    if stop.state in {StopState.ARRIVED, StopState.CLOSED}:
        return False
    journal = Journal(
        tx=tx,
        cause_id=derived_id("geofence", stop.id, at.isoformat()),
        actor=actor,
        occurred_at=at,
        recorded_at=now,
        route_id=stop.route_id,
    )
    await journal.of_stop(stop, "stop.arrived", {"by": "geofence"})
    await tx.routes.put_stop(_arrived(stop, at))
    return True


def _arrived(stop: Stop, at: datetime) -> Stop:
    """Whichever said it first keeps the instant; a closed stop stays closed."""
    first = at if stop.arrived_at is None else min(at, stop.arrived_at)
    state = StopState.ARRIVED if STOP.allows(stop.state, StopState.ARRIVED) else stop.state
    return replace(stop, state=state, arrived_at=first)
