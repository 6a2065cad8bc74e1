"""A van stands: what is at risk, which vans could take its stops, and doing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from promesa.dispatch.choosing import MoveNotPossibleError
from promesa.dispatch.journal import Journal
from promesa.dispatch.moving import Rerouted
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.route_closing import cancel_route
from promesa.dispatch.route_over import RouteOverError
from promesa.dispatch.situation import Situation
from promesa.dispatch.spare_vans import open_route
from promesa.dispatch.versions import republish
from promesa.domain.actor import Actor, Permission
from promesa.domain.person import Person
from promesa.domain.route import OVER, Route, RouteState
from promesa.domain.stop import StopState
from promesa.kernel.clock import Clock
from promesa.kernel.ids import Ids, derived_id


async def report_breakdown(
    tx: DispatchStore,
    route_id: UUID,
    *,
    note: str | None = None,
    actor: Actor,
    clock: Clock,
    ids: Ids,
    request_id: str | None = None,
) -> Route:
    """The van stands; what the dispatcher wrote goes to the people store. Twice is once.

    Raises:
        RouteOverError: It is back already.
    """
    actor.require(Permission.DISPATCH)
    route = await _locked(tx, route_id)
    if route.is_broken_down:
        return route
    journal = _journal(tx, actor, clock, ids.next(), request_id)
    data: dict[str, object] = {}
    if note and note.strip():
        note_id = journal.event_id("note", route.id)
        await tx.people.put(Person(id=note_id, instructions=note.strip()))
        data["note_id"] = str(note_id)
    await journal.of_route(route, "route.broke_down", data)
    broken = replace(route, is_broken_down=True)
    await tx.routes.save(broken)
    return broken


async def report_repair(
    tx: DispatchStore,
    route_id: UUID,
    *,
    actor: Actor,
    clock: Clock,
    ids: Ids,
    request_id: str | None = None,
) -> Route:
    """The van runs again. Twice is once.

    Raises:
        RouteOverError: It is back already.
    """
    actor.require(Permission.DISPATCH)
    route = await _locked(tx, route_id)
    if not route.is_broken_down:
        return route
    journal = _journal(tx, actor, clock, ids.next(), request_id)
    await journal.of_route(route, "route.repaired")
    running = replace(route, is_broken_down=False)
    await tx.routes.save(running)
    return running


async def move_stops(
    tx: DispatchStore,
    situation: Situation,
    rerouted: Sequence[Rerouted],
    *,
    cause: str,
    actor: Actor,
    clock: Clock,
    ids: Ids,
    request_id: str | None = None,
) -> list[Route]:
    """Publishes the new version of each route touched; ``rerouted`` is place_moves' answer.

    Who takes stops from a van on the road fetches the parcels there: the version says where. A
    spare van gets a route of its own.

    Raises:
        MoveNotPossibleError: Something changed meanwhile; look at the proposal again.
    """
    actor.require(Permission.DISPATCH)
    journal = _journal(tx, actor, clock, ids.next(), request_id)
    changed = []
    for new in sorted(rerouted, key=lambda each: each.route_id):
        now = situation.get_route(new.route_id)
        if now.is_spare:
            changed.append((await open_route(tx, now), new))
            continue
        # Locked in one order everywhere, so that two dispatchers never wait for each other.
        route = await _locked(tx, new.route_id)
        if route.version != now.route.version:
            raise MoveNotPossibleError("La ruta cambió mientras la mirabas. Revisa de nuevo.")
        changed.append((route, new))
    await _require_open(tx, [stop for _, new in changed for stop in new.added])
    for route, new in changed:
        for stop_id in sorted(new.added):
            await _take(journal.on_route(route.id), situation, route, stop_id)
    published = []
    for route, new in changed:
        there = journal.on_route(route.id)
        cause_told = _cause(situation, new, cause)
        after = await republish(there, route, new.stops, cause=cause_told, timing=new.timing)
        if not new.stops and after.state is RouteState.PUBLISHED:
            # Nobody drives out for nothing: the van waits as a spare one again.
            await cancel_route(there, after, cause=cause)
            after = await tx.routes.get(route.id)
        published.append(after)
    return published


async def _take(journal: Journal, situation: Situation, route: Route, stop_id: UUID) -> None:
    """Puts a stop on its new route and says so in its order's story."""
    giver = situation.find_route_of(stop_id)
    stop = await journal.tx.routes.get_stop(stop_id)
    taken = replace(stop, route_id=route.id, state=StopState.PENDING, arrived_at=None)
    await journal.tx.routes.put_stop(taken)
    data: dict[str, object] = {
        "from_code": giver.route.code if giver else None,
        "to_code": route.code,
    }
    await journal.of_stop(taken, "stop.moved", data)


def _cause(situation: Situation, new: Rerouted, cause: str) -> str:
    sources = sorted(
        {
            giver.route.code
            for stop_id in new.added
            if (giver := situation.find_route_of(stop_id)) is not None
        }
    )
    return f"{cause}: transfer from {', '.join(sources)}" if sources else cause


async def _require_open(tx: DispatchStore, stop_ids: Iterable[UUID]) -> None:
    for stop_id in stop_ids:
        if (await tx.routes.get_stop(stop_id)).state is StopState.CLOSED:
            raise MoveNotPossibleError("Esa parada ya se cerró. Revisa de nuevo.")


async def _locked(tx: DispatchStore, route_id: UUID) -> Route:
    route = await tx.routes.lock(route_id)
    if route.state in OVER:
        raise RouteOverError(state=route.state.value)
    return route


def _journal(
    tx: DispatchStore, actor: Actor, clock: Clock, cause_id: UUID, request_id: str | None
) -> Journal:
    now = clock.now()
    return Journal(
        tx=tx,
        cause_id=derived_id("dispatcher", cause_id),
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        request_id=request_id,
    )
