"""The rest of the day planned anew: asked for, looked at, and the changes accepted made."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.params import Parameter

from promesa.api.decoding import View, Wire
from promesa.api.moves import AcceptBody, MoveBody, read_moves, show_move
from promesa.api.route_views import RouteList
from promesa.api.routes import make_moves, read_day
from promesa.dispatch import proposals
from promesa.dispatch.choosing import Move
from promesa.dispatch.helpless import HelplessRoute
from promesa.dispatch.proposed_changes import HarmedStop, ProposedChange
from promesa.dispatch.replanning import DayReplan, Extent
from promesa.dispatch.situation import Situation
from promesa.domain.actor import Permission
from promesa.planning.prices import PlannedDay
from promesa.routing.replan.params import Disruption
from promesa.runtime.jobs import answer
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.searches import Search
from promesa.runtime.slips import Slip

# What one screen of changes can ask for.
STOPS_MAX, WINDOWS_MAX = 200, 50
STOPS_DEFAULT = 20


class NewReplan(Wire):
    """How much of a day may change, and how long to look.

    At most `stops_max` stops move and `windows_max` promises stand worse than now; of one route if
    asked. Only `is_thorough` searches beyond single moves.
    """

    date: date
    stops_max: Annotated[int, msgspec.Meta(ge=0, le=STOPS_MAX)] = STOPS_DEFAULT
    windows_max: Annotated[int, msgspec.Meta(ge=0, le=WINDOWS_MAX)] = 0
    route_id: UUID | None = None
    is_thorough: bool = False


class HarmedStopView(View):
    """A stop whose promise stands worse then: `risk_was` now, `risk` once the change is made."""

    stop_id: UUID
    order_id: UUID
    reference: str
    code: str
    risk_was: str
    risk: str


class DayChangeView(View):
    """One change, with what it saves once those it `needs` are accepted.

    `kind` is `take` where stops change van, `reorder` where a van visits its own in another order.
    `harmed` are the promises that stand worse then, by it alone or by it with the others. Below
    nought, `saves_s` and `saves_clp` are what it costs. `undo` takes it back.
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
    saves: int
    harmed: list[HarmedStopView]
    saves_s: int
    saves_clp: int
    moves: list[MoveBody]
    undo: list[MoveBody]


class HelplessRouteView(View):
    """A route in trouble that none of the changes helps.

    `why` is `tried` where other orders and other vans were looked at, `broken_down` where the van
    stands, `no_streets` where the city has no streets for it. Of its stops that are `late` or
    `at_risk`, the window of `passed` is over; of the rest, the driver is at or on the way to
    `begun`, `aboard` stay in their van, and `free` could have gone to one of up to `takers` others.
    """

    route_id: UUID
    code: str
    why: str
    late: int
    at_risk: int
    passed: int
    begun: int
    aboard: int
    free: int
    takers: int


class ReplanView(View):
    """What to change in the rest of a day; nothing is decided yet.

    Until `state` is `ready` there is nothing in it; `progress` goes from 0 to 1. `stops` are the
    open ones of the routes that may change, `at_risk` those of them whose promise is not safe.
    `is_harm_limited` where changes were left out that harm more than `windows_max` promises.
    """

    id: UUID
    state: str
    progress: float
    failure: str | None
    sentence: str | None
    stops: int
    at_risk: int
    changes: list[DayChangeView]
    helpless: list[HelplessRouteView]
    is_harm_limited: bool


@post("/v1/replans", access=Permission.DISPATCH, summary="Look for changes to the rest of the day")
async def add_replan(data: NewReplan, platform: Platform, caller: Caller) -> Response[ReplanView]:
    """Begins to look and answers at once; ask again for what was found."""
    extent = Extent(
        most=Disruption(stops_max=data.stops_max, windows_max=data.windows_max),
        route_id=data.route_id,
        is_thorough=data.is_thorough,
    )
    search = await begin_search(platform, caller, await read_day(platform, caller, data.date))
    platform.spawn(answer(platform, search, "change_day", extent))
    return Response(_view(search), status_code=202)


@get("/v1/replans/{search_id:uuid}", access=Permission.DISPATCH, summary="What to change")
async def get_replan(search_id: UUID, platform: Platform, caller: Caller) -> ReplanView:
    """Changes to the routes under way, each with what it saves."""
    return _view(platform.searches.get(caller.tenant_id, search_id))


@delete("/v1/replans/{search_id:uuid}", access=Permission.DISPATCH, summary="Stop looking")
async def cancel_replan(search_id: UUID, platform: Platform, caller: Caller) -> None:
    """Nobody waits for it any more. Twice is once."""
    platform.searches.get(caller.tenant_id, search_id).cancel()


@post("/v1/replans/accept", access=Permission.DISPATCH, status_code=200, summary="Make changes")
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


async def begin_search(
    platform: Platform, caller: Caller, day: Situation | PlannedDay, subject: object = None
) -> Search:
    """Keeps a search of the day; whoever asks runs it."""
    search = Search(
        id=platform.ids.next(),
        tenant_id=caller.tenant_id,
        slip=Slip.made(),
        day=day,
        subject=subject,
    )
    platform.searches.add(search)
    return search


def _changes_van(situation: Situation, move: Move) -> bool:
    giver = situation.find_route_of(move.stop_id)
    return giver is not None and giver.route.id != move.to_route_id


def _view(search: Search) -> ReplanView:
    found = search.answer if isinstance(search.answer, DayReplan) else None
    return ReplanView(
        id=search.id,
        state=search.state.value,
        progress=search.progress,
        failure=search.failure,
        sentence=found.sentence if found else None,
        stops=found.stops if found else 0,
        at_risk=found.at_risk if found else 0,
        changes=[_change(change) for change in found.changes] if found else [],
        helpless=[_helpless(route) for route in found.helpless] if found else [],
        is_harm_limited=found is not None and found.is_harm_limited,
    )


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
        saves=change.saves,
        harmed=[_harmed(stop) for stop in change.harmed],
        saves_s=change.saves_s,
        saves_clp=change.saves_clp,
        moves=[show_move(move) for move in change.moves],
        undo=[show_move(move) for move in change.undo],
    )


def _harmed(stop: HarmedStop) -> HarmedStopView:
    return HarmedStopView(
        stop_id=stop.stop_id,
        order_id=stop.order_id,
        reference=stop.reference,
        code=stop.code,
        risk_was=stop.risk_was.value,
        risk=stop.risk.value,
    )


def _helpless(route: HelplessRoute) -> HelplessRouteView:
    return HelplessRouteView(
        route_id=route.route_id,
        code=route.code,
        why=route.why.value,
        late=route.late,
        at_risk=route.at_risk,
        passed=route.passed,
        begun=route.begun,
        aboard=route.aboard,
        free=route.free,
        takers=route.takers,
    )


router = Router(
    path="",
    route_handlers=[add_replan, get_replan, cancel_replan, accept_changes],
    tags=["routes"],
)
