"""The book of a day: what is promised, found by place, changed by making another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from promesa.kernel.geo import Position, distance_m
from promesa.kernel.seeds import stream
from promesa.promising.day_book import BookedStop, DayBook, make_book, near_m

DEPOT_ID, DAY = UUID(int=1), date(2026, 12, 1)
DOOR = Position(lon=-70.6, lat=-33.4)
MORNING, AFTERNOON, WHOLE = (32_400, 50_400), (50_400, 75_600), (32_400, 75_600)


def stop(
    number: int, position: Position | None = DOOR, span: tuple[int, int] = WHOLE
) -> BookedStop:
    return BookedStop(
        id=UUID(int=number), position=position, start_s=span[0], end_s=span[1], service_s=100
    )


def scattered(count: int, degrees: float) -> list[BookedStop]:
    chance = stream(1, "book", count)
    return [
        stop(
            number,
            Position(
                lon=DOOR.lon + chance.uniform(-degrees, degrees),
                lat=DOOR.lat + chance.uniform(-degrees, degrees),
            ),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(("count", "degrees"), [(40, 0.2), (800, 0.05), (3_000, 0.01)])
def test_the_stops_found_around_a_door_are_the_nearest(count: int, degrees: float) -> None:
    stops = scattered(count, degrees)
    found = make_book(DEPOT_ID, DAY, stops).near(DOOR, count=5)
    nearest = sorted(stops, key=lambda each: near_m(DOOR, each.position or DOOR))[:5]
    assert [each.id for each in found] == [each.id for each in nearest]


def test_far_from_every_stop_there_is_no_neighbour_to_speak_of() -> None:
    book = make_book(DEPOT_ID, DAY, scattered(100, 0.01))
    assert book.near(Position(lon=-71.5, lat=-33.4)) == []


def test_a_book_with_a_stop_more_leaves_the_one_before_as_it_was() -> None:
    empty = DayBook(depot_id=DEPOT_ID, date=DAY)
    one = empty.with_stop(stop(1))
    assert (len(empty), len(one), one.service_s) == (0, 1, 100)
    assert one.without(UUID(int=1)) == empty.with_stop(stop(1)).without(UUID(int=1))
    assert len(one.without(UUID(int=1))) == 0
    assert one.without(UUID(int=9)) is one


def test_a_stop_put_twice_is_there_once_where_it_was_put_last() -> None:
    moved = Position(lon=-70.5, lat=-33.4)
    book = DayBook(depot_id=DEPOT_ID, date=DAY).with_stop(stop(1)).with_stop(stop(1, moved))
    assert [each.position for each in book.near(moved)] == [moved]
    assert (len(book), book.service_s) == (1, 100)


def test_a_stop_without_a_position_takes_time_and_is_nobodys_neighbour() -> None:
    book = make_book(DEPOT_ID, DAY, [stop(1, None)])
    assert (book.near(DOOR), book.service_s) == ([], 100)
    assert book.without(UUID(int=1)).service_s == 0


def test_what_must_be_done_in_some_hours_is_what_is_promised_within_them() -> None:
    book = make_book(
        DEPOT_ID, DAY, [stop(1, span=MORNING), stop(2, span=AFTERNOON), stop(3, span=WHOLE)]
    )
    assert book.inside(*MORNING) == (1, 100)
    assert book.inside(*WHOLE) == (3, 300)


def test_a_straight_line_within_the_city_is_the_great_circle_to_a_thousandth() -> None:
    there = Position(lon=-70.75, lat=-33.55)
    assert near_m(DOOR, there) == pytest.approx(distance_m(DOOR, there), rel=2e-3)


def test_a_book_counts_who_named_its_day_however_its_stops_came_into_it() -> None:
    stops = [replace(stop(n), is_named=n > 2) for n in range(1, 6)]
    book = make_book(DEPOT_ID, DAY, stops)
    assert book.named == 3
    assert book.with_stop(stop(5)).named == book.without(UUID(int=5)).named == 2
