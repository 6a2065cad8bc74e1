"""A plan with its problem in one JSON file, so that anyone can check it without the city.

Matrices are little-endian int32, deflated, in base64: 600 stops and three hours take about 3 MB.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections import Counter
from collections.abc import Iterator
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
from promesa.routing.validation import require_valid

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
            ProblemInvalidError: It has faults that no plan could have been made with.
        """
        problem = Problem(
            travel=_unpacked(self.travel),
            depots=self.depots,
            vehicles=self.vehicles,
            stops=self.stops,
            bonds=self.bonds,
            balance=self.balance,
        )
        require_valid(problem)
        return problem

    def sound_plan(self) -> Plan:
        """The plan, where it speaks of this problem's stops and vehicles, each of them once.

        Raises:
            PlanFileError: It does not; the checker says all that is wrong.
        """
        for stray in self._strays():
            raise PlanFileError(f"{stray} Revisa el plan con promesa check.")
        return self.plan

    def _strays(self) -> Iterator[str]:
        routes = self.plan.routes
        told = Counter(self.plan.unserved)
        told.update(stop for route in routes for stop in route.stops)
        yield from (
            f"El plan nombra la parada número {stop}, que no existe."
            for stop in told
            if not 0 <= stop < len(self.stops)
        )
        yield from (
            f"El plan dice {told[number]} veces qué pasa con la parada {stop.id}."
            for number, stop in enumerate(self.stops)
            if told[number] != 1
        )
        for number, times in Counter(route.vehicle for route in routes).items():
            if not 0 <= number < len(self.vehicles):
                yield f"El plan nombra el vehículo número {number}, que no existe."
            elif times > 1:
                yield f"El plan da {times} rutas al vehículo {self.vehicles[number].id}."


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
    except (binascii.Error, zlib.error, ValueError):
        raise PlanFileError(
            "La matriz del plan está dañada. Crea el plan de nuevo con promesa plan."
        ) from None


def _array(text: str, shape: tuple[int, int, int]) -> NDArray[np.int32]:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(base64.b64decode(text, validate=True), MATRIX_BYTES_MAX)
    # A shape with two negative sides has a size as well, so it is not left to numpy to judge.
    if min(shape) < 1 or len(data) != 4 * shape[0] * shape[1] * shape[2]:
        raise ValueError("not as many numbers as the shape has")
    return np.frombuffer(data, dtype="<i4").reshape(shape).astype(np.int32)
