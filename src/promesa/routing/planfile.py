"""A plan with its problem in one JSON file, so that anyone can check it without the city.

Matrices are little-endian int32, deflated, in base64: 600 stops and three hours take about 3 MB.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass, field
from typing import ClassVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from promesa.kernel.errors import InvalidError
from promesa.routing.explanation import Explanation
from promesa.routing.matrix import Matrix
from promesa.routing.plan import Plan
from promesa.routing.problem import Balance, Bond, Depot, Problem, Stop, Vehicle

FORMAT = "promesa.plan/1"
# A file that unpacks to more than this is refused: 12,000 locations in one slice.
MATRIX_BYTES_MAX = 4 * 12_000 * 12_000


class PlanFileError(InvalidError):
    """The file is no plan of ours, or a damaged one."""

    code: ClassVar[str] = "routing_plan_file_invalid"
    message: ClassVar[str] = "El archivo no es un plan de Promesa. Créalo con promesa plan."


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedTravel:
    """A Matrix as text."""

    departures_s: tuple[int, ...]
    locations: int
    seconds: str
    metres: str
    tolls: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """Everything that a plan is about.

    Attributes:
        date: The service day, ISO 8601.
        coordinates: [lon, lat] of each location of the matrix, for drawing.
        departures: When each route of the plan leaves, ISO 8601 with offset.
    """

    date: str
    zone: str
    depots: tuple[Depot, ...]
    vehicles: tuple[Vehicle, ...]
    stops: tuple[Stop, ...]
    travel: PackedTravel
    plan: Plan
    bonds: tuple[Bond, ...] = ()
    balance: Balance = field(default_factory=Balance)
    unserved: tuple[Explanation, ...] = ()
    coordinates: tuple[tuple[float, float], ...] = ()
    departures: tuple[str, ...] = ()
    format: str = FORMAT

    def problem(self) -> Problem:
        """The problem that was planned.

        Raises:
            PlanFileError: The matrices are damaged.
        """
        return Problem(
            travel=_unpacked(self.travel),
            depots=self.depots,
            vehicles=self.vehicles,
            stops=self.stops,
            bonds=self.bonds,
            balance=self.balance,
        )


def packed(matrix: Matrix) -> PackedTravel:
    """The matrix as text."""
    return PackedTravel(
        departures_s=matrix.departures_s,
        locations=matrix.locations,
        seconds=_text(matrix.seconds),
        metres=_text(matrix.metres),
        tolls=None if matrix.tolls is None else _text(matrix.tolls),
    )


def encode(file: PlanFile) -> bytes:
    """The file as JSON, indented so that people can read the routes."""
    return msgspec.json.format(msgspec.json.encode(file, order="sorted"), indent=1)


def decode(data: bytes) -> PlanFile:
    """The file that ``encode`` wrote.

    Raises:
        PlanFileError: It is not one; the details name the first place that is wrong.
    """
    try:
        file = msgspec.json.decode(data, type=PlanFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PlanFileError(where=str(error)) from None
    if file.format != FORMAT:
        raise PlanFileError(f"El plan dice ser {file.format}; este programa lee {FORMAT}.")
    return file


def _text(values: NDArray[np.int32]) -> str:
    return base64.b64encode(zlib.compress(values.astype("<i4").tobytes())).decode()


def _unpacked(travel: PackedTravel) -> Matrix:
    shape = (len(travel.departures_s), travel.locations, travel.locations)
    try:
        tolls = None if travel.tolls is None else _array(travel.tolls, shape)
        return Matrix(
            _array(travel.seconds, shape),
            _array(travel.metres, shape),
            travel.departures_s,
            tolls,
        )
    except (binascii.Error, zlib.error, ValueError) as error:
        raise PlanFileError("La matriz del plan está dañada.", where=str(error)) from None


def _array(text: str, shape: tuple[int, int, int]) -> NDArray[np.int32]:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(base64.b64decode(text, validate=True), MATRIX_BYTES_MAX)
    return np.frombuffer(data, dtype="<i4").reshape(shape).astype(np.int32)
