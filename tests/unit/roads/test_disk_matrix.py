"""Matrices in files: the same figures as in memory, whatever is cut off on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from promesa.kernel.geo import Position
from promesa.roads import disk_matrix
from promesa.roads.disk_matrix import (
    DISK_POINTS_MAX,
    DiskMatrix,
    DiskMatrixError,
    MatrixCancelledError,
    write_matrix,
)
from promesa.roads.matrix_manifest import manifest_path
from promesa.roads.network import RoadNetwork
from promesa.roads.overlay import LiveOverlay, LiveSpeed
from promesa.roads.places import Places
from tests.support.towns import Street, Town

# d---e---f
# |   |   |     be is one way north, the others two-way
# a---b---c
TOWN = Town(
    junctions={"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (0, 1), "e": (1, 1), "f": (2, 1)},
    streets=(
        Street(along="abc", tags={"highway": "primary"}),
        Street(along="def"),
        Street(along="ad"),
        Street(along="be", tags={"oneway": "yes"}),
        Street(along="cf"),
    ),
)
HOURS = [datetime(2026, 11, 23, 11, 0, tzinfo=UTC), datetime(2026, 11, 23, 17, 0, tzinfo=UTC)]


@pytest.fixture(name="network")
def _network(tmp_path: Path) -> RoadNetwork:
    return TOWN.network(tmp_path)


@pytest.fixture(name="pool")
def _pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_matrix, "ROWS_PER_CHUNK", 4)


def some_points() -> list[Position]:
    """21 of them: streets shared by several, one way and not, one twice, one off the network."""
    draw = np.random.default_rng(1)
    near = [TOWN.at(column, 0.02) for column in draw.uniform(0, 2, 8)]
    one_way = [TOWN.at(1.0, row) for row in (0.2, 0.4, 0.7)]
    others = [TOWN.at(*place) for place in draw.uniform(0, 2, (8, 2)) * (1, 0.5)]
    return [*near, *one_way, TOWN.at(0, 30), *others, near[0]]


def matrix_of(network: RoadNetwork, folder: Path) -> DiskMatrix:
    path = folder / "out" / "matrix.i32"
    return DiskMatrix(places=network.places(some_points()), departures=HOURS, path=path)


def in_memory(network: RoadNetwork) -> list[list[list[int]]]:
    return [network.matrix(some_points(), hour).tolist() for hour in HOURS]


def test_the_file_holds_what_the_matrix_in_memory_holds(
    network: RoadNetwork, tmp_path: Path, pool: Executor
) -> None:
    matrix = matrix_of(network, tmp_path)
    finished: list[int] = []
    write_matrix(network, matrix, executor=pool, on_rows=finished.append)
    assert matrix.seconds().tolist() == in_memory(network)
    assert sum(finished) == 2 * 21
    assert sorted(path.name for path in matrix.path.parent.iterdir()) == [
        "matrix.i32",
        "matrix.i32.manifest.jsonl",
    ]


def test_worker_processes_find_the_same(network: RoadNetwork, tmp_path: Path) -> None:
    matrix = matrix_of(network, tmp_path)
    write_matrix(network, matrix)
    assert matrix.seconds().tolist() == in_memory(network)


def test_a_closed_street_is_unreachable_in_the_file_too(
    network: RoadNetwork, tmp_path: Path, pool: Executor
) -> None:
    snap = network.snap(TOWN.at(1.0, 0.4))
    assert snap is not None
    speeds = tuple(
        LiveSpeed(
            edge=edge,
            speed_kph=0.0,
            start=HOURS[0],
            end=HOURS[0] + timedelta(minutes=20),
            source="dispatcher",
        )
        for edge in snap.edges
    )
    closed = network.with_live(LiveOverlay(speeds))
    matrix = matrix_of(closed, tmp_path)
    write_matrix(closed, matrix, executor=pool)
    assert matrix.seconds().tolist() == in_memory(closed)
    assert (matrix.seconds()[0] < 0).sum() > (matrix.seconds()[1] < 0).sum()


class Stuck(Executor):
    """Does the first thing it is asked for, and never comes to the rest."""

    def __init__(self) -> None:
        self._asked = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._asked += 1
        future: Future[Any] = Future()
        if self._asked == 1:
            future.set_result(fn(*args, **kwargs))
        return future


def test_a_cancelled_matrix_goes_on_where_it_was(
    network: RoadNetwork, tmp_path: Path, pool: Executor
) -> None:
    matrix = matrix_of(network, tmp_path)
    finished: list[int] = []
    with pytest.raises(MatrixCancelledError):
        write_matrix(
            network,
            matrix,
            executor=Stuck(),
            on_rows=finished.append,
            is_cancelled=lambda: sum(finished) > 0,
        )
    again: list[int] = []
    write_matrix(network, matrix, executor=pool, on_rows=again.append)
    assert again[0] == sum(finished) > 0
    assert sum(again) == 2 * 21
    assert matrix.seconds().tolist() == in_memory(network)


def test_half_a_chunk_and_half_a_line_are_done_again(
    network: RoadNetwork, tmp_path: Path, pool: Executor
) -> None:
    matrix = matrix_of(network, tmp_path)
    write_matrix(network, matrix, executor=pool)
    with matrix.path.open("r+b") as file:
        file.write(b"\0" * 20)
    manifest = manifest_path(matrix.path)
    manifest.write_text(manifest.read_text(encoding="utf-8")[:-12], encoding="utf-8")
    again: list[int] = []
    write_matrix(network, matrix, executor=pool, on_rows=again.append)
    assert again[0] < 2 * 21
    assert matrix.seconds().tolist() == in_memory(network)


def test_a_file_of_other_speeds_is_begun_anew(
    network: RoadNetwork, tmp_path: Path, pool: Executor
) -> None:
    matrix = matrix_of(network, tmp_path)
    write_matrix(network, matrix, executor=pool)
    slower = network.with_table(network.table.with_shares(network.table.shares * 0.5))
    again: list[int] = []
    write_matrix(slower, matrix, executor=pool, on_rows=again.append)
    assert again[0] == 0
    assert matrix.seconds().tolist() == in_memory(slower)


def test_a_packed_matrix_is_an_npz_and_leaves_nothing_beside_it(
    network: RoadNetwork, tmp_path: Path, pool: Executor
) -> None:
    path, out = tmp_path / "out" / "rows.i32", tmp_path / "out" / "matrix.npz"
    matrix = DiskMatrix(places=network.places(some_points()), departures=HOURS[:1], path=path)
    write_matrix(network, matrix, executor=pool)
    matrix.pack(out)
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["duration_s"].tolist() == in_memory(network)[0]
    assert list(path.parent.iterdir()) == [out]


def test_no_points_make_an_empty_file(network: RoadNetwork, tmp_path: Path, pool: Executor) -> None:
    matrix = DiskMatrix(places=network.places([]), departures=HOURS, path=tmp_path / "none")
    write_matrix(network, matrix, executor=pool)
    assert matrix.seconds().shape == (2, 0, 0)


def test_points_that_are_all_off_the_network_are_unreachable(
    network: RoadNetwork, tmp_path: Path, pool: Executor
) -> None:
    places = network.places([TOWN.at(0, 30), TOWN.at(0, 31)])
    matrix = DiskMatrix(places=places, departures=[None], path=tmp_path / "far")
    write_matrix(network, matrix, executor=pool)
    assert matrix.seconds().tolist() == [[[-1, -1], [-1, -1]]]


def test_a_matrix_beyond_reason_is_refused(tmp_path: Path) -> None:
    places = Places(
        count=DISK_POINTS_MAX + 1,
        point=np.empty(0, np.int64),
        edge=np.empty((0, 2), np.int64),
        fraction=np.empty((0, 2)),
    )
    with pytest.raises(DiskMatrixError):
        DiskMatrix(places=places, departures=[None], path=tmp_path / "big")
