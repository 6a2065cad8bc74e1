"""The rest of the day planned anew: its changes listed, and those accepted made."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Router, get, post
from litestar.params import Parameter

from promesa.api.decoding import View
from promesa.api.route_views import RouteList
from promesa.api.routes import AcceptBody, MoveBody, make_moves, read_day, read_moves
from promesa.dispatch import proposals
from promesa.dispatch.choosing import Move
from promesa.dispatch.replanning import ProposedChange, replan_day
from promesa.dispatch.situation import Situation
from promesa.domain.actor import Permission
from promesa.routing.replan.params import Disruption
from promesa.runtime.platform import Caller, Platform

# What one screen of changes can ask for.
STOPS_MAX, WINDOWS_MAX = 200, 50
STOPS_DEFAULT = 20


class DayChangeView(View):
    """One change, with what it saves once those it `needs` are accepted.

    `kind` is `take` where stops change van, `reorder` where a van visits its own in another order.
    Below nought, `saves`, `saves_s` and `saves_clp` are what it costs. `undo` takes it back.
    """

    number: int
    kind: str
    sentence: str
    route_id: UUID
    code: str
    from_route_id: UUID | None
    from_code: str | None
    needs: list[int]
    stops: int
    windows: int
    saves: int
    saves_s: int
    saves_clp: int
    moves: list[MoveBody]
    undo: list[MoveBody]


class ReplanView(View):
    """What to change in the rest of a day; nothing is decided yet.

    `stops` are the open ones, `at_risk` those of them whose promise is not safe.
    """

    sentence: str
    stops: int
    at_risk: int
    changes: list[DayChangeView]


@get("/v1/replan", access=Permission.DISPATCH, summary="What to change in the rest of the day")
async def get_replan(
    platform: Platform,
    caller: Caller,
    day: Annotated[date, Parameter(query="date")],
    stops_max: Annotated[int, Parameter(ge=0, le=STOPS_MAX)] = STOPS_DEFAULT,
    windows_max: Annotated[int, Parameter(ge=0, le=WINDOWS_MAX)] = 0,
    route_id: UUID | None = None,
) -> ReplanView:
    """Changes to the routes under way, of one route if asked, each with what it saves.

    At most `stops_max` stops move and `windows_max` promised windows are touched.
    """
    situation = await read_day(platform, caller, day)
    found = await asyncio.to_thread(
        replan_day,
        situation,
        platform.roads(caller.tenant_id),
        platform.legs(caller.tenant_id),
        most=Disruption(stops_max=stops_max, windows_max=windows_max),
        route_id=route_id,
    )
    return ReplanView(
        sentence=found.sentence,
        stops=found.stops,
        at_risk=found.at_risk,
        changes=[_change(change) for change in found.changes],
    )


@post("/v1/replan/accept", access=Permission.DISPATCH, status_code=200, summary="Make changes")
async def accept_changes(
    platform: Platform,
    caller: Caller,
    data: AcceptBody,
    day: Annotated[date, Parameter(query="date")],
) -> RouteList:
    """Makes the moves of the changes accepted: every route touched gets a new version."""
    moves = read_moves(data)
    situation = await read_day(platform, caller, day)
    proposals.require_free(situation, [move for move in moves if _changes_van(situation, move)])
    return await make_moves(platform, caller, situation, moves, cause="replan")


def _changes_van(situation: Situation, move: Move) -> bool:
    giver = situation.find_route_of(move.stop_id)
    return giver is not None and giver.route.id != move.to_route_id


def _change(change: ProposedChange) -> DayChangeView:
    return DayChangeView(
        number=change.number,
        kind=change.kind.value,
        sentence=change.sentence,
        route_id=change.route_id,
        code=change.code,
        from_route_id=change.from_route_id,
        from_code=change.from_code,
        needs=sorted(change.needs),
        stops=len(change.moves),
        windows=change.windows,
        saves=change.saves,
        saves_s=change.saves_s,
        saves_clp=change.saves_clp,
        moves=[_move(move) for move in change.moves],
        undo=[_move(move) for move in change.undo],
    )


def _move(move: Move) -> MoveBody:
    return MoveBody(
        stop_id=move.stop_id,
        to_route_id=move.to_route_id,
        after_stop_id=move.after_stop_id,
        is_first=move.is_first,
    )


router = Router(path="", route_handlers=[get_replan, accept_changes], tags=["routes"])
