"""Makes a metropolitan delivery day from a number of stops and a seed.

    python -m benchmarks.metropolitan 1000 1 var/benchmarks/metropolitan-1000-1.npz

A 40 × 40 km city with 35 clusters and 12 % background; two depots on its edge (rows 0 and 1),
then the stops. Times are asymmetric; the hour's speed depends on the ring left from. `promesa
solve` and `promesa.routing.instances.metropolitan` read the file.

The order of the draws is part of the format: another order is another city.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from promesa.kernel.units import HOUR_S

SHIFT_S = (30_600, 63_000)  # 08:30-17:30
NOON_S = 13 * HOUR_S
BREAK_S = 2_700
BREAK_WINDOW_S = (int(12.5 * HOUR_S), 15 * HOUR_S)
CAPACITY = 120
FIXED_COST_S = 7_200
SIDE_M, CENTRE_M = 40_000, 20_000
DEPOTS_M = ((8_000, 12_000), (31_000, 30_000))
CLUSTERS = 35
# A prefix of the seed: these days come from no other generator.
FAMILY = 20_261_122
_ROWS = 500

Arrays = dict[str, NDArray[Any]]


def make_day(stops: int, seed: int) -> Arrays:
    """The day's arrays, each with one row per place, n = stops + 2.

    Returns:
        ``xy`` float64 metres; ``free_flow_s`` int32, [n, n], row = origin, without congestion;
        ``ring`` int8, 0 the centre; ``speed`` float64, [3, 48], share of free flow per ring and
        half-hour; ``demand`` parcels; ``service_s``; ``window_s`` [n, 2]; and the scalars
        ``capacity``, ``fixed_cost_s``, ``shift_s``, ``break_s``, ``break_window_s`` and
        ``vehicles_max``.
    """
    stream = np.random.default_rng([FAMILY, stops, seed])
    xy = _places(stream, stops)
    free_flow_s = _free_flow_s(stream, xy)
    window_s = _windows_s(stream, stops)
    demand = stream.choice([1, 2, 3], size=stops, p=[0.8, 0.15, 0.05])
    service_s = np.rint(stream.lognormal(np.log(235), 0.12, stops) / 5) * 5
    from_centre_m = np.hypot(*(xy - CENTRE_M).T)
    return {
        "xy": xy,
        "free_flow_s": free_flow_s,
        "ring": np.digitize(from_centre_m, [5_000, 12_000]).astype(np.int8),
        "speed": _speed(),
        "demand": np.r_[0, 0, demand],
        "service_s": np.r_[0, 0, np.clip(service_s, 180, 300)].astype(np.int64),
        "window_s": window_s,
        "capacity": np.array(CAPACITY),
        "fixed_cost_s": np.array(FIXED_COST_S),
        "shift_s": np.array(SHIFT_S),
        "break_s": np.array(BREAK_S),
        "break_window_s": np.array(BREAK_WINDOW_S),
        "vehicles_max": np.array(-(-stops // 45) + 4),
    }


def write_day(path: Path, stops: int, seed: int) -> None:
    """Writes the day as .npz, and its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = make_day(stops, seed)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _places(stream: np.random.Generator, stops: int) -> NDArray[np.float64]:
    angle = stream.uniform(0, 2 * np.pi, CLUSTERS)
    radius_m = np.abs(stream.normal(0, 9_000, CLUSTERS))
    centre = np.c_[CENTRE_M + radius_m * np.cos(angle), CENTRE_M + radius_m * np.sin(angle)]
    weight = stream.lognormal(0, 0.7, CLUSTERS) * np.exp(-radius_m / 15_000)
    spread_m = stream.uniform(900, 2_600, CLUSTERS)
    cluster = stream.choice(CLUSTERS, size=stops, p=weight / weight.sum())
    xy = stream.normal(centre[cluster], spread_m[cluster, None])
    is_background = stream.random(stops) < 0.12
    xy[is_background] = stream.normal(CENTRE_M, 8_000, (is_background.sum(), 2))
    return np.vstack([np.array(DEPOTS_M, dtype=np.float64), np.clip(xy, 0, SIDE_M)])


def _free_flow_s(stream: np.random.Generator, xy: NDArray[np.float64]) -> NDArray[np.int32]:
    """Half the way along the axes, half straight; faster the farther; 10 % slower or 15 faster."""
    free_flow_s = np.empty((len(xy), len(xy)), np.int32)
    for first in range(0, len(xy), _ROWS):
        apart = np.abs(xy[first : first + _ROWS, None] - xy[None])
        metres = 0.5 * apart.sum(-1) + 0.575 * np.hypot(apart[..., 0], apart[..., 1])
        kmh = np.where(metres < 10_000, 25 + 10 * (metres - 3_000) / 7_000, 35)
        kmh = np.where(metres < 3_000, 25, kmh)
        seconds = metres / (kmh / 3.6) * stream.uniform(0.9, 1.15, metres.shape)
        free_flow_s[first : first + _ROWS] = np.maximum(1, np.rint(seconds))
    np.fill_diagonal(free_flow_s, 0)
    return free_flow_s


def _speed() -> NDArray[np.float64]:
    """Three peaks, at 8, half past one and a little after six; worst in the centre."""
    hours = np.arange(48) / 2
    peak = np.exp(-(((hours - 8) / 1.2) ** 2))
    peak = peak + 0.5 * np.exp(-(((hours - 13.5) / 1.2) ** 2))
    peak = peak + 1.1 * np.exp(-(((hours - 18.2) / 1.5) ** 2))
    return np.asarray(1 / (1 + np.array([[0.9], [0.6], [0.35]]) * peak))


def _windows_s(stream: np.random.Generator, stops: int) -> NDArray[np.int64]:
    """60 % the whole shift, 25 % half a day, 15 % two hours; depots first."""
    window_s = np.tile(SHIFT_S, (stops + 2, 1)).astype(np.int64)
    halves = ((NOON_S, SHIFT_S[1]), (SHIFT_S[0], NOON_S))
    for row, kind in enumerate(stream.random(stops), start=2):
        if kind >= 0.85:
            start_s = int(stream.integers(9, 16)) * HOUR_S
            window_s[row] = (start_s, start_s + 2 * HOUR_S)
        elif kind >= 0.60:
            window_s[row] = halves[stream.random() < 0.5]
    return window_s


@click.command()
@click.argument("stops", type=click.IntRange(1, 50_000))
@click.argument("seed", type=click.IntRange(0))
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def main(stops: int, seed: int, path: Path) -> None:
    """Writes one day."""
    write_day(path, stops, seed)


if __name__ == "__main__":
    main()
