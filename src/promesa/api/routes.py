"""Routes: listed, looked at, broken down and repaired, their stops moved to other vans."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.params import Parameter

from promesa.api.decoding import Wire
from promesa.api.moves import AcceptBody, read_moves
from promesa.api.proposal_views import ProposalView, view_proposal
from promesa.api.route_views import RouteList, RouteView, list_summaries, view_route
from promesa.dispatch import breakdown, proposals
from promesa.dispatch.choosing import Move
from promesa.dispatch.moving import place_moves
from promesa.dispatch.situation import Situation
from promesa.domain.actor import Permission
from promesa.runtime.platform import Caller, Platform


class BreakdownBody(Wire):
    """What happened, for colleagues; no names."""

    note: Annotated[str, msgspec.Meta(max_length=200)] | None = None


@get("/v1/routes", access=Permission.READ_OPERATION, summary="Routes of a day")
async def list_routes(
    platform: Platform, caller: Caller, day: Annotated[date, Parameter(query="date")]
) -> RouteList:
    """The routes of a day by code."""
    return await list_summaries(platform, caller, day)


@get("/v1/routes/{route_id:uuid}", access=Permission.READ_OPERATION, summary="A route")
async def get_route(route_id: UUID, platform: Platform, caller: Caller) -> RouteView:
    """A route with its stops and every version published."""
    return await view_route(platform, caller, route_id)


class MoveTarget(Wire):
    """Where a stop goes."""

    to_route_id: UUID


@post("/v1/routes/{route_id:uuid}/breakdown", access=Permission.DISPATCH, status_code=200)
async def break_down(
    route_id: UUID, data: BreakdownBody, platform: Platform, caller: Caller
) -> RouteView:
    """The van stands with a breakdown."""
    async with platform.transaction(caller.tenant_id) as tx:
        await breakdown.report_breakdown(
            tx,
            route_id,
            note=data.note,
            actor=caller.actor,
            clock=platform.clock,
            ids=platform.ids,
            request_id=caller.request_id,
        )
    await platform.pump.catch_up()
    return await view_route(platform, caller, route_id)


@post("/v1/routes/{route_id:uuid}/repair", access=Permission.DISPATCH, status_code=200)
async def repair(route_id: UUID, platform: Platform, caller: Caller) -> RouteView:
    """The van runs again."""
    async with platform.transaction(caller.tenant_id) as tx:
        await breakdown.report_repair(
            tx,
            route_id,
            actor=caller.actor,
            clock=platform.clock,
            ids=platform.ids,
            request_id=caller.request_id,
        )
    await platform.pump.catch_up()
    return await view_route(platform, caller, route_id)


@get("/v1/routes/{route_id:uuid}/proposal", access=Permission.DISPATCH, summary="What to do")
async def get_proposal(route_id: UUID, platform: Platform, caller: Caller) -> ProposalView:
    """Which vans could take its stops, who gets later for it, and what nobody can take."""
    situation = await read_situation(platform, caller, route_id)
    found = await asyncio.to_thread(
        proposals.propose,
        situation,
        route_id,
        platform.streets(caller.tenant_id),
        platform.legs(caller.tenant_id),
    )
    return await view_proposal(platform, caller, situation, found)


@post("/v1/routes/{route_id:uuid}/proposal/accept", access=Permission.DISPATCH, status_code=200)
async def accept_proposal(
    route_id: UUID, data: AcceptBody, platform: Platform, caller: Caller
) -> RouteList:
    """Makes the moves: every route touched gets a new version."""
    moves = read_moves(data)
    situation = await read_situation(platform, caller, route_id)
    proposals.require_free(situation, moves)
    return await make_moves(platform, caller, situation, moves, cause="breakdown")


@post("/v1/stops/{stop_id:uuid}/move", access=Permission.DISPATCH, status_code=200)
async def move_stop(
    stop_id: UUID, data: MoveTarget, platform: Platform, caller: Caller
) -> RouteList:
    """Puts a stop where it costs least on another route."""
    async with platform.transaction(caller.tenant_id) as tx:
        route_id = (await tx.routes.get_stop(stop_id)).route_id
    moves = [Move(stop_id=stop_id, to_route_id=data.to_route_id)]
    situation = await read_situation(platform, caller, route_id)
    return await make_moves(platform, caller, situation, moves, cause="dispatcher")


async def make_moves(
    platform: Platform, caller: Caller, situation: Situation, moves: list[Move], *, cause: str
) -> RouteList:
    """Publishes every route the moves touch."""
    rerouted = await asyncio.to_thread(
        place_moves,
        situation,
        moves,
        platform.streets(caller.tenant_id),
        platform.legs(caller.tenant_id),
    )
    async with platform.transaction(caller.tenant_id) as tx:
        await breakdown.move_stops(
            tx,
            situation,
            rerouted,
            cause=cause,
            actor=caller.actor,
            clock=platform.clock,
            ids=platform.ids,
            request_id=caller.request_id,
        )
    await platform.pump.catch_up()
    return await list_summaries(platform, caller, situation.day.date)


async def read_situation(platform: Platform, caller: Caller, route_id: UUID) -> Situation:
    """The day of a route as it stands, with the vans where they were seen last."""
    async with platform.transaction(caller.tenant_id) as tx:
        day = (await tx.routes.get(route_id)).date
    return await read_day(platform, caller, day)


async def read_day(platform: Platform, caller: Caller, day: date) -> Situation:
    """A day as it stands, with the vans where they were seen last."""
    watch = await platform.ready_watch(caller.tenant_id)
    seen = watch.snapshot().routes
    fixes = {key: item.fix for key, item in seen.items() if item.fix is not None}
    async with platform.transaction(caller.tenant_id) as tx:
        return await proposals.gather_situation(tx, day, now=platform.clock.now(), fixes=fixes)


router = Router(
    path="",
    route_handlers=[
        list_routes,
        get_route,
        break_down,
        repair,
        get_proposal,
        accept_proposal,
        move_stop,
    ],
    tags=["routes"],
)
