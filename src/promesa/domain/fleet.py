"""Depots, vehicles, drivers and their shifts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from promesa.kernel.geo import Position
from promesa.kernel.text import bare

# What a load is measured in: the fields of Load.
MEASURES = ("parcels", "weight_g", "volume_ml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What parcels add up to, or what a vehicle can take.

    Attributes:
        parcels: Count.
        weight_g: Grams.
        volume_ml: Millilitres.
    """

    parcels: int = 0
    weight_g: int = 0
    volume_ml: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(
            parcels=self.parcels + other.parcels,
            weight_g=self.weight_g + other.weight_g,
            volume_ml=self.volume_ml + other.volume_ml,
        )

    def __sub__(self, other: Load) -> Load:
        return Load(
            parcels=self.parcels - other.parcels,
            weight_g=self.weight_g - other.weight_g,
            volume_ml=self.volume_ml - other.volume_ml,
        )

    def less(self, taken: Load) -> Load:
        """The room that is left once so much of it is taken; never below nought."""
        return (self - taken).peak(Load())

    def exchanged(self, given: Load, taken: Load) -> Load:
        """What is there after giving some and taking some."""
        return Load(
            parcels=self.parcels - given.parcels + taken.parcels,
            weight_g=self.weight_g - given.weight_g + taken.weight_g,
            volume_ml=self.volume_ml - given.volume_ml + taken.volume_ml,
        )

    def plus_all(self, others: Collection[Load]) -> Load:
        """The sum of many, at once."""
        return Load(
            parcels=self.parcels + sum(other.parcels for other in others),
            weight_g=self.weight_g + sum(other.weight_g for other in others),
            volume_ml=self.volume_ml + sum(other.volume_ml for other in others),
        )

    def peak(self, other: Load) -> Load:
        """The larger of the two in each measure."""
        return Load(
            parcels=max(self.parcels, other.parcels),
            weight_g=max(self.weight_g, other.weight_g),
            volume_ml=max(self.volume_ml, other.volume_ml),
        )

    def fits_in(self, capacity: Load) -> bool:
        """Whether none of the three exceeds ``capacity``."""
        return (
            self.parcels <= capacity.parcels
            and self.weight_g <= capacity.weight_g
            and self.volume_ml <= capacity.volume_ml
        )


NO_LOAD = Load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """A place vans leave from (CD).

    Attributes:
        address: Where it is, in words, for who drives there.
        opens: Clock time of its zone before which no van leaves; None when it is always open.
        closes: Clock time by which every van is back.
    """

    id: UUID
    code: str
    name: str
    position: Position
    address: str | None = None
    opens: time | None = None
    closes: time | None = None


class VehicleKind(StrEnum):
    """What a vehicle is to the streets: where it may go, how fast, what it pays at gates."""

    VAN = "van"
    TRUCK = "truck"
    MOTORCYCLE = "motorcycle"
    BICYCLE = "bicycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleSize:
    """What bridges and signs ask, with its load; None where nobody measured."""

    height_cm: int | None = None
    width_cm: int | None = None
    weight_kg: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A van of the fleet.

    Attributes:
        code: Short name on screens, as ``R-14``'s van ``V-14``.
        plate: Licence plate, as ``HKTR52``.
        skills: What it can do, as ``cold`` or ``heavy``.
        cost_fixed_clp: For each day it is used.
        size: None when nothing is known of it.
        stops_max: Most stops of a day; None for no limit.
        trips_max: How often a day it may leave its depot, loading again in between.
        loading_time_s: At the depot between two trips; None takes LOADING_TIME_S_DEFAULT.
    """

    id: UUID
    code: str
    plate: str
    depot_id: UUID
    capacity: Load
    skills: frozenset[str] = field(default_factory=frozenset)
    cost_fixed_clp: int = 0
    cost_per_hour_clp: int = 0
    cost_per_km_clp: int = 0
    is_active: bool = True
    kind: VehicleKind = VehicleKind.VAN
    size: VehicleSize | None = None
    stops_max: int | None = None
    trips_max: int = 1
    loading_time_s: int | None = None


# Sorting and scanning the next load; assumed.
LOADING_TIME_S_DEFAULT = 1_800


# Cars since 1985 and since 2007, motorcycles before and since 2014 (some write theirs with a zero
# to fill six places). What looks otherwise is foreign, diplomatic, or a typing error.
_CHILEAN_PLATE = re.compile(
    r"[A-Z]{2}\d{4}|[B-DF-HJ-NP-TV-Z]{4}\d{2}|[A-Z]{3}0?\d{2}|[A-Z]{2}0?\d{3}"
)
_NO_PLATE_SIGN = re.compile(r"[^A-Z0-9]")


def skill_words(words: Iterable[str]) -> frozenset[str]:
    """Skills as orders and vehicles are compared by: «Frío » of a van is what «frio» asks for."""
    return frozenset(plain for word in words if (plain := " ".join(bare(word).split())))


def plain_plate(text: str) -> str:
    """The plate in one spelling: ``bb-cd.12``, ``BBCD·12`` and ``BBCD 12`` are ``BBCD12``."""
    return _NO_PLATE_SIGN.sub("", text.upper())


def is_chilean_plate(plate: str) -> bool:
    """Whether a plain plate has one of the Chilean forms."""
    return _CHILEAN_PLATE.fullmatch(plate) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class MealBreak:
    """A driver's colación: in one piece, begun and over between two clock times.

    Attributes:
        duration_s: MEAL_BREAK_S_MIN or more.
    """

    duration_s: int
    earliest: time
    latest: time


# Código del Trabajo, art. 34: a working day is parted by half an hour at least for the colación,
# which does not count as worked.
MEAL_BREAK_S_MIN = 1_800
# Código del Trabajo, art. 31: two hours a day.
OVERTIME_S_MAX = 7_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """Who drives; the name is in the people store under ``person_id``.

    Attributes:
        meal_break: None when nobody said that a plan must leave time for it.
        driving_max_s: Most seconds on the road in a day; None for no limit.
        duty_max_s: Most seconds from leaving the depot to being back; None for no limit.
        overtime_max_s: How long after the shift a plan may bring them back; None for not at all.
        overtime_hour_cost_clp: Of each such hour, besides what the vehicle's hour costs.
        latest_start: Clock time after which they do not leave the depot; None for no limit.
        areas: The comunas they know; empty when they know them all.
    """

    id: UUID
    code: str
    person_id: UUID
    is_active: bool = True
    meal_break: MealBreak | None = None
    driving_max_s: int | None = None
    duty_max_s: int | None = None
    overtime_max_s: int | None = None
    overtime_hour_cost_clp: int | None = None
    latest_start: time | None = None
    areas: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A driver in a vehicle from one instant to another on a service day."""

    id: UUID
    date: date
    driver_id: UUID
    vehicle_id: UUID
    depot_id: UUID
    start: datetime
    end: datetime
