"""Odds in closed form, against chance drawn many times and numbers checked by hand."""

from __future__ import annotations

import math

import pytest

from promesa.kernel.seeds import stream
from promesa.promising.odds import (
    FEW_VANS_MAX,
    Scatter,
    Spread,
    capped,
    closing_ratio,
    crews,
    in_time_share,
    pressed_share,
    served_share,
)

DRAWS = 40_000
# Means of so many draws are off by less, nine hundred and ninety-nine times of a thousand.
CLOSE = 0.01


def lognormal(mean: float, sd: float) -> tuple[float, float]:
    """Mu and sigma of the logarithm."""
    square = math.log1p((sd / mean) ** 2)
    return math.log(mean) - square / 2, math.sqrt(square)


@pytest.mark.parametrize("load", [0.8, 0.95, 1.0, 1.2])
def test_what_an_order_more_takes_from_the_others_is_the_slope_of_the_share_served(
    load: float,
) -> None:
    room, spread = Spread(mean=100.0, sd=6.0), 0.12
    less, more = (Spread(mean=100 * x, sd=100 * x * spread) for x in (load * 0.99, load * 1.01))
    slope = (served_share(less, room) - served_share(more, room)) / 0.02
    work = Spread(mean=100 * load, sd=100 * load * spread)
    assert pressed_share(work, room) == pytest.approx(slope, rel=0.01)


@pytest.mark.parametrize(("work", "room"), [(80.0, 100.0), (100.0, 100.0), (140.0, 100.0)])
def test_the_share_served_is_the_mean_of_capacity_over_work_where_work_is_more(
    work: float, room: float
) -> None:
    chance = stream(1, "odds", int(work))
    total = 0.0
    for _ in range(DRAWS):
        done = chance.lognormvariate(*lognormal(room, 5))
        total += min(1.0, done / chance.lognormvariate(*lognormal(work, 15)))
    share = served_share(Spread(mean=work, sd=15), Spread(mean=room, sd=5))
    assert share == pytest.approx(total / DRAWS, abs=CLOSE)


def test_without_scatter_twice_the_work_is_half_served() -> None:
    assert served_share(Spread(mean=200, sd=0), Spread(mean=100, sd=0)) == pytest.approx(0.5)
    assert served_share(Spread(mean=50, sd=0), Spread(mean=100, sd=0)) == 1.0


def test_a_day_without_vans_serves_nothing_and_one_without_work_all() -> None:
    assert served_share(Spread(mean=10, sd=1), Spread(mean=0, sd=0)) == 0.0
    assert served_share(Spread(mean=0, sd=0), Spread(mean=0, sd=0)) == 1.0


def test_a_load_cut_off_at_a_limit_has_the_mean_and_spread_of_what_is_left() -> None:
    chance = stream(2, "capped")
    drawn = [min(110.0, chance.gauss(100, 20)) for _ in range(DRAWS)]
    mean = sum(drawn) / DRAWS
    sd = math.sqrt(sum((each - mean) ** 2 for each in drawn) / DRAWS)
    found = capped(Spread(mean=100, sd=20), 110)
    assert (found.mean, found.sd) == pytest.approx((mean, sd), rel=CLOSE)


def test_a_sure_load_below_its_limit_stays_what_it_is() -> None:
    assert capped(Spread(mean=50, sd=0), 80) == Spread(mean=50, sd=0)
    assert capped(Spread(mean=90, sd=0), 80) == Spread(mean=80, sd=0)


def test_a_visit_without_delay_is_always_in_time() -> None:
    on_the_dot = Scatter(delay_s=0, delay_sd_s=1)
    assert in_time_share(7_200, on_the_dot) == pytest.approx(1.0)


def test_the_odds_of_being_in_time_are_those_of_arrivals_drawn_in_the_window() -> None:
    scatter, width_s = Scatter(), 7_200.0
    slack_s = min(scatter.slack_s_max, width_s * scatter.slack_share)
    chance = stream(3, "arrivals")
    kept = sum(
        chance.uniform(0, width_s - slack_s) + chance.gauss(scatter.delay_s, scatter.delay_sd_s)
        <= width_s
        for _ in range(DRAWS)
    )
    assert in_time_share(width_s, scatter) == pytest.approx(kept / DRAWS, abs=CLOSE)


def test_a_narrower_window_is_kept_less_surely() -> None:
    odds = [in_time_share(hours * 3_600, Scatter()) for hours in (1, 2, 4, 12)]
    assert odds == sorted(odds)


def test_a_day_closes_where_the_share_asked_is_still_served() -> None:
    scatter = Scatter()
    ratio = closing_ratio(0.97, scatter)
    work = Spread(mean=ratio * 1e6, sd=ratio * 1e6 * scatter.work_cv)
    room = Spread(mean=1e6, sd=1e6 * scatter.capacity_cv)
    assert served_share(work, room) == pytest.approx(0.97, abs=0.001)
    assert closing_ratio(0.99, scatter) < ratio


def test_of_two_vans_both_come_nearly_always_and_one_now_and_then() -> None:
    both, one, none = crews(2, Scatter(absent_share=0.1, capacity_cv=0.0))
    assert (both.odds, one.odds, none.odds) == pytest.approx((0.81, 0.18, 0.01))
    # In the mean they serve what was planned: 1.8 vans of those that come.
    assert (both.share, one.share, none.share) == pytest.approx((1 / 0.9, 0.5 / 0.9, 0.0))


@pytest.mark.parametrize("vans", [1, 2, 5, 12, FEW_VANS_MAX])
def test_few_vans_serve_what_was_planned_in_the_mean_with_no_less_scatter_than_many(
    vans: int,
) -> None:
    scatter = Scatter()
    found = crews(vans, scatter)
    assert sum(crew.odds for crew in found) == pytest.approx(1.0)
    assert sum(crew.odds * crew.share for crew in found) == pytest.approx(1.0)
    variance = sum(
        crew.odds * ((crew.share - 1) ** 2 + (crew.cv * crew.share) ** 2) for crew in found
    )
    assert math.sqrt(variance) > scatter.capacity_cv * 0.95


def test_many_vans_and_vans_that_nobody_counts_come_as_one() -> None:
    (unknown,), (many,) = crews(None, Scatter()), crews(FEW_VANS_MAX + 1, Scatter())
    assert unknown == many
    assert unknown.of(200.0) == Spread(mean=200.0, sd=8.0)


def test_a_day_of_few_vans_closes_sooner_and_still_opens_with_one() -> None:
    ratios = [closing_ratio(0.979, Scatter(), vans) for vans in (1, 3, 5, 10, 100)]
    assert ratios == sorted(ratios)
    assert ratios[0] > 0.9
