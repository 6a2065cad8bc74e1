"""Going to a meeting has its price; who would be late for it, or kept after hours, does not go.

V-1 visits P-10 and is back at 08:22; by the meeting at 15 it is back at 08:32.
"""

from __future__ import annotations

import pytest

from promesa.routing.placing import OpenRoute
from promesa.routing.problem import NOTHING, Problem, Window
from promesa.routing.replan.rescue import opening_cost_clp
from tests.support.routing_days import at, day, stop, van, window

MEETING = stop(15, id="encuentro", delivered=NOTHING, service_time_s=0)


def cost_clp(problem: Problem, now: tuple[int, ...], opened: tuple[int, ...]) -> int | None:
    routes = (OpenRoute(vehicle=0, stops=stops) for stops in (now, opened))
    return opening_cost_clp(problem, *routes)


@pytest.mark.parametrize(("end_min", "price_clp"), [(32, 1_500), (31, None)])
def test_a_van_that_the_meeting_would_keep_after_hours_does_not_go(
    end_min: int, price_clp: int | None
) -> None:
    """Ten minutes at 6.000 an hour, five kilometres at 100."""
    problem = day([stop(10), MEETING], [van(shift_end_s=at(end_min))])
    assert cost_clp(problem, (0,), (0, 1)) == price_clp


@pytest.mark.parametrize(("promised", "price_clp"), [(window(0, 20), 1_500), (window(0, 19), None)])
def test_a_van_that_the_meeting_would_make_late_does_not_go(
    promised: Window, price_clp: int | None
) -> None:
    """By the meeting first it is at P-10 at 08:20."""
    problem = day([stop(10, windows=(promised,)), MEETING], [van()])
    assert cost_clp(problem, (0,), (1, 0)) == price_clp


def test_a_van_that_waits_pays_for_leaving_and_stays_within_its_hours() -> None:
    """Half an hour, fifteen kilometres, and 10.000 for leaving at all."""
    assert cost_clp(day([stop(10), MEETING]), (), (1,)) == 10_000 + 3_000 + 1_500
    brief = day([stop(10), MEETING], [van(shift_end_s=at(29))])
    assert cost_clp(brief, (), (1,)) is None
