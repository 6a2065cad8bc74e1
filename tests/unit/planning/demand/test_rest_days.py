"""Which days commerce rests on: the law's dates, and what rows of the calendar make of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from promesa.kernel.ids import derived_id
from promesa.planning.demand.event_row import (
    DemandEventInvalidError,
    EventContent,
    EventKind,
    EventRow,
    EventScope,
    require_sound,
)
from promesa.planning.demand.rest_days import OF_THE_LAW, rest_days_of
from tests.support.demand_nouns import AUTHOR, SAVED_AT

NAVIDAD, ELECTION = date(2026, 12, 25), date(2026, 11, 29)


def row(day: date, shipped_key: str | None = None, **changes: Any) -> EventRow:
    told: dict[str, Any] = {"kind": EventKind.ELECTION, "start": day, "end": day, "is_rest": True}
    return EventRow(
        id=derived_id("row", day, shipped_key or ""),
        content=EventContent(name="Elecciones", **told | changes),
        shipped_key=shipped_key,
        version=2,
        author_id=AUTHOR,
        saved_at=SAVED_AT,
    )


def test_the_law_has_five_days_of_rest_a_year() -> None:
    year = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(365)]
    assert sorted(f"{day:%d-%m}" for day in OF_THE_LAW.of(year)) == [
        "01-01", "01-05", "18-09", "19-09", "25-12",
    ]  # fmt: skip


def test_a_row_of_ones_own_adds_each_of_its_days_until_it_is_deleted() -> None:
    own = row(ELECTION, end=date(2026, 11, 30))
    assert rest_days_of([own]).of([ELECTION, date(2026, 11, 30), date(2026, 12, 1), NAVIDAD]) == {
        ELECTION,
        date(2026, 11, 30),
        NAVIDAD,
    }
    assert not rest_days_of([replace(own, deleted_at=SAVED_AT)]).has(ELECTION)


def test_a_law_day_whose_row_is_deleted_moved_or_unmarked_is_one_no_more() -> None:
    shipped = row(NAVIDAD, "holiday-2026-12-25")
    assert rest_days_of([shipped]).has(NAVIDAD)
    assert not rest_days_of([replace(shipped, deleted_at=SAVED_AT)]).has(NAVIDAD)
    assert not rest_days_of([row(NAVIDAD, "holiday-2026-12-25", is_rest=False)]).has(NAVIDAD)
    moved = rest_days_of([row(date(2026, 12, 26), "holiday-2026-12-25")])
    assert (moved.has(NAVIDAD), moved.has(date(2026, 12, 26))) == (False, True)
    assert moved.has(date(2027, 12, 25)), "each year has its row"


def test_a_mark_of_another_row_keeps_a_law_day_that_its_own_row_lost() -> None:
    unmarked = row(NAVIDAD, "holiday-2026-12-25", is_rest=False)
    assert rest_days_of([unmarked, row(NAVIDAD)]).has(NAVIDAD)


def test_a_law_day_that_was_marked_for_one_place_stays_one_everywhere() -> None:
    scope = EventScope(comunas=("Maipú",))
    assert rest_days_of([row(NAVIDAD, "holiday-2026-12-25", scope=scope)]).has(NAVIDAD)


def test_a_day_of_rest_of_one_place_closes_nothing_and_is_not_taken() -> None:
    local = row(ELECTION, scope=EventScope(comunas=("Arica",)))
    assert not rest_days_of([local]).has(ELECTION)
    with pytest.raises(DemandEventInvalidError) as refused:
        require_sound(local.content)
    faults = refused.value.details["faults"]
    assert isinstance(faults, list)
    assert [fault.field for fault in faults] == ["is_rest"]
