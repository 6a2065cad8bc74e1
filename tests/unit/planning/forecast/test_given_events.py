from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import days_from
from promesa.planning.forecast.forecaster import forecast
from promesa.planning.forecast.given_events import estimate_effects, last_said, prior_effects
from promesa.planning.forecast.totals import add_up
from tests.support.demand import MONDAY, day, lifted, steady

KNOWN, AHEAD = 200, 28


def _cyber(at: int, *, days: int = 3, uplift: float = 6.0, sigma: float = 0.5) -> DemandEvent:
    return DemandEvent(
        name="CyberDay", start=day(at), end=day(at + days - 1), uplift=uplift, sigma=sigma
    )


def _effects(events: list[DemandEvent], seen: dict[int, float]) -> tuple[np.ndarray, np.ndarray]:
    """Effects on 200 days and 28 to come of four series; ``seen`` is log over the ordinary."""
    residuals = np.zeros((KNOWN, 4))
    for row, value in seen.items():
        residuals[row] = value
    days = days_from(MONDAY, KNOWN + AHEAD)
    noise = np.full((KNOWN, 4), 0.05**2)
    found = estimate_effects(
        days, ("S0", "S1", "S2", "S3"), events, residuals=residuals, noise=noise
    )
    return found.mean, found.variance


def test_an_event_never_seen_has_its_prior_and_all_its_doubt() -> None:
    mean, variance = _effects([_cyber(210)], {})
    assert np.exp(mean[210:213]) == pytest.approx(6.0)
    assert np.all(np.sqrt(variance[210:213]) >= 0.5)
    assert not mean[:210].any()
    assert not mean[213:].any()


def test_an_event_seen_once_is_expected_nearly_as_it_was() -> None:
    # Last time it was ×3 on all days; its author said ×6.
    log3 = float(np.log(3))
    seen = {100: log3, 101: log3, 102: log3}
    mean, variance = _effects([_cyber(100), _cyber(210)], seen)
    assert np.exp(mean[210:213]).max() < 3.8
    before = _effects([_cyber(210)], {})[1]
    assert np.all(variance[210:213] < before[210:213] / 2)


def test_an_uplift_said_to_stand_is_taken_though_it_is_the_number_of_the_last_one() -> None:
    # It was ×3 where ×6 had been said; who says ×6 again, and means it, gets six.
    seen = dict.fromkeys((100, 101, 102), float(np.log(3)))
    mean, _ = _effects([_cyber(100), replace(_cyber(210), is_firm=True)], seen)
    assert np.exp(mean[210:213]) == pytest.approx(6.0, rel=0.02)


def test_a_forecast_tells_what_was_given_only_where_the_history_moves_it() -> None:
    panel = lifted(steady(200, 2), day(100), [3.0, 3.0, 3.0])
    held = forecast(panel, [_cyber(100), _cyber(210)]).events
    firm = forecast(panel, [_cyber(100), replace(_cyber(210), is_firm=True)]).events
    never = forecast(steady(200, 2), [_cyber(210)]).events
    assert [used.given for used in held] == [pytest.approx(6.0)] * 3
    assert [used.given for used in (*firm, *never)] == [None] * 6


def test_an_uplift_said_anew_is_not_held_against_what_the_last_one_did() -> None:
    # It was ×3 where ×6 had been said; who learns from it says ×3, and means three.
    seen = dict.fromkeys((100, 101, 102), float(np.log(3)))
    typed = replace(_cyber(210, uplift=3.0, sigma=0.2), is_firm=True)
    mean, variance = _effects([_cyber(100), typed], seen)
    assert np.exp(mean[210:213]) == pytest.approx(3.0, rel=0.02)
    assert np.all(np.sqrt(variance[210:213]) >= 0.2)


def test_a_correction_of_the_last_one_leaves_what_it_did_to_teach_the_next() -> None:
    seen = dict.fromkeys((100, 101, 102), float(np.log(3)))
    corrected = replace(_cyber(100, uplift=3.0), is_firm=True)
    mean, _ = _effects([corrected, _cyber(210)], seen)
    untouched, _ = _effects([_cyber(100), _cyber(210)], seen)
    assert mean[210, 0] == pytest.approx(untouched[210, 0])


def test_an_uplift_of_the_occurrence_after_the_next_stands_beside_one_to_be_learnt() -> None:
    learnt, given = _cyber(210), replace(_cyber(220, uplift=2.0), sigma=0.3)
    found = last_said([replace(learnt, uplift=None, sigma=None), given], day(199))
    assert [event.uplift for event in found] == [None, 2.0]


def test_who_takes_the_uplift_off_the_next_one_has_those_seen_teach_it() -> None:
    panel = steady(200, 3, rate=200)
    for start in (60, 130):
        panel = lifted(panel, day(start), [2.5])
    dates = (60, 130, 210)
    events = [DemandEvent(name="Cyber", start=day(at), end=day(at), uplift=6.0) for at in dates]
    events[2] = replace(events[2], uplift=None)
    (used,) = forecast(panel, events).events
    assert not used.is_given
    assert used.factor > 1.8


def test_an_event_of_few_series_leaves_the_others_as_sure_of_themselves_and_of_the_sum() -> None:
    panel = steady(200, 8, rate=60)
    few = DemandEvent(name="Liquidación", start=day(205), end=day(205), series=frozenset({"S0"}))
    without, made = forecast(panel, []), forecast(panel, [few])
    others = range(1, 8)
    assert made.p90[5, 0] > 1.3 * without.p90[5, 0]
    assert made.p90[5, 1:] == pytest.approx(without.p90[5, 1:])
    assert add_up(made, others).p90[5] == pytest.approx(add_up(without, others).p90[5])


def test_the_series_of_an_event_of_some_miss_together_big_and_small_ones() -> None:
    few = ("S0", "S1", "S2")
    panel = steady(200, 8, rate=60)
    panel.parcels[:, 1:3] = steady(200, 2, rate=6, seed=2).parcels
    event = DemandEvent(
        name="Liquidación",
        start=day(205),
        end=day(205),
        uplift=2.0,
        sigma=0.5,
        series=frozenset(few),
    )
    made = forecast(panel, [event])
    sure = replace(made, scoped=())
    whole, apart = add_up(made, range(3)), add_up(sure, range(3))
    # One typed factor is as wrong for all three as for each.
    assert whole.p90[5] / whole.p10[5] > 1.1 * apart.p90[5] / apart.p10[5]
    assert whole.p90[5] / whole.p10[5] == pytest.approx(made.p90[5, 0] / made.p10[5, 0], rel=0.15)
    assert add_up(made, range(3, 8)).p90 == pytest.approx(add_up(sure, range(3, 8)).p90)


def test_a_prior_that_is_sure_moves_less() -> None:
    seen = dict.fromkeys((100, 101, 102), float(np.log(3)))
    sure, _ = _effects([_cyber(100, sigma=0.05), _cyber(210, sigma=0.05)], seen)
    unsure, _ = _effects([_cyber(100), _cyber(210)], seen)
    assert sure[210, 0] > unsure[210, 0]


def test_the_profile_of_the_days_is_kept() -> None:
    event = DemandEvent(
        name="CyberDay",
        start=day(210),
        end=day(212),
        uplift=6.0,
        sigma=0.5,
        profile=(1.2, 0.8, 1.0),
    )
    mean, _ = _effects([event], {})
    assert np.exp(mean[210:213, 0]) == pytest.approx([7.2, 4.8, 6.0])


def test_a_campaign_touches_only_its_series() -> None:
    campaign = DemandEvent(
        name="Campaña", start=day(205), end=day(206), uplift=2.0, series=frozenset({"S2"})
    )
    mean, _ = _effects([campaign], {})
    assert np.exp(mean[205]) == pytest.approx([1, 1, 2, 1])


def test_the_peak_before_does_not_lift_the_days_after() -> None:
    peak = lifted(steady(200, 2), day(180), [6.0, 5.0, 5.0])
    with_event = forecast(peak, [_cyber(180)])
    without = forecast(steady(200, 2), [])
    assert np.abs(np.log(with_event.p50 / without.p50)).max() < 0.1


def test_raising_the_uplift_of_an_event_to_come_raises_its_days_alone() -> None:
    panel = steady(200, 2)
    low, high = forecast(panel, [_cyber(205, uplift=3)]), forecast(panel, [_cyber(205, uplift=6)])
    ratio = high.p50 / low.p50
    assert ratio[5:8] == pytest.approx(2.0)
    assert np.delete(ratio, [5, 6, 7], axis=0) == pytest.approx(1.0)
    used = [event for event in high.events if event.day == day(205)]
    assert used[0].factor == pytest.approx(6.0)
    assert used[0].is_given


def test_it_says_what_the_history_itself_did() -> None:
    # Given six times the usual; it was two and a half, twice.
    panel = steady(200, 3, rate=200)
    events = [
        DemandEvent(name="Cyber", start=day(start), end=day(start), uplift=6.0, sigma=0.5)
        for start in (60, 130, 210)
    ]
    for start in (60, 130):
        panel = lifted(panel, day(start), [2.5])
    seen = forecast(panel, events).basis.own_events["Cyber"]
    assert seen.times == 2
    assert 2.3 < seen.factor < 2.7


def test_of_an_event_never_seen_the_history_says_nothing() -> None:
    cyber = DemandEvent(name="Cyber", start=day(95), end=day(95), uplift=6.0)
    assert not forecast(steady(90, 3), [cyber]).basis.own_events


def test_two_events_of_one_day_multiply() -> None:
    campaign = DemandEvent(name="Campaña", start=day(211), end=day(211), uplift=2.0)
    mean, _ = _effects([_cyber(210), campaign], {})
    assert np.exp(mean[210:213, 0]) == pytest.approx([6, 12, 6])


def test_two_rows_of_one_event_count_once_a_day_the_later_one() -> None:
    mean, _ = _effects([_cyber(210), _cyber(212, days=2, uplift=4.0)], {})
    assert np.exp(mean[210:214, 0]) == pytest.approx([6, 6, 4, 4])
    days = days_from(MONDAY, KNOWN + AHEAD)
    lift = prior_effects(days, ("S0",), [_cyber(210), _cyber(212, days=2, uplift=4.0)])
    assert np.exp(lift[210:214, 0]) == pytest.approx([6, 6, 4, 4])


def test_who_was_too_sure_of_events_seen_is_taken_to_be_of_one_never_seen() -> None:
    # Four campaigns of ×2, as sure as 0.1, and each was ×1.2: five deviations off.
    seen = [
        DemandEvent(name=f"Venta {n}", start=day(20 * n), end=day(20 * n), uplift=2.0, sigma=0.1)
        for n in range(1, 5)
    ]
    new = DemandEvent(name="Aniversario", start=day(210), end=day(210), uplift=2.0, sigma=0.1)
    came = {20 * n: float(np.log(1.2)) for n in range(1, 5)}
    _, alone = _effects([new], {})
    mean, doubted = _effects([*seen, new], came)
    assert np.exp(mean[210, 0]) == pytest.approx(2.0)
    assert doubted[210, 0] > 2 * alone[210, 0]
    # Those that were as they were said make it surer.
    right = {20 * n: float(np.log(2.0)) for n in range(1, 5)}
    _, sure = _effects([*seen, new], right)
    assert sure[210, 0] < alone[210, 0]
