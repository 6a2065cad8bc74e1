"""The forecast as planners corrected it; what the model said stays beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError
from promesa.planning.demand.overrides import DemandOverride, OverrideContent
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import HALF_PARCEL, Forecast, log_deviation
from promesa.planning.forecast.low_volume import Counts
from promesa.planning.forecast.totals import add_up

Floats = NDArray[np.float64]

_TABLES = ("mean", "p10", "p50", "p90")


class OverrideOfNothingError(InvalidError):
    """Nothing is forecast of what an override names, so that it would move nothing."""

    code: ClassVar[str] = "demand_override_of_nothing"
    message: ClassVar[str] = (
        "No hay pronóstico de esa comuna, CD o clase, así que la corrección no movería nada. "
        "Trae en Historia un día con pedidos suyos y pronostica de nuevo, o corrige el total."
    )


def overridden(
    made: Forecast, keys: Sequence[SeriesKey], overrides: Sequence[DemandOverride]
) -> Forecast:
    """The forecast with what was said instead of it.

    They count in the order in which they were made, each over those before it. A number of orders
    is what the series it names bring together from then on, shared among them as the model shares
    them; what is said of some of them later replaces their part of it. A factor is one of what the
    model says.

    Where the model expects nothing, of a closed day or a comuna that stopped, a number is shared as
    its orders came in recent weeks.

    Args:
        made: What the models say.
        keys: Of its columns.
        overrides: Those that stand.
    """
    said = {name: getattr(made, name).copy() for name in _TABLES}
    beyond = _dispersion(made)
    for each in sorted(overrides, key=lambda one: (one.made_at, one.id)):
        columns = [column for column, key in enumerate(keys) if each.scope.holds(key)]
        for row, day in enumerate(made.days):
            if columns and each.first_day <= day <= each.last_day:
                for name, values in _said(made, row, columns, each, beyond).items():
                    said[name][row, columns] = values
    return replace(made, **said)


def _said(
    made: Forecast, row: int, columns: Sequence[int], override: DemandOverride, beyond: float
) -> Mapping[str, Floats]:
    """The day of the series of ``columns`` as an override has it, each of the tables."""
    told = {name: getattr(made, name)[row, columns] for name in _TABLES}
    factor, expected = override.factor, float(told["mean"].sum())
    if factor is None:
        assert override.orders_a_day is not None, "an override says a factor or a number"
        if not expected >= HALF_PARCEL:
            return _from_nothing(override.orders_a_day * _recent_shares(made, columns), beyond)
        factor = override.orders_a_day / expected
    return {name: values * factor for name, values in told.items()}


def _from_nothing(mean: Floats, beyond: float) -> Mapping[str, Floats]:
    counts = Counts(mean=mean, dispersion=np.full_like(mean, beyond))
    quantiles = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
    return {"mean": mean} | {name: counts.quantile(share) for name, share in quantiles.items()}


def _recent_shares(made: Forecast, columns: Sequence[int]) -> Floats:
    """Equal ones where nothing came."""
    recent = np.array([made.recent[column] if made.recent else 0.0 for column in columns])
    total = float(recent.sum())
    return recent / total if total > 0 else np.full(len(columns), 1 / len(columns))


def _dispersion(made: Forecast) -> float:
    """How unsure days are beyond chance, φ of their variance, in the middle; 0 without any."""
    some = made.mean >= HALF_PARCEL
    if not some.any():
        return 0.0
    square = np.expm1(np.square(log_deviation(made.p10[some], made.p90[some])))
    return float(np.median(np.maximum(square - 1 / made.mean[some], 0.0)))


def said_before(
    made: Forecast, keys: Sequence[SeriesKey], content: OverrideContent
) -> tuple[float | None, ...]:
    """What the models say of each day of an override, to be judged later; None beyond them.

    Raises:
        OverrideOfNothingError: It speaks of no series there is.
    """
    columns = [column for column, key in enumerate(keys) if content.scope.holds(key)]
    if not columns:
        raise OverrideOfNothingError
    told = dict(zip(made.days, add_up(made, columns).mean.tolist(), strict=True))
    return tuple(told.get(day) for day in content.days)
