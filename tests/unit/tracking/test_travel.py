"""Travel times as tracking asks them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from promesa.domain.fleet import Vehicle, VehicleKind
from promesa.kernel.geo import Position
from promesa.tracking.travel import RememberedTravel, StraightTravel, TravelTimes
from tests.support.dispatch_memory import VAN
from tests.support.tracked_routes import after_s, east_m


class Counted:
    """Answers with how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def leg_s(self, origin: Position, destination: Position, departure: datetime) -> int:
        self.asked += 1
        return self.asked

    def marked_leg_s(
        self, origin: Position, destination: Position, departure: datetime
    ) -> int | None:
        return None

    def slowness(self, at: datetime) -> float:
        self.asked += 1
        return float(self.asked)

    def of(self, vehicle: Vehicle | None) -> TravelTimes:
        self.asked += 100
        return self


def test_a_straight_kilometre_takes_its_detour_at_the_assumed_speed() -> None:
    # 1000 m × 1.35 / 6.5 m/s.
    assert StraightTravel().leg_s(east_m(0), east_m(1000), after_s(0)) == 208
    assert StraightTravel().slowness(after_s(0)) == 1.0


def test_a_pair_is_asked_once_an_hour() -> None:
    travel = RememberedTravel(Counted())
    assert travel.leg_s(east_m(0), east_m(9), after_s(0)) == 1
    assert travel.leg_s(east_m(0), east_m(9), after_s(3599)) == 1
    assert travel.leg_s(east_m(0), east_m(9), after_s(3600)) == 2
    assert travel.leg_s(east_m(9), east_m(0), after_s(0)) == 3


def test_slowness_is_asked_once_an_hour() -> None:
    travel = RememberedTravel(Counted())
    assert [travel.slowness(after_s(s)) for s in (0, 10, 3600)] == [1.0, 1.0, 2.0]


def test_what_is_remembered_has_a_limit() -> None:
    inner = Counted()
    travel = RememberedTravel(inner, size_max=2)
    for metres in (1, 2, 3, 3):
        travel.leg_s(east_m(0), east_m(metres), after_s(0))
    assert inner.asked == 3
    travel.leg_s(east_m(0), east_m(1), after_s(0))
    assert inner.asked == 4


def test_each_kind_of_vehicle_is_remembered_apart_and_forgotten_with_the_rest() -> None:
    inner = Counted()
    travel = RememberedTravel(inner)
    truck = replace(VAN, kind=VehicleKind.TRUCK)
    assert travel.leg_s(east_m(0), east_m(9), after_s(0)) == 1
    assert travel.of(truck).leg_s(east_m(0), east_m(9), after_s(0)) == 102
    # Another truck of that size is the same to the streets.
    other = replace(truck, code="V-09", cost_per_km_clp=999)
    assert travel.of(other).leg_s(east_m(0), east_m(9), after_s(0)) == 102
    assert travel.of(None) is travel
    travel.forget()
    assert travel.of(truck).leg_s(east_m(0), east_m(9), after_s(0)) == 103
