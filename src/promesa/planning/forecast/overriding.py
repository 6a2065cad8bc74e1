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

    Of several that speak of the same series and day the one made last holds. A number of orders is
    what the series it names are expected to bring together, shared among them as the model shares
    them, so that they add up to it; of a closed day it is not taken.

    Args:
        made: What the models say.
        keys: Of its columns.
        overrides: Those that stand.
    """
    factors = np.ones_like(made.mean)
    for row, day in enumerate(made.days):
        free = set(range(len(keys)))
        for each in sorted(overrides, key=lambda one: (one.made_at, one.id), reverse=True):
            touched = [column for column in sorted(free) if each.touches(keys[column], day)]
            if touched:
                factors[row, touched] = _factor(each, float(add_up(made, touched).mean[row]))
                free -= set(touched)
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
