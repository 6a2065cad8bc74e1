"""Where deliveries really happened, learnt one by one."""

from __future__ import annotations

from promesa.kernel.geo import Position, distance_m
from promesa.kernel.seeds import stream
from promesa.orders.door_points import FIRST_UNCERTAINTY_M, UNCERTAINTY_M_MIN, refined
from promesa.orders.repository import DoorPoint

DOOR = Position(lon=-70.60, lat=-33.42)
# One metre east and north at this latitude.
METRE_LON, METRE_LAT = 1 / 92_900, 1 / 111_195


def _fix(east_m: float, north_m: float) -> Position:
    return Position(lon=DOOR.lon + east_m * METRE_LON, lat=DOOR.lat + north_m * METRE_LAT)


def _learnt(fixes: list[Position]) -> DoorPoint:
    point = DoorPoint(
        address_key=b"k", position=fixes[0], uncertainty_m=FIRST_UNCERTAINTY_M, deliveries=1
    )
    for fix in fixes[1:]:
        point = refined(point, fix)
    return point


def test_many_good_fixes_find_the_door_and_say_how_sure_they_are() -> None:
    noise = stream(1, "door")
    point = _learnt([_fix(noise.gauss(0, 10), noise.gauss(0, 10)) for _ in range(30)])
    assert distance_m(point.position, DOOR) < 8
    # Nine of ten fixes with 10 m of noise on each axis fall within 21 m.
    assert UNCERTAINTY_M_MIN <= point.uncertainty_m < 40


def test_one_stray_fix_does_not_drag_the_door_away() -> None:
    good = [_fix(0, 0)] * 9
    point = _learnt([*good, _fix(5_000, 0)])
    assert distance_m(point.position, DOOR) < 20


def test_scattered_fixes_are_less_sure_than_close_ones() -> None:
    noise = stream(2, "door")
    close = _learnt([_fix(noise.gauss(0, 5), 0) for _ in range(20)])
    scattered = _learnt([_fix(noise.gauss(0, 120), 0) for _ in range(20)])
    assert close.uncertainty_m < scattered.uncertainty_m


def test_a_door_that_moved_is_found_again() -> None:
    point = _learnt([_fix(0, 0)] * 10 + [_fix(200, 0)] * 60)
    assert distance_m(point.position, _fix(200, 0)) < 40
