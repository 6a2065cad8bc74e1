"""Matrices too large for memory: rows found by worker processes, written to a file by chunks.

The file holds int32, [slice, n, n], seconds, row = origin, -1 where no way leads, and nothing else.
A manifest beside it says which chunks are whole, so that work goes on where it was killed; a file
of other points or other speeds is begun anew.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError
from promesa.roads.matrix_manifest import Manifest, manifest_path
from promesa.roads.network import RoadNetwork, RowsReport
from promesa.roads.places import Places
from promesa.roads.row_kit import arcs_with_places, make_slice_kit
from promesa.roads.row_worker import ARCS_FOLDER, Chunk, kit_file, write_chunk

# 50,000 points are 10 GB a slice and half an hour of two cores: more is planned piece by piece.
DISK_POINTS_MAX = 50_000
# Every half hour of the three kinds of day.
DISK_SLICES_MAX = 144
# Of 10,000 columns they are 10 MB and a second of work: little is lost when one is cut off.
ROWS_PER_CHUNK = 256
# Chunks handed out: no worker waits for the next one, and a cancellation is felt soon.
_CHUNKS_OUT_MAX = 16
_WORKERS_MAX = 8
_POLL_S = 0.5
_COPY_BYTES = 16_000_000


class DiskMatrixError(InvalidError):
    """The matrix asked for is too large even for a file."""

    code: ClassVar[str] = "roads_disk_matrix"
    message: ClassVar[str] = (
        f"Es demasiado para un archivo: hasta {DISK_POINTS_MAX} puntos y {DISK_SLICES_MAX} horas."
    )


class MatrixCancelledError(Exception):
    """Whoever asked for the matrix no longer wants it; what is written stays, to go on later."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DiskMatrix:
    """A matrix in a file: which points, when, and where it is written.

    Attributes:
        places: As ``RoadNetwork.places`` gives them.
        departures: One a slice, in the order of the file; None means a usual working hour.
        path: The file; its manifest stands beside it.

    Raises:
        DiskMatrixError: Too many points or departures.
    """

    places: Places
    departures: Sequence[datetime | None]
    path: Path

    def __post_init__(self) -> None:
        if self.points > DISK_POINTS_MAX or len(self.departures) > DISK_SLICES_MAX:
            raise DiskMatrixError(puntos=self.points, horas=len(self.departures))

    @property
    def points(self) -> int:
        """Rows and columns of a slice."""
        return self.places.count

    def seconds(self) -> NDArray[np.int32]:
        """int32, [slice, n, n], seconds, row = origin, read from the file as it is touched."""
        shape = (len(self.departures), self.points, self.points)
        if not (self.points and self.departures):
            return np.empty(shape, dtype=np.int32)
        return np.memmap(self.path, dtype=np.int32, mode="r", shape=shape)

    def chunks(self, folder: Path) -> list[Chunk]:
        """The pieces of work, slice by slice; kits are read from ``folder``."""
        return [
            Chunk(
                folder=folder,
                path=self.path.absolute(),
                points=self.points,
                slice_index=slice_index,
                first=first,
                after=min(first + ROWS_PER_CHUNK, self.points),
            )
            for slice_index in range(len(self.departures))
            for first in range(0, self.points, ROWS_PER_CHUNK)
        ]

    def pack(self, out: Path) -> None:
        """Copies the first slice into an .npz file as ``duration_s`` and removes what was written.

        The copy is not compressed: that would take longer than finding the figures.
        """
        header = {"descr": "<i4", "fortran_order": False, "shape": (self.points, self.points)}
        with (
            zipfile.ZipFile(out, "w") as archive,
            archive.open("duration_s.npy", "w", force_zip64=True) as entry,
            self.path.open("rb") as file,
        ):
            np.lib.format.write_array_header_2_0(entry, header)
            shutil.copyfileobj(file, entry, _COPY_BYTES)
        self.path.unlink()
        manifest_path(self.path).unlink()


def write_matrix(
    network: RoadNetwork,
    matrix: DiskMatrix,
    *,
    executor: Executor | None = None,
    on_rows: RowsReport = lambda _: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Writes the durations of ``matrix``: some 5 ms of processor time a row in a large city.

    Args:
        network: Asked for one metric a departure, with what lies over it at this moment.
        matrix: What to write.
        executor: Where the rows are found: as many processes as there are cores when None. Its
            workers must see the folder the file stands in.
        on_rows: Told how many more rows are finished, those of an earlier try included.
        is_cancelled: Asked at least every half second.

    Raises:
        MatrixCancelledError: ``is_cancelled`` said yes.
    """
    folder = matrix.path.absolute().parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".matrix-") as name:
        kits = Path(name)
        chunks = matrix.chunks(kits)
        manifest = Manifest(matrix.path, _saved_kits(network, matrix, kits), chunks)
        left = [chunk for chunk in chunks if chunk.name not in manifest.done]
        on_rows(sum(c.after - c.first for c in chunks if c.name in manifest.done))
        with _pool(executor) as pool:
            for chunk, crc in _written(pool, left, is_cancelled):
                manifest.record(chunk.name, crc)
                on_rows(chunk.after - chunk.first)


def _saved_kits(network: RoadNetwork, matrix: DiskMatrix, folder: Path) -> str:
    """Writes what the workers need; a digest of all of it."""
    digest = hashlib.sha256(f"{matrix.points} {len(matrix.departures)}".encode())
    arcs_folder = folder / ARCS_FOLDER
    arcs_folder.mkdir()
    arcs_with_places(network.arcs, matrix.places).save(arcs_folder)
    for slice_index, departure in enumerate(matrix.departures):
        kit = make_slice_kit(network.graph, network.metric(departure), matrix.places)
        kit.save(kit_file(folder, slice_index))
        for item in fields(kit):
            digest.update(np.ascontiguousarray(getattr(kit, item.name)).tobytes())
    return digest.hexdigest()


def _written(
    pool: Executor, chunks: Sequence[Chunk], is_cancelled: Callable[[], bool]
) -> Iterator[tuple[Chunk, int]]:
    """Each chunk with the check sum of its bytes, as they are finished."""
    waiting = iter(chunks)
    out: dict[Future[int], Chunk] = {}
    try:
        while True:
            for chunk in islice(waiting, _CHUNKS_OUT_MAX - len(out)):
                out[pool.submit(write_chunk, chunk)] = chunk
            if not out:
                return
            if is_cancelled():
                raise MatrixCancelledError
            for future in wait(out, timeout=_POLL_S, return_when=FIRST_COMPLETED).done:
                yield out.pop(future), future.result()
    finally:
        for future in out:
            future.cancel()


@contextmanager
def _pool(executor: Executor | None) -> Iterator[Executor]:
    if executor is not None:
        yield executor
        return
    # A server has threads and locks that a forked child would inherit half-held.
    context = multiprocessing.get_context("spawn")
    workers = min(os.cpu_count() or 1, _WORKERS_MAX)
    with ProcessPoolExecutor(workers, mp_context=context) as own:
        yield own
