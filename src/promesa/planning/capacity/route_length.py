"""How many vehicle minutes and vehicles a day's stops take, without planning the day.

A tour through n doors spread over an area A is as long as sqrt(n A) (Beardwood, Halton and
Hammersley 1959, doi 10.1017/S0305004100034095); m vehicles drive out and back besides (Daganzo
1984, doi 10.1287/trsc.18.4.331; (n - m) / n after Figliozzi 2008, doi 10.3141/2089-01). Taken zone
by zone the first term is right for clustered stops too, and in road minutes instead of kilometres
both hold in any city. Two coefficients and two shares of fullness are learnt from routes
(`route_refit.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.planning.capacity.zones import Zone, ZoneArrays

# The number of vehicles and the minutes depend on each other; each round leaves less than a tenth
# of the last one's error, as a vehicle's way out and back is a small part of its shift.
ROUNDS = 15
# Whole vehicles leave, and drive there and back: the last of them is half full on average.
LAST_VEHICLE = 0.5
# Where time and load bind both, neither alone says enough: routes that are full of both are rare.
NORM = 10.0
# A vehicle that spends more than this on the way out and back serves nobody worth the trip.
HAUL_SHARE_MAX = 0.8

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLimits:
    """What one vehicle can do on one day.

    Attributes:
        parcels: What it carries.
        shift_min: From leaving to being back at the latest, breaks taken out.
    """

    parcels: int
    shift_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWork:
    """What a stop is on average.

    Attributes:
        service_min: At the door.
        parcels: Handed over there.
    """

    service_min: float
    parcels: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCoefficients:
    """What is learnt of a depot's routes.

    Attributes:
        local: Of the tours through the zones.
        haul: Of the ways out and back.
        shift_fill: Share of a shift that is driving and serving where time decides; the rest is
            waiting for windows and what is left over.
        load_fill: Share of the room that is filled where load decides.
        days: How many executed days they rest on; 0 for the default.
        routes: The routes of those days.
    """

    local: float
    haul: float
    shift_fill: float
    load_fill: float
    days: int = 0
    routes: int = 0


# Fitted to our engine's plans of eight depots, made-up cities and the streets of Santiago, days on
# which most zones have nothing among them (benchmarks/route_length.py): without those the ways out
# and back count too little.
DEFAULT = RouteCoefficients(local=0.78, haul=1.12, shift_fill=0.91, load_fill=0.97)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RouteEstimate:
    """What days take, in the shape of the stops without their last axis.

    Attributes:
        minutes: Driving and serving, all vehicles together.
        vehicles: How many are needed, with fractions; whole vehicles are the next number above.
    """

    minutes: Floats
    vehicles: Floats

    @property
    def whole_vehicles(self) -> NDArray[np.int64]:
        """Vehicles that leave."""
        return np.ceil(self.vehicles - 1e-9).astype(np.int64)


def is_too_far(zone: Zone, limits: RouteLimits) -> bool:
    """Whether a shift is spent on the way there and back."""
    return 2 * zone.haul_min > HAUL_SHARE_MAX * limits.shift_min


def estimate(
    stops: Floats,
    zones: ZoneArrays,
    limits: RouteLimits,
    work: StopWork,
    coefficients: RouteCoefficients = DEFAULT,
) -> RouteEstimate:
    """Minutes and vehicles of days of one depot.

    Args:
        stops: float64, [..., zone], stops by zone of the depot.
        zones: Of the depot, none of them too far.
        limits: Of each of its vehicles.
        work: Of each stop.
        coefficients: Of the depot, or the default.
    """
    local, haul = tour_features(stops, zones)
    count = stops.sum(axis=-1)
    by_load = count * work.parcels / (limits.parcels * coefficients.load_fill)
    room_min = limits.shift_min * coefficients.shift_fill
    vehicles = np.maximum(by_load, np.minimum(count, 1.0))
    minutes = np.zeros_like(count)
    for _ in range(ROUNDS):
        leaving = np.minimum(vehicles + LAST_VEHICLE, count)
        minutes = count * work.service_min + _travel_min(local, haul, count, leaving, coefficients)
        both = (minutes / room_min) ** NORM + by_load**NORM
        vehicles = np.minimum(both ** (1 / NORM), count)
    return RouteEstimate(minutes=minutes, vehicles=vehicles)


def tour_features(stops: Floats, zones: ZoneArrays) -> tuple[Floats, Floats]:
    """Minutes of tours through the zones, and of the mean way there and back: both [...]."""
    local = (zones.pace_min_km * np.sqrt(stops * zones.area_km2)).sum(axis=-1)
    count = np.maximum(stops.sum(axis=-1), 1e-9)
    return local, 2 * (stops * zones.haul_min).sum(axis=-1) / count


def tour_min(stops: Floats, zones: ZoneArrays, learnt: RouteCoefficients = DEFAULT) -> float:
    """Minutes between the doors of one day, without the ways out and back: float64, [zone]."""
    local, _ = tour_features(stops, zones)
    return learnt.local * float(local)


def _travel_min(
    local: Floats, haul: Floats, count: Floats, vehicles: Floats, learnt: RouteCoefficients
) -> Floats:
    inner = 1 - vehicles / np.maximum(count, 1e-9)
    return learnt.local * local * np.maximum(inner, 0.0) + learnt.haul * haul * vehicles


def zone_shares(
    stops: Floats,
    zones: ZoneArrays,
    found: RouteEstimate,
    work: StopWork,
    coefficients: RouteCoefficients = DEFAULT,
) -> Floats:
    """Which part of the minutes each zone takes: float64, [..., zone], sums to 1 or to nought.

    Of its own tour and doors, and of the ways out and back by its stops.
    """
    count = np.maximum(stops.sum(axis=-1, keepdims=True), 1e-9)
    leaving = np.minimum(found.vehicles[..., None] + LAST_VEHICLE, count)
    local = zones.pace_min_km * np.sqrt(stops * zones.area_km2) * np.maximum(0, 1 - leaving / count)
    haul = 2 * zones.haul_min * stops / count * leaving
    minutes = stops * work.service_min + coefficients.local * local + coefficients.haul * haul
    total = np.maximum(minutes.sum(axis=-1, keepdims=True), 1e-9)
    return np.asarray(minutes / total)
