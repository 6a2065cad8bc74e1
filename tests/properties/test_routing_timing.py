"""Laws of timing: the quick way finds what trying every place for every break finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from promesa.routing.plan import RELOAD
from promesa.routing.problem import Problem
from promesa.routing.schedule import time_route
from tests.support.problems import long_days, problems, sequences
from tests.support.slow_timing import earliest_end_s, ends_by, last_start_s

ANY_DAYS = problems(stops_max=4, vehicles_max=1, with_islands=False, with_rights=False)


@st.composite
def routes(draw: st.DrawFn) -> tuple[Problem, tuple[int, ...]]:
    """A van and what it drives: mostly a long day with promises, now and then anything."""
    if draw(st.integers(0, 3)):
        return draw(long_days())
    problem = draw(ANY_DAYS)
    return problem, _trips(draw(sequences(problem)).get(0, ()))


def _trips(sequence: tuple[int, ...]) -> tuple[int, ...]:
    """Without the trips nobody makes."""
    return tuple(
        step
        for number, step in enumerate(sequence)
        if step != RELOAD or (0 < number < len(sequence) - 1 and sequence[number - 1] != RELOAD)
    )


@settings(max_examples=200)
@given(routes())
def test_a_route_ends_as_soon_as_any_placing_of_its_breaks_lets_it(
    asked: tuple[Problem, tuple[int, ...]],
) -> None:
    problem, sequence = asked
    expected_s = earliest_end_s(problem, 0, sequence)
    route = time_route(problem, 0, sequence)
    if expected_s is not None:
        assert (route.end_s, route.lateness_s, route.breaks_missed) == (expected_s, 0, 0)
    elif problem.earliest_s(0) <= last_start_s(problem, 0):
        assert route.lateness_s or route.breaks_missed


@settings(max_examples=200)
@given(routes())
def test_no_later_departure_would_do(asked: tuple[Problem, tuple[int, ...]]) -> None:
    problem, sequence = asked
    end_s = earliest_end_s(problem, 0, sequence)
    if end_s is None:
        return
    route = time_route(problem, 0, sequence)
    last_s = last_start_s(problem, 0)
    assert route.departure_s <= last_s
    assert ends_by(problem, 0, sequence, route.departure_s, end_s)
    for later_s in (1, 2, 60, 1_800):
        departure_s = route.departure_s + later_s
        if departure_s <= last_s:
            assert not ends_by(problem, 0, sequence, departure_s, end_s)
