from __future__ import annotations

from datetime import date

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import days_from
from promesa.planning.forecast.marks import NO_EVENT, mark_days, occurrences


def _event(name: str, start: int, end: int, month: int = 3) -> DemandEvent:
    return DemandEvent(name=name, start=date(2024, month, start), end=date(2024, month, end))


def test_rows_of_one_name_that_overlap_or_touch_are_one_occurrence() -> None:
    found = occurrences([_event("Carnaval", 4, 5), _event("Carnaval", 5, 6), _event("Cyber", 7, 7)])
    assert [(run.name, run.start.day, run.end.day) for run in found] == [
        ("Carnaval", 4, 6),
        ("Cyber", 7, 7),
    ]


def test_the_same_name_a_month_later_is_another_occurrence() -> None:
    found = occurrences([_event("Pago", 29, 29), _event("Pago", 29, 29, month=4)])
    assert [run.start.month for run in found] == [3, 4]


def test_a_day_knows_its_weekday_its_place_in_the_month_and_its_day_of_the_event() -> None:
    days = days_from(date(2024, 2, 28), 4)  # Wednesday to Saturday, over a leap day.
    marks = mark_days(days, [_event("Cyber", 1, 2)])
    assert marks.weekday.tolist() == [2, 3, 4, 5]
    assert marks.month_day.tolist() == [28, 29, 1, 2]
    assert marks.month_left.tolist() == [1, 0, 30, 29]
    assert marks.event_day[:, 0].tolist() == [NO_EVENT, NO_EVENT, 0, 1]
    assert marks.has_event.tolist() == [False, False, True, True]
