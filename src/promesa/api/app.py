"""The ASGI application: routers joined, access denied by default, one shape for errors."""

from __future__ import annotations

from functools import cache
from typing import Any

from litestar import Litestar, Request, Router
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from promesa import __version__
from promesa.api import (
    addresses,
    amending,
    capacity,
    capacity_exports,
    capacity_terms,
    capacity_what_if,
    closing,
    day,
    demand_events,
    demand_exports,
    demand_forecast,
    demand_history,
    demand_overrides,
    demand_places,
    demand_today,
    demo,
    depot,
    devices,
    docks,
    doubts,
    driver,
    exports,
    faces,
    fleet,
    forecast_events,
    imports,
    insertions,
    judged_corrections,
    labour_rules,
    live,
    merchant_shares,
    merchants,
    messages,
    orders,
    plans,
    price_exports,
    prices,
    promise_curve,
    promise_exports,
    promise_rows,
    promise_terms,
    promises,
    rehearsals,
    replanning,
    reports,
    road_tables,
    roster,
    roster_board,
    roster_cells,
    roster_week,
    routes,
    session,
    squaring,
    story,
    system,
    track,
    track_changes,
    traffic,
    users,
    webhooks,
)
from promesa.api.auth import PUBLIC, WhoAsks, deny_by_default, find_actor, request_id_of
from promesa.api.decoding import StrictDTO
from promesa.api.description import SCHEMES, Description
from promesa.api.errors import EXCEPTION_HANDLERS, NotSignedInError
from promesa.api.observing import Observed, platform_of
from promesa.api.parameters import refuse_unknown
from promesa.api.schemas import ClockTimes, DescribedBodies
from promesa.runtime.platform import Caller, Platform

ROUTERS = (
    session.router,
    users.router,
    merchants.router,
    webhooks.router,
    fleet.router,
    roster.router,
    orders.router,
    amending.router,
    story.router,
    imports.router,
    addresses.router,
    plans.router,
    demand_events.router,
    demand_exports.router,
    demand_forecast.router,
    forecast_events.router,
    demand_history.router,
    demand_overrides.router,
    demand_places.router,
    merchant_shares.router,
    demand_today.router,
    capacity.router,
    capacity_exports.router,
    capacity_terms.router,
    roster_board.router,
    roster_cells.router,
    roster_week.router,
    judged_corrections.router,
    labour_rules.router,
    docks.router,
    rehearsals.router,
    capacity_what_if.router,
    prices.router,
    day.router,
    promise_rows.router,
    promises.router,
    promise_terms.router,
    promise_curve.router,
    promise_exports.router,
    closing.router,
    doubts.router,
    reports.router,
    exports.router,
    price_exports.router,
    replanning.router,
    insertions.router,
    routes.router,
    live.router,
    messages.router,
    driver.router,
    devices.router,
    depot.router,
    squaring.router,
    track.router,
    track_changes.router,
    road_tables.router,
    traffic.router,
    system.router,
    faces.router,
)


def build_app(platform: Platform) -> Observed:
    """The application that serves ``platform``; opening and closing it is the caller's."""
    server = platform.settings.server
    joined = join_routers(is_demo=platform.is_demo, body_bytes_max=server.body_bytes_max)
    # Around the application itself: a middleware never sees an address that nothing answers.
    return Observed(joined, platform)


@cache
def join_routers(*, is_demo: bool, body_bytes_max: int) -> Litestar:
    """Every address, for whichever platform comes with the request."""
    return Litestar(
        route_handlers=[*ROUTERS, demo.router] if is_demo else ROUTERS,
        guards=[deny_by_default, refuse_unknown],
        middleware=[WhoAsks],
        dependencies={
            "platform": Provide(_provide_platform, sync_to_thread=False),
            "caller": Provide(_provide_caller, sync_to_thread=False),
        },
        dto=StrictDTO,
        logging_config=None,
        return_dto=None,
        exception_handlers=EXCEPTION_HANDLERS,
        plugins=[Description(), DescribedBodies(), ClockTimes()],
        request_max_body_size=body_bytes_max,
        openapi_config=OpenAPIConfig(
            title="Promesa",
            version=__version__,
            description="Every delivery is a promise. Coordinates are [lon, lat].",
            components=SCHEMES,
            render_plugins=[JsonRenderPlugin()],
            openapi_router=Router(
                path="/schema", route_handlers=[], opt={"access": PUBLIC}, include_in_schema=False
            ),
            use_handler_docstrings=True,
        ),
    )


def _provide_platform(request: Request[Any, Any, Any]) -> Platform:
    return platform_of(request.scope)


def _provide_caller(request: Request[Any, Any, Any]) -> Caller:
    actor = find_actor(request)
    if actor is None:
        raise NotSignedInError
    return Caller(actor=actor, request_id=request_id_of(request))
