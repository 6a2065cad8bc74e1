from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.series import DayCounts, SeriesKey
from promesa.planning.forecast.looking_ahead import make_outlook
from promesa.planning.forecast.outlook import OutlookInputs, judged_part
from tests.support.demand import day, steady


def _counts(comunas: int, rate: float, days: int = 130) -> DayCounts:
    parcels = steady(days, comunas, rate=rate).parcels
    return {
        SeriesKey(comuna=f"C{column:02}"): {
            day(row): int(orders) for row, orders in enumerate(parcels[:, column])
        }
        for column in range(comunas)
    }


def test_comunas_of_hardly_a_parcel_add_up_to_what_came() -> None:
    # Their medians are nothing each, and would add up to nothing.
    inputs = OutlookInputs(counts=_counts(30, 0.4), events=(), until=day(129), lead_times={})
    judged = make_outlook(inputs, seed=1).judged.values()
    expected = sum(sum(each.expected) for each in judged)
    came = sum(orders or 0.0 for each in judged for orders in each.came)
    assert 0.85 < expected / came < 1.15


def test_the_same_inputs_give_the_same_number_whatever_was_forecast_before() -> None:
    counts = _counts(3, 60.0)
    inputs = OutlookInputs(counts=counts, events=(), until=day(129), lead_times={})
    first = make_outlook(inputs, seed=1)
    again = make_outlook(replace(inputs, before=first), seed=1)
    assert again.mean == first.mean
    # A file comes and goes.
    other = {
        key: {each: orders + 9 for each, orders in days.items()} for key, days in counts.items()
    }
    between = make_outlook(replace(inputs, counts=other, before=again), seed=1)
    assert between.mean != first.mean
    assert make_outlook(replace(inputs, before=between), seed=1).mean == first.mean


def test_an_event_that_was_edited_leaves_what_forecasts_were_judged_by() -> None:
    inputs = OutlookInputs(counts=_counts(3, 60.0), events=(), until=day(129), lead_times={})
    before = make_outlook(inputs, seed=1)
    cyber = DemandEvent(name="Cyber", start=day(135), end=day(135), uplift=2.0)
    after = make_outlook(replace(inputs, events=(cyber,), before=before), seed=1)
    assert after.judged is before.judged
    # Only the days of the event have moved.
    assert [each[4] for each in after.mean] == [each[4] for each in before.mean]
    assert after.mean[0][5] > 1.5 * before.mean[0][5]


def test_all_comunas_together_are_judged_as_well() -> None:
    inputs = OutlookInputs(counts=_counts(3, 60.0), events=(), until=day(129), lead_times={})
    made = make_outlook(inputs, seed=1)
    assert made.judged_whole is not None
    # Chance is smaller beside the sum.
    errors = [each.wape or 0.0 for each in made.judged.values()]
    assert (made.judged_whole.wape or 1.0) < min(errors)
    assert made.judged_whole.came[0] == sum(each.came[0] or 0 for each in made.judged.values())


def test_a_comuna_of_one_day_leaves_the_past_of_all_known() -> None:
    counts = dict(_counts(3, 60.0))
    counts[SeriesKey(comuna="Lampa")] = {day(129): 900}
    made = make_outlook(
        OutlookInputs(counts=counts, events=(), until=day(129), lead_times={}), seed=1
    )
    assert made.judged_whole is not None
    assert None not in made.judged_whole.came


def test_a_year_of_history_is_looked_at_three_months_ahead() -> None:
    sale = DemandEvent(name="Venta", start=day(459), end=day(459), uplift=2.0, sigma=0.1)
    counts = _counts(3, 60.0, days=400)
    made = make_outlook(
        OutlookInputs(counts=counts, events=(sale,), until=day(399), lead_times={}), seed=1
    )
    assert (len(made.days), made.days[-1]) == (28, day(427))
    far = made.reaching(90)
    assert (len(far.days), far.days[28], far.days[-1]) == (90, day(428), day(489))
    assert far.mean[0][:28] == made.mean[0]
    # The same weekday a week before, twice.
    assert 1.6 < far.mean[0][59] / far.mean[0][52] < 2.4
    assert [used.day for used in far.events] == [day(459)]
    assert (len(made.reaching(56).days), made.reaching(56).events) == (56, ())


def test_less_than_a_year_is_not_looked_at_beyond_four_weeks() -> None:
    inputs = OutlookInputs(counts=_counts(3, 60.0), events=(), until=day(129), lead_times={})
    made = make_outlook(inputs, seed=1)
    assert made.far is None
    assert made.reaching(90) is made


def test_weeks_of_last_year_are_no_weeks_that_past_forecasts_knew() -> None:
    # Two weeks, a gap of 350 days, 40 days: eight weeks ago hardly more than the two were known.
    told = [*range(14), *range(364, 404)]
    counts = {
        key: {day(row): days[day(row)] for row in told}
        for key, days in _counts(2, 30.0, days=404).items()
    }
    made = make_outlook(
        OutlookInputs(counts=counts, events=(), until=day(403), lead_times={}), seed=1
    )
    assert sum(made.mean[0]) / 28 == pytest.approx(30.6, rel=0.15)
    assert (made.judged, made.judged_whole) == ({}, None)


def test_one_that_stopped_leaves_one_of_ten_days_its_forecast() -> None:
    ((key, days),) = _counts(1, 30.0, days=90).items()
    stopped = {each: orders if each < day(70) else 0 for each, orders in days.items()}
    new = {day(row): 12 for row in range(80, 90)}
    made = make_outlook(
        OutlookInputs(
            counts={key: stopped, SeriesKey(comuna="Lampa"): new},
            events=(),
            until=day(89),
            lead_times={},
        ),
        seed=1,
    )
    assert set(made.mean[0]) == {0.0}
    assert sum(made.mean[1]) / 28 == pytest.approx(12, rel=0.15)


def test_a_comuna_of_two_depots_is_judged_by_each_of_them_too() -> None:
    counts = {
        SeriesKey(comuna="Maipú", depot="NORTE" if number else "SUR"): days
        for number, days in enumerate(_counts(2, 60.0).values())
    }
    inputs = OutlookInputs(counts=counts, events=(), until=day(129), lead_times={})
    judged = make_outlook(inputs, seed=1).judged
    assert sorted(judged) == ["Maipú", "Maipú · NORTE", "Maipú · SUR"]
    parts = [judged[judged_part("Maipú", depot)].came[0] or 0.0 for depot in ("NORTE", "SUR")]
    assert sum(parts) == judged["Maipú"].came[0]
