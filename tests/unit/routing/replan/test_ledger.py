"""Windows that were told: several are several, in any order."""

from __future__ import annotations

import pytest

from promesa.routing.course import Start
from promesa.routing.placing import OpenRoute
from promesa.routing.problem import Window
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.params import CALM
from promesa.routing.replan.rest import rest_of
from tests.support.routing_days import at, day, stop, van, window

MORNING, AFTERNOON = window(60, 120), window(240, 300)
MINUTE_CLP = CALM.prices.late_minute_clp


@pytest.mark.parametrize("windows", [(MORNING, AFTERNOON), (AFTERNOON, MORNING)])
@pytest.mark.parametrize(
    ("reached", "late_min"),
    [(30, None), (60, 0), (120, 0), (180, 60), (240, 0), (310, 10)],
)
def test_between_two_windows_nobody_is_on_time(
    windows: tuple[Window, Window], reached: int, late_min: int | None
) -> None:
    """P-10 is reached ten minutes after the start and served at once."""
    problem = day([stop(10)], [van()])
    start = Start(location=0, ready_s=at(reached - 10))
    routes = (OpenRoute(vehicle=0, stops=(0,), start=start),)
    told = {0: windows}
    entry = Ledger(rest_of(problem, routes, told=told), CALM).published(0)
    is_kept = late_min == 0
    assert entry.broken == (frozenset() if is_kept else {0})
    counted_clp = entry.count_clp - entry.cost_clp
    window_clp = 0 if is_kept else CALM.prices.window_clp
    assert counted_clp == window_clp + MINUTE_CLP * (late_min or 0)


def test_who_is_told_nothing_else_was_told_the_stops_own_windows() -> None:
    problem = day([stop(10, windows=(AFTERNOON, MORNING))], [van()])
    rest = rest_of(problem, (OpenRoute(vehicle=0, stops=(0,)),))
    assert set(rest.told[0]) == {MORNING, AFTERNOON}
