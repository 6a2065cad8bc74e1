"""Scenarios keep the forecast's means and spread, and miss together where an event says so."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from promesa.planning.capacity.scenarios import (
    CommonShares,
    ForecastInvalidError,
    Scenarios,
    Volume,
    draw_scenarios,
)

MONDAY, TUESDAY = date(2026, 10, 5), date(2026, 10, 6)


def cell(series: str, day: date, mean: float, wide: float, event: str = "") -> Volume:
    """A cell whose p90 lies ``wide`` times above its middle."""
    return Volume(
        series=series, date=day, mean=mean, p10=mean / wide, p50=mean, p90=mean * wide, event=event
    )


def correlation(drawn: Scenarios, one: tuple[int, int], other: tuple[int, int]) -> float:
    counts = drawn.parcels
    return float(np.corrcoef(counts[:, *one], counts[:, *other])[0, 1])


def test_the_same_seed_draws_the_same_and_another_name_draws_afresh() -> None:
    volumes = [cell("Ñuñoa", MONDAY, 50, 1.2)]
    first, again = draw_scenarios(volumes, 7, count=50), draw_scenarios(volumes, 7, count=50)
    fresh = draw_scenarios(volumes, 7, count=50, name="fresh")
    assert first.parcels.tolist() == again.parcels.tolist()
    assert first.parcels.tolist() != fresh.parcels.tolist()


def test_means_and_quantiles_are_those_of_the_forecast() -> None:
    wide = 1.5  # The logarithm's sigma is ln 1.5 / 1.2816 = 0.316, so the median lies 5 % below.
    mean = 400.0
    median = mean * float(np.exp(-(0.316**2) / 2))
    volume = Volume(
        series="Maipú", date=MONDAY, mean=mean, p10=median / wide, p50=median, p90=median * wide
    )
    counts = draw_scenarios([volume], 1, count=4_000).parcels[:, 0, 0]
    assert counts.mean() == pytest.approx(mean, rel=0.02)
    low, high = np.quantile(counts, [0.1, 0.9])
    assert (low, high) == (
        pytest.approx(median / wide, rel=0.05),
        pytest.approx(median * wide, rel=0.05),
    )


@pytest.mark.parametrize(("mean", "low", "high"), [(3, 1, 5), (10, 6, 14), (25, 19, 31)])
def test_few_parcels_scatter_as_chance_alone_does_when_the_interval_says_so(
    mean: int, low: int, high: int
) -> None:
    """The tenths of a Poisson, whose variance is its mean."""
    volume = Volume(series="Lampa", date=MONDAY, mean=mean, p10=low, p50=mean, p90=high)
    counts = draw_scenarios([volume], 1, count=4_000).parcels[:, 0, 0]
    assert counts.var() == pytest.approx(mean, rel=0.1)


def test_an_event_is_bigger_everywhere_and_on_all_its_days_at_once() -> None:
    volumes = [
        cell(series, day, 500, 1.8, "CyberMonday")
        for series in ("Maipú", "Ñuñoa")
        for day in (MONDAY, TUESDAY)
    ]
    drawn = draw_scenarios(volumes, 1, count=4_000)
    assert correlation(drawn, (0, 0), (0, 1)) == pytest.approx(0.85, abs=0.06)
    assert correlation(drawn, (0, 0), (1, 0)) == pytest.approx(0.60, abs=0.06)


def test_ordinary_days_share_only_what_a_day_shares() -> None:
    volumes = [cell(series, day, 500, 1.5) for series in ("A", "B") for day in (MONDAY, TUESDAY)]
    drawn = draw_scenarios(volumes, 1, count=4_000, shares=CommonShares(event=0.6, day=0.25))
    assert correlation(drawn, (0, 0), (0, 1)) == pytest.approx(0.25, abs=0.06)
    assert correlation(drawn, (0, 0), (1, 0)) == pytest.approx(0.0, abs=0.06)


def test_a_series_without_a_row_gets_nothing_that_day() -> None:
    volumes = [cell("A", MONDAY, 30, 1.2), cell("B", TUESDAY, 30, 1.2)]
    drawn = draw_scenarios(volumes, 1, count=20)
    assert drawn.parcels[:, 0, 1].tolist() == [0] * 20
    assert drawn.parcels[:, 1, 0].tolist() == [0] * 20


def test_rows_that_cannot_be_are_told_together_with_their_place() -> None:
    volumes = [
        Volume(series="A", date=MONDAY, mean=5, p10=6, p50=5, p90=9),
        Volume(series="A", date=MONDAY, mean=-1, p10=0, p50=0, p90=0),
    ]
    with pytest.raises(ForecastInvalidError) as refused:
        draw_scenarios(volumes, 1)
    faults = refused.value.details["faults"]
    assert isinstance(faults, tuple)
    assert [(fault.row, fault.field) for fault in faults] == [
        (1, "p50"),
        (2, "mean"),
        (2, "date"),
    ]


def test_days_nobody_forecasts_between_two_others_are_empty_days() -> None:
    thursday = date(2026, 10, 8)
    drawn = draw_scenarios([cell("A", MONDAY, 30, 1.2), cell("A", thursday, 30, 1.2)], 1, count=5)
    assert [day.day for day in drawn.days] == [5, 6, 7, 8]
    assert drawn.parcels[:, 1:3].sum() == 0


def test_a_forecast_of_years_is_refused() -> None:
    with pytest.raises(ForecastInvalidError, match="acórtalo a 123 días"):
        draw_scenarios([cell("A", MONDAY, 30, 1.2), cell("A", date(2027, 10, 5), 30, 1.2)], 1)
