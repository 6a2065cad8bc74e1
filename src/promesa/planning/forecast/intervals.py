"""How far off the forecast may be: its own past errors, sorted by horizon, event and volume.

Split conformal prediction on errors divided by the deviation the model stated (Lei et al. 2018, doi
10.1080/01621459.2017.1307116). Errors of ordinary days say nothing of events, so each kind of day
has its own; where it has few, those of its parent stand in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.planning.forecast.forecast import HORIZON_D, NORMAL_90
from promesa.planning.forecast.grid import Grid
from promesa.planning.forecast.structural import BAND_EDGES, Structural

Floats = NDArray[np.float64]

HORIZON_EDGES = (7, 14, 28, 56)
CALIBRATED_EVERY_D = 7
# Errors of three months from every week's origin would fill the memory.
CALIBRATED_EVERY_FAR_D = 14
CALIBRATED_ORIGINS_MAX = 78
# Less past than this forecasts itself badly and would widen every interval.
CALIBRATED_FROM_D = 365
ORIGINS_MIN = 8
# Days a kind has to have before its own errors count half.
KIND_DAYS = 30.0
SHARES = (0.1, 0.5, 0.9)
# A history too short to be held against itself takes the model at its word: from 60 to 410 days of
# the stores of decision 0015 that covers 82 to 86 %.
UNCALIBRATED = (-NORMAL_90, 0.0, NORMAL_90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Quantiles of error over stated deviation.

    Attributes:
        quantiles: float64 [horizon kinds, ordinary or event, volume bands, ``SHARES``].
        origins: Past forecasts it rests on; 0 where the history is too short.
    """

    quantiles: Floats
    origins: int

    def of(self, ahead: NDArray[np.int64], is_event: NDArray[np.bool_], level: Floats) -> Floats:
        """For each day and series, as ``is_event`` has them; float64 [days, series, ``SHARES``]."""
        horizon = np.digitize(ahead, HORIZON_EDGES, right=True)
        band = np.digitize(level, np.log(BAND_EDGES))
        return np.asarray(self.quantiles[horizon[:, None], is_event.astype(int), band])


def calibrate(grid: Grid, model: Structural, horizon: int) -> Bands:
    """Forecasts the past from past origins and keeps how far off it was."""
    last = grid.known - horizon
    every = CALIBRATED_EVERY_D if horizon <= HORIZON_D else CALIBRATED_EVERY_FAR_D
    origins = list(range(last, CALIBRATED_FROM_D, -every))[:CALIBRATED_ORIGINS_MAX]
    shape = (len(HORIZON_EDGES) + 1, 2, len(BAND_EDGES) + 1, len(SHARES))
    if len(origins) < ORIGINS_MIN:
        return Bands(quantiles=np.broadcast_to(UNCALIBRATED, shape).copy(), origins=0)
    errors = [_errors(grid, model, origin, horizon) for origin in origins]
    score = np.concatenate([error for error, _, _ in errors])
    horizon_kind = np.digitize(np.concatenate([days for _, days, _ in errors]), HORIZON_EDGES, True)
    event = np.concatenate([flags for _, _, flags in errors])
    band = np.digitize(model.level, np.log(BAND_EDGES))
    turns = _turns(grid.marks.has_event[origins[-1] : grid.known])
    whole = np.nanquantile(score, SHARES)
    quantiles = np.empty(shape)
    for is_event in (False, True):
        # An event day's luck is that of its occurrence, and few have been seen: of n, the next one
        # lies within the quantile (n + 1) / n of what is asked.
        shares = _widened(SHARES, turns) if is_event else SHARES
        kind = event == is_event
        parent = _mixed(score[kind], whole, shares)
        for number in range(shape[0]):
            near = kind & (horizon_kind == number)
            middle = _mixed(score[near], parent, shares)
            for volume in range(shape[2]):
                own = score[np.ix_(near, band == volume)]
                quantiles[number, int(is_event), volume] = _mixed(own, middle, shares)
    return Bands(quantiles=quantiles, origins=len(origins))


def _turns(has_event: NDArray[np.bool_]) -> int:
    """Runs of event days."""
    return int(has_event[0]) + int((np.diff(has_event.astype(int)) == 1).sum())


def _widened(shares: tuple[float, ...], turns: int) -> tuple[float, ...]:
    stretch = (turns + 1) / max(turns, 1)
    return tuple(min(max(0.5 + (share - 0.5) * stretch, 0.0), 1.0) for share in shares)


def _errors(
    grid: Grid, model: Structural, origin: int, horizon: int
) -> tuple[Floats, NDArray[np.int64], NDArray[np.bool_]]:
    targets = np.flatnonzero(grid.is_open[origin : origin + horizon]) + origin
    before = grid.open_before
    seen = model.foresee(int(before[origin]), before[targets])
    score = (grid.logs[targets] - seen.mean) / np.sqrt(seen.variance)
    return score, targets - origin + 1, grid.marks.has_event[targets]


def _mixed(score: Floats, parent: Floats, shares: tuple[float, ...]) -> Floats:
    """Quantiles of ``score`` [days, series], drawn to ``parent`` where it has few days."""
    if score.size == 0 or np.isnan(score).all():
        return parent
    # Series share a day's luck: what counts is how many days were seen, not how many numbers.
    days = float((~np.isnan(score)).any(axis=1).sum())
    own = np.nanquantile(score, shares)
    return np.asarray((days * own + KIND_DAYS * parent) / (days + KIND_DAYS))
