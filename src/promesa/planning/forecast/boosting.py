"""Two boosted forests over all series: one on demand, one on what the structural model missed.

Each learns from what was known at past origins, a week apart, and so sees the errors of
forecasting, not of fitting. Ke et al., LightGBM (2017); the second one is DoorDash's cascade
(2023), where trees follow a model that knows the events.
"""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm
import numpy as np
from numpy.typing import NDArray

from promesa.kernel.seeds import stream
from promesa.planning.forecast.features import EVENT_FEATURE, FEATURES, Memory
from promesa.planning.forecast.grid import Grid
from promesa.planning.forecast.structural import Foreseen, Structural

Floats = NDArray[np.float64]
Columns = NDArray[np.int64]

# Less does not teach a forest when the year turns, nor what is common among series.
DAYS_MIN = 365
SERIES_MIN = 10
ORIGIN_EVERY_D = 7
ORIGINS_MAX = 110
# Before it there is too little past to forecast from.
ORIGIN_MIN_D = 182
ROWS_MAX = 600_000
# An error beyond a factor of e is a strike or a fault, not a lesson.
ERROR_MAX = 1.0
THREADS = 1
# Set once on Favorita's 14 stores and not tuned.
_COMMON = {
    "objective": "regression_l1",
    "feature_fraction": 0.6,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbose": -1,
    "num_threads": THREADS,
    "deterministic": True,
    "force_row_wise": True,
}
_PLAIN = {**_COMMON, "learning_rate": 0.05, "num_leaves": 31, "min_child_samples": 40}
_CASCADE = {**_COMMON, "learning_rate": 0.03, "num_leaves": 15, "min_child_samples": 100}
PLAIN_TREES = 200
CASCADE_TREES = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosted:
    """Logarithms that the two forests expect, float64 [days, series] each."""

    plain: Floats
    cascade: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What there is to learn from; model and memory are of the open days of the grid."""

    grid: Grid
    model: Structural
    memory: Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lessons:
    """Rows of all origins: features, base, what the structural model said, what came."""

    table: Floats
    base: Floats
    structural: Floats
    came: Floats


def can_boost(grid: Grid) -> bool:
    """Whether there is enough to learn from."""
    return grid.known >= DAYS_MIN and len(grid.series) >= SERIES_MIN


def boost(past: Past, ahead: Foreseen, seed: int) -> Boosted:
    """Trains both forests on the history and asks them for the days to come.

    Args:
        past: What there is to learn from.
        ahead: What the model says of the open days to come.
        seed: Of the trees and of which series are learnt from when there are too many.
    """
    grid = past.grid
    targets = np.flatnonzero(grid.is_open[grid.known :]) + grid.known
    everyone = np.arange(len(grid.series))
    lessons = _lessons(past, int(targets[-1]) - grid.known + 1, seed)
    asked, base = _rows(past.memory, grid.known, targets, everyone, ahead)
    shape = ahead.mean.shape
    plain = _train(_PLAIN, lessons.table, lessons.came - lessons.base, PLAIN_TREES, seed)
    cascade = _train(
        _CASCADE, lessons.table, lessons.came - lessons.structural, CASCADE_TREES, seed
    )
    return Boosted(
        plain=base + np.asarray(plain.predict(asked)).reshape(shape),
        cascade=ahead.mean + np.asarray(cascade.predict(asked)).reshape(shape),
    )


def _lessons(past: Past, horizon: int, seed: int) -> _Lessons:
    grid = past.grid
    last = grid.known - horizon
    origins = list(range(last, ORIGIN_MIN_D, -ORIGIN_EVERY_D))[:ORIGINS_MAX]
    few = max(1, ROWS_MAX // max(1, len(origins) * horizon))
    chance = np.random.default_rng(stream(seed, "forecast", "lessons").getrandbits(64))
    parts: list[tuple[Floats, Floats, Floats, Floats]] = []
    for origin in origins:
        count = len(grid.series)
        columns = np.arange(count)
        if count > few:
            columns = np.sort(chance.choice(count, few, replace=False))
        parts.append(_lesson(past, origin, horizon, columns))
    table, base, structural, came = (np.concatenate(of) for of in zip(*parts, strict=True))
    usable = np.isfinite(came) & (np.abs(came - structural) < ERROR_MAX)
    return _Lessons(
        table=table[usable],
        base=base[usable],
        structural=structural[usable],
        came=came[usable],
    )


def _lesson(
    past: Past, origin: int, horizon: int, columns: Columns
) -> tuple[Floats, Floats, Floats, Floats]:
    grid = past.grid
    targets = np.flatnonzero(grid.is_open[origin : origin + horizon]) + origin
    before = grid.open_before
    seen = past.model.foresee(int(before[origin]), before[targets])
    table, base = _rows(past.memory, origin, targets, columns, seen)
    return (
        table,
        np.tile(base, len(targets)),
        seen.mean[:, columns].ravel(),
        grid.logs[targets][:, columns].ravel(),
    )


def _rows(
    memory: Memory, origin: int, targets: Columns, columns: Columns, seen: Foreseen
) -> tuple[Floats, Floats]:
    """Rows as the forests take them; float64 [targets × columns, features], and [columns]."""
    table, base = memory.rows(origin, targets, columns)
    said = np.stack([seen.mean[:, columns] - base, np.sqrt(seen.variance[:, columns])], axis=2)
    whole = np.concatenate([table, said], axis=2)
    return whole.reshape(-1, len(FEATURES)), base


def _train(
    settings: dict[str, object], table: Floats, target: Floats, trees: int, seed: int
) -> lightgbm.Booster:
    lessons = lightgbm.Dataset(table, target, categorical_feature=[EVENT_FEATURE])
    return lightgbm.train({**settings, "seed": seed}, lessons, trees)
