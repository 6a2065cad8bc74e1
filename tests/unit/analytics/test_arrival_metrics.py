"""How good the estimates are, on errors small enough to add by hand.

Half an hour before, four stops were told an hour; they came 2 min early, in the minute, 4 min late
and 30 min late. Each band goes from 5 min before the hour to 10 min after it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promesa.analytics.arrival_metrics import quantile
from promesa.analytics.facts import DayFacts, StopFact
from promesa.analytics.indicator import IN_PROGRESS
from promesa.analytics.reports import report_of
from promesa.domain.stop import Outcome
from promesa.kernel.ids import derived_id
from promesa.tracking.eta import Basis
from promesa.tracking.repository import ArrivalEstimate
from tests.support.orders_memory import TODAY
from tests.unit.analytics.test_reports import DAY, NOON, stop

KINDS = ("mae", "p50", "p90", "bias", "in_band", "band_width")


def said(name: str, horizon_min: int = 30) -> ArrivalEstimate:
    return ArrivalEstimate(
        stop_id=derived_id("stop", name),
        horizon_min=horizon_min,
        made_at=NOON - timedelta(minutes=horizon_min),
        p10=NOON - timedelta(minutes=5),
        p50=NOON,
        p90=NOON + timedelta(minutes=10),
        basis=Basis.POSITION,
    )


def visit(name: str, minutes: float, *horizons: int) -> StopFact:
    """A stop estimated for noon that the van reached so many minutes after it."""
    return stop(
        name,
        1,
        0,
        arrived_at=NOON + timedelta(minutes=minutes),
        closed_at=NOON + timedelta(minutes=minutes + 3),
        estimates={horizon: said(name, horizon) for horizon in horizons or (30,)},
    )


VISITS = (visit("ana", -2), visit("beto", 0), visit("carla", 4), visit("dani", 30))


def day(*stops: StopFact) -> DayFacts:
    return DayFacts(date=TODAY, orders=(), stops=stops, routes=())


@pytest.mark.parametrize(
    ("key", "value", "numerator"),
    [
        ("eta_mae_30", 9.0, 36 * 60),  # (2 + 0 + 4 + 30) / 4.
        ("eta_bias_30", 8.0, 32 * 60),  # (-2 + 0 + 4 + 30) / 4.
        ("eta_p50_30", 2.0, 2),  # 0, 2, 4, 30: two of four are within 2 min.
        ("eta_p90_30", 30.0, 4),
        ("eta_in_band_30", 75.0, 3),  # Dani came after the band.
        ("eta_band_width_30", 15.0, 60 * 60),
    ],
)
def test_the_errors_are_what_adding_by_hand_gives(key: str, value: float, numerator: float) -> None:
    indicator = report_of(day(*VISITS)).get(key)
    assert (indicator.value, indicator.numerator, indicator.denominator) == (value, numerator, 4)


@pytest.mark.parametrize("kind", KINDS)
def test_a_horizon_nobody_was_told_at_is_unknown_and_not_zero(kind: str) -> None:
    indicator = report_of(day(*VISITS)).get(f"eta_{kind}_120")
    assert (indicator.value, indicator.denominator, indicator.excluded) == (None, 0, 4)
    assert {row.excluded for row in indicator.rows} == {
        "no hay estimación guardada de esa antelación"
    }


def test_each_horizon_is_judged_by_its_own_estimates() -> None:
    report = report_of(day(visit("ana", 6, 120), visit("beto", 1, 30, 10)))
    values = [report.get(f"eta_mae_{horizon}").value for horizon in (120, 30, 10)]
    assert values == [6.0, 1.0, 1.0]


def test_who_comes_early_is_told_apart_from_who_comes_late() -> None:
    report = report_of(day(visit("ana", -3), visit("beto", -1)))
    assert report.get("eta_bias_30").value == -2.0
    assert report.get("eta_mae_30").value == 2.0


def test_both_ends_of_the_band_are_in_it() -> None:
    edges = (visit("ana", -5), visit("beto", 10), visit("carla", -5.1), visit("dani", 10.1))
    counted = {
        row.label: row.numerator for row in report_of(day(*edges)).get("eta_in_band_30").rows
    }
    assert counted == {"ana": 1, "beto": 1, "carla": 0, "dani": 0}


def test_what_has_no_arrival_yet_says_why_it_does_not_count() -> None:
    """Ana is expected, Beto was closed without arriving, Carla was taken off her van."""
    ana = replace(visit("ana", 0), outcome=None, arrived_at=None, closed_at=None)
    beto = replace(visit("beto", 0), arrived_at=None)
    carla = replace(ana, reference="carla", outcome=Outcome.CANCELLED)
    going = replace(day(ana, beto, carla), at=NOON)
    rows = {row.label: row.excluded for row in report_of(going).get("eta_mae_30").rows}
    assert rows == {"ana": IN_PROGRESS, "beto": "sin hora de llegada"}
    over = report_of(replace(going, at=None)).get("eta_mae_30")
    assert (over.value, over.rows[0].excluded) == (None, "no se visitó")


def test_a_row_says_what_was_estimated_when_and_what_came() -> None:
    row = report_of(day(visit("dani", 30))).get("eta_mae_30").rows[0]
    assert (row.subject, row.numerator) == ("stop", 1_800)
    assert row.note == (
        "a las 11:30 se estimó 12:00 (entre 11:55 y 12:10); con posición; "
        "llegó 12:30, 30 min después"
    )


def test_time_at_the_stop_is_from_arriving_to_closing() -> None:
    unknown = stop("eva", 2, 0, arrived_at=None)
    indicator = report_of(day(visit("ana", 0), visit("beto", 1), unknown)).get("time_at_stop")
    assert (indicator.value, indicator.denominator, indicator.excluded) == (3.0, 2, 1)


def test_harmed_parcels_and_asked_silence_are_counted_among_those_concerned() -> None:
    """Ana's three parcels: one damaged, one lost. Beto's one is well; he wants no more SMS."""
    ana, beto = (replace(order, parcels=n) for order, n in zip(DAY.orders, (3, 1), strict=False))
    ana = replace(ana, parcels_damaged=1, parcels_lost=1)
    beto = replace(beto, has_declined=True)
    report = report_of(replace(DAY, orders=(ana, beto)))
    harmed, silent = report.get("parcels_harmed"), report.get("opted_out")
    assert (harmed.value, harmed.numerator, harmed.denominator) == (50.0, 2, 4)
    assert harmed.rows[0].note == "dañados: 1, extraviados: 1"
    assert (silent.value, silent.denominator) == (50.0, 2)


@given(st.lists(st.integers(0, 5_000), min_size=1), st.sampled_from([0.5, 0.9]))
def test_a_quantile_is_one_of_them_that_its_share_does_not_exceed(
    errors: list[int], share: float
) -> None:
    found = quantile(errors, share)
    assert found in errors
    assert sum(error <= found for error in errors) >= share * len(errors)
    assert sum(error < found for error in errors) < share * len(errors)


@given(st.lists(st.integers(-200, 200), min_size=1, max_size=12))
def test_the_measures_of_one_day_agree(minutes: list[int]) -> None:
    report = report_of(day(*(visit(f"o{n}", late) for n, late in enumerate(minutes))))
    value = {kind: report.get(f"eta_{kind}_30").value or 0.0 for kind in KINDS}
    assert abs(value["bias"]) <= value["mae"] + 1e-3
    assert value["p50"] <= value["p90"] <= max(map(abs, minutes))
    assert 0 <= value["in_band"] <= 100
