"""The structural model: what all series share, and what each has of its own, as Gaussian processes.

One Cholesky factor of the days' covariance gives the forecast from *every* past origin as well: row
t of the factor, cut at the origin, times the whitened past. So the errors it would have made for
years are known without fitting it again, and intervals are calibrated on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from promesa.planning.forecast.kernels import EVENT_PARTS, Matrix
from promesa.planning.forecast.variances import (
    COMMON_SD,
    OWN_SD,
    Amounts,
    estimate,
    total,
    usual,
)

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

# Further from what all other days say than so many standard deviations is a strike, a fault of the
# till, a day that was half closed: it counts as just so far.
SURPRISE_MAX_SD = 4.0
# Before anything was estimated: an event of seven times the usual has to come through.
SURPRISE_FIRST_SD = 12.0
ROUNDS_FIRST = 10
ROUNDS_THEN = 14
# Afterwards, from amounts of the week before.
ROUNDS_AGAIN = 5
# Gaps are filled from all other days so often; by then nothing moves.
FILLINGS = 3
# Series that have to share a level of volume to be a band of their own.
BAND_SERIES_MIN = 4
BAND_EDGES = (60.0, 200.0)
# A quarter of the lowest edge: chance alone moves a day by 26 %.
SMALL_BELOW = 15.0
# Variance of a day's demand beyond counting, for the weight of a series in the common part.
_OWN_VARIANCE = 0.05**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process over the open days.

    Attributes:
        columns: The series it explains; empty for what all share.
        amounts: Variance of each part.
        factor: Lower Cholesky factor, float64 [open days + open days to come, the same].
        whitened: float64 [open days, series or 1].
        filled: What it was fitted to, gaps and surprises put right; float64, the same shape.
    """

    columns: Rows
    amounts: Amounts
    factor: Floats
    whitened: Floats
    filled: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What a process is fitted to; float64 and bool [days, series or 1].

    Attributes:
        deviations: Standard deviation of each part, elsewhere.
        noise: Variance that counting adds.
        columns: As in ``Process``.
    """

    values: Floats
    gaps: NDArray[np.bool_]
    deviations: Mapping[str, float]
    noise: float = 0.0
    columns: Rows = field(default_factory=lambda: np.arange(0))

    @property
    def freedom(self) -> int:
        """Independent series; deviations from a common mean are one fewer than they look."""
        return max(1, int(self.values.shape[1]) - bool(len(self.columns)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What was to be expected; mean and variance of the logarithm, float64 [days, series].

    Attributes:
        shared: Of the variance, what all series have in common; float64 [days].
    """

    mean: Floats
    variance: Floats
    shared: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Structural:
    """The model fitted to a history.

    Attributes:
        level: Mean logarithm of each series; float64 [series].
        common: What all series share.
        own: What the series of each band of volume have besides.
    """

    level: Floats
    common: Process
    own: tuple[Process, ...]

    @property
    def amounts(self) -> tuple[Amounts, ...]:
        """To begin the next fit with."""
        return tuple(process.amounts for process in (self.common, *self.own))

    @property
    def filled(self) -> Floats:
        """Logarithms as they were understood, gaps filled; float64 [open days, series]."""
        whole = self.level + self.common.filled
        for process in self.own:
            whole[:, process.columns] += process.filled
        return whole

    def foresee(self, origin: int, rows: Rows) -> Foreseen:
        """What ``rows`` were to bring, seen with the first ``origin`` open days known."""
        mean, shared = _seen_from(self.common, origin, rows)
        means = np.tile(self.level, (len(rows), 1)) + mean
        variances = np.repeat(shared[:, None], len(self.level), axis=1)
        for process in self.own:
            mean, variance = _seen_from(process, origin, rows)
            means[:, process.columns] += mean
            variances[:, process.columns] += variance[:, None]
        return Foreseen(mean=means, variance=variances, shared=shared)

    def event_effect(self, parts: Mapping[str, Matrix]) -> tuple[Floats, Floats]:
        """What the events add to the days to come, in common: mean and deviation of the logarithm.

        Args:
            parts: Likeness of history and days to come, as the model was fitted with.
        """
        known = len(self.common.whitened)
        names = [name for name in parts if name in EVENT_PARTS]
        likeness = total({name: parts[name][known:] for name in names}, self.common.amounts)
        across, among = likeness[:, :known], likeness[:, known:]
        factor = self.common.factor[:known, :known]
        reach = solve_triangular(factor, across.T, lower=True)
        mean = (reach.T @ self.common.whitened)[:, 0]
        variance = np.diagonal(among) - np.square(reach).sum(axis=0)
        return mean, np.sqrt(np.maximum(variance, 0.0))


def _seen_from(process: Process, origin: int, rows: Rows) -> tuple[Floats, Floats]:
    mean = process.factor[rows, :origin] @ process.whitened[:origin]
    return mean, np.square(process.factor[rows, origin:]).sum(axis=1)


def fit_structural(
    parts: Mapping[str, Matrix],
    logs: Floats,
    start: Sequence[Amounts] = (),
    start_rounds: int = ROUNDS_AGAIN,
) -> Structural:
    """Fits the model.

    Args:
        parts: Likeness of the open days of history followed by those to come.
        logs: float64 [open days of history, series]; NaN where unknown or not to be learnt from.
        start: ``amounts`` of an earlier fit to the same series.
        start_rounds: Updates of ``start``.
    """
    level = np.nanmedian(logs, axis=0)
    around = logs - level
    shared = _shared(around, level)
    bands = _bands(level)
    if len(start) != len(bands) + 1:
        start = ()
    gaps = np.isnan(around)
    unknown = np.asarray(gaps.all(axis=1))[:, None]
    shared_target = _Target(values=shared, gaps=unknown, deviations=COMMON_SD)
    common = _fit_process(parts, shared_target, start[0] if start else None, start_rounds)
    own = []
    for number, columns in enumerate(bands, start=1):
        target = _Target(
            values=_bridged(around[:, columns] - shared),
            gaps=gaps[:, columns],
            deviations=OWN_SD,
            noise=float(np.exp(-level[columns]).mean()),
            columns=columns,
        )
        own.append(_fit_process(parts, target, start[number] if start else None, start_rounds))
    return Structural(level=level, common=common, own=tuple(own))


def _shared(around: Floats, level: Floats) -> Floats:
    """What all series do together, the surer ones counting more; float64 [days, 1]."""
    weight = np.where(np.isnan(around), 0.0, 1 / (_OWN_VARIANCE + np.exp(-level)))
    summed = weight.sum(axis=1)
    mean = np.full(len(around), np.nan)
    np.divide((weight * np.nan_to_num(around)).sum(axis=1), summed, out=mean, where=summed > 0)
    return _bridged(mean[:, None])


def _bands(level: Floats) -> list[Rows]:
    """Series of like volume together; one band where some would be too few, none for one series.

    What small series bring together stays apart even so: chance alone moves it by more than all
    else moves the others, which would have its interval.
    """
    if len(level) == 1:
        return []
    band = np.digitize(level, np.log(BAND_EDGES))
    groups = [np.flatnonzero(band == number) for number in range(len(BAND_EDGES) + 1)]
    if any(0 < len(group) < BAND_SERIES_MIN for group in groups):
        small = level < np.log(SMALL_BELOW)
        return [each for each in (np.flatnonzero(small), np.flatnonzero(~small)) if len(each)]
    return [group for group in groups if len(group)]


def _bridged(values: Floats) -> Floats:
    """Gaps drawn as straight lines, open ends held at the mean of their nearest four weeks."""
    filled = values.copy()
    days = np.arange(len(values))
    for column in range(values.shape[1]):
        known = np.flatnonzero(~np.isnan(values[:, column]))
        ends = values[known, column]
        left, right = ends[:28].mean(), ends[-28:].mean()
        filled[:, column] = np.interp(days, known, ends, left=left, right=right)
        filled[known, column] = ends
    return filled


def _fit_process(
    parts: Mapping[str, Matrix], target: _Target, start: Amounts | None, start_rounds: int
) -> Process:
    """Estimates the amounts twice, the second time without surprises, then factors the days."""
    known = len(target.values)
    past = {name: matrix[:known, :known] for name, matrix in parts.items()}
    prior = usual(target.deviations, target.noise)

    def fill(amounts: Amounts, surprise_sd: float) -> Floats:
        return _filled(total(past, amounts), target.values, target.gaps, surprise_sd)

    def learn(filled: Floats, begin: Amounts, rounds: int) -> Amounts:
        freedom = target.freedom
        return estimate(past, filled, freedom=freedom, prior=prior, start=begin, rounds=rounds)

    amounts = start or learn(fill(prior, SURPRISE_FIRST_SD), prior, ROUNDS_FIRST)
    rounds = start_rounds if start else ROUNDS_THEN
    if rounds:
        amounts = learn(fill(amounts, SURPRISE_MAX_SD), amounts, rounds)
    filled = fill(amounts, SURPRISE_MAX_SD)
    factor = np.linalg.cholesky(total(parts, amounts))
    return Process(
        columns=target.columns,
        amounts=amounts,
        factor=np.asarray(factor, dtype=np.float64),
        whitened=solve_triangular(factor[:known, :known], filled, lower=True),
        filled=filled,
    )


def _filled(
    covariance: Matrix, values: Floats, gaps: NDArray[np.bool_], surprise_sd: float
) -> Floats:
    """Gaps as all other days have them, surprises pulled in to ``surprise_sd`` deviations.

    What the others say of a day, without it: Rasmussen and Williams, equations 5.10 to 5.12.
    """
    inverse = np.linalg.inv(covariance)
    sharpness = np.diagonal(inverse)[:, None]
    limit = surprise_sd / np.sqrt(sharpness)
    filled = values
    for _ in range(FILLINGS):
        said = filled - (inverse @ filled) / sharpness
        pulled = said + np.clip(values - said, -limit, limit)
        filled = np.where(gaps, said, pulled)
    return filled
