"""Shares lie between 0 and 100 and inversions are counted right, whatever the day was like."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from promesa.analytics.facts import DayFacts, StopFact
from promesa.analytics.reports import report_of
from promesa.analytics.route_metrics import inversions
from promesa.domain.stop import Outcome, StopType
from promesa.kernel.ids import derived_id
from promesa.promising.windows import EARNED_WIDTH, STEP, earned_window
from tests.support.dispatch_memory import NINE
from tests.support.orders_memory import TODAY
from tests.unit.analytics.test_reports import DAY, ROUTE_ID, order


@st.composite
def days(draw: st.DrawFn) -> DayFacts:
    """A route with some visits in any order and outcome, and orders delivered at any hour."""
    count = draw(st.integers(0, 8))
    stops = tuple(
        StopFact(
            stop_id=derived_id("stop", number),
            order_id=derived_id("order", f"o{number}"),
            route_id=ROUTE_ID,
            route_code="R-01",
            reference=f"o{number}",
            type=StopType.DELIVERY,
            outcome=draw(st.sampled_from([None, *Outcome])),
            reason=draw(st.sampled_from([None, "TRAFFIC", "WEATHER"])),
            attempt=draw(st.integers(1, 3)),
            sequence=draw(st.none() | st.integers(1, 8)),
            planned_arrival=None,
            arrived_at=draw(st.none() | st.just(NINE)),
            closed_at=draw(
                st.none() | st.integers(0, 700).map(lambda m: NINE + timedelta(minutes=m))
            ),
            kinds=frozenset(draw(st.sets(st.sampled_from(["photo", "note"])))),
            away_m=draw(st.none() | st.floats(0, 1_000)),
            arrived_by=draw(st.sampled_from([None, "driver", "geofence"])),
        )
        for number in range(count)
    )
    orders = tuple(
        order(
            f"o{number}",
            draw(st.none() | st.integers(-60, 900).map(lambda m: NINE + timedelta(minutes=m))),
            rating=draw(st.none() | st.integers(1, 5)),
            cod_due_clp=draw(st.none() | st.integers(0, 50_000)),
            cod_collected_clp=draw(st.none() | st.integers(0, 90_000)),
            on_attempt=draw(st.none() | st.integers(1, 3)),
        )
        for number in range(count)
    )
    return DayFacts(date=TODAY, orders=orders, stops=stops, routes=DAY.routes)


@given(days())
def test_no_share_exceeds_everything_and_each_value_follows_from_its_rows(day: DayFacts) -> None:
    for indicator in report_of(day).indicators:
        counted = [row for row in indicator.rows if not row.excluded]
        assert indicator.denominator == sum(row.denominator for row in counted)
        if indicator.unit == "%" and indicator.value is not None:
            assert 0 <= indicator.value <= 100, indicator.key
        assert (indicator.value is None) == (indicator.denominator == 0)


@given(st.lists(st.integers(0, 20), max_size=12))
def test_inversions_are_the_pairs_that_stand_the_wrong_way_round(sequence: list[int]) -> None:
    assert inversions(sequence) == sum(a > b for a, b in combinations(sequence, 2))


@given(st.integers(0, 24 * 60))
def test_an_earned_window_holds_the_arrival_it_was_earned_by(minute: int) -> None:
    arrival = NINE + timedelta(minutes=minute)
    window = earned_window(arrival)
    assert window.contains(arrival)
    assert window.width == EARNED_WIDTH
    assert window.start.minute % (STEP.total_seconds() / 60) == 0
