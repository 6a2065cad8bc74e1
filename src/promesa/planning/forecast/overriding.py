"""The forecast as planners corrected it; what the model said stays beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from promesa.planning.demand.overrides import DemandOverride, OverrideContent
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import Forecast
from promesa.planning.forecast.totals import add_up


def overridden(
    made: Forecast, keys: Sequence[SeriesKey], overrides: Sequence[DemandOverride]
) -> Forecast:
    """The forecast with what was said instead of it.

    They count in the order in which they were made, each over those before it. A number of orders
    is what the series it names bring together from then on, shared among them as the model shares
    them; what is said of some of them later replaces their part of it. A factor is one of what the
    model says. Of a closed day a number is not taken.

    Args:
        made: What the models say.
        keys: Of its columns.
        overrides: Those that stand.
    """
    factors = np.ones_like(made.mean)
    for each in sorted(overrides, key=lambda one: (one.made_at, one.id)):
        columns = [column for column, key in enumerate(keys) if each.scope.holds(key)]
        for row, day in enumerate(made.days):
            if each.first_day <= day <= each.last_day:
                factors[row, columns] = _factor(each, float(made.mean[row, columns].sum()))
    return replace(
        made,
        mean=made.mean * factors,
        p10=made.p10 * factors,
        p50=made.p50 * factors,
        p90=made.p90 * factors,
    )


def _factor(override: DemandOverride, expected: float) -> float:
    if override.factor is not None:
        return override.factor
    assert override.orders_a_day is not None, "an override says a factor or a number"
    return override.orders_a_day / expected if expected > 0 else 1.0


def said_before(
    made: Forecast, keys: Sequence[SeriesKey], content: OverrideContent
) -> tuple[float | None, ...]:
    """What the models say of each day of an override, to be judged later; None beyond them."""
    columns = [column for column, key in enumerate(keys) if content.scope.holds(key)]
    if not columns:
        return ()
    told = dict(zip(made.days, add_up(made, columns).mean.tolist(), strict=True))
    return tuple(told.get(day) for day in content.days)
