"""The rows that ship for Chile: holidays, rest, Cyber, paydays, and what is only probable."""

from __future__ import annotations

from datetime import date

import pytest

from promesa.planning.demand.chile import (
    ShippedEvent,
    chile_events,
    chile_holidays,
    is_working_day,
    rest_day_of,
)
from promesa.planning.demand.event_row import EventContent, likely_range, require_sound

YEARS = range(2018, 2031)


def of(year: int, key: str) -> EventContent:
    (found,) = [event.content for event in chile_events(year) if event.key == key]
    return found


def named(year: int, name: str) -> list[ShippedEvent]:
    return [event for event in chile_events(year) if event.content.name == name]


def test_a_cyber_with_a_source_is_confirmed_and_starts_from_the_prior() -> None:
    cyber = of(2025, "cyberday-2025")
    assert (cyber.start, cyber.end) == (date(2025, 6, 2), date(2025, 6, 4))
    assert cyber.is_confirmed
    assert (cyber.uplift, cyber.sigma) == (6.0, 0.5)
    assert cyber.profile == pytest.approx((1.17, 0.84, 0.99))
    assert likely_range(cyber.uplift, cyber.sigma) == pytest.approx((3.16, 11.39), abs=0.01)


def test_next_years_cyber_is_a_probable_date_to_be_confirmed() -> None:
    for key, day in {
        "cyberday-2027": date(2027, 5, 31),
        "cybermonday-2027": date(2027, 10, 4),
    }.items():
        cyber = of(2027, key)
        assert (cyber.start, (cyber.end - cyber.start).days) == (day, 2)
        assert not cyber.is_confirmed
        assert cyber.source.startswith("Fecha probable: ")


def test_a_date_without_evidence_is_not_taken_for_confirmed() -> None:
    assert not of(2024, "cybermonday-2024").is_confirmed


def test_rules_for_unknown_dates_hit_most_of_the_years_with_a_date() -> None:
    # The pandemic moved both of 2020; the rest is what "probable" is worth.
    rule_2026 = {name: of(2026, f"{name}-2026").start for name in ("cyberday", "cybermonday")}
    assert rule_2026 == {"cyberday": date(2026, 6, 1), "cybermonday": date(2026, 10, 5)}
    assert of(2023, "cyberday-2023").start == date(2023, 5, 29)


def test_no_uplift_stands_without_a_source() -> None:
    with_uplift = {
        event.content.name
        for year in YEARS
        for event in chile_events(year)
        if event.content.uplift is not None
    }
    assert with_uplift == {"CyberDay", "CyberMonday"}


def test_irrenunciable_days_are_marked_and_elections_that_close_malls_alone_are_not() -> None:
    marked = {e.content.start for e in chile_events(2025) if e.content.is_rest}
    fixed = [(1, 1), (5, 1), (9, 18), (9, 19), (12, 25)]
    assert marked == {date(2025, month, day) for month, day in fixed}
    assert marked == {rest_day_of(e.key) for e in chile_events(2025)} - {None}


def test_a_regional_holiday_holds_in_its_comunas_alone() -> None:
    arica = of(2026, "holiday-ap-2026-06-07")
    assert arica.scope.comunas == ("Arica", "Camarones", "Putre", "General Lagos")
    assert date(2026, 6, 7) not in chile_holidays(2026)


def test_a_bridge_day_of_fiestas_patrias_is_a_holiday() -> None:
    assert chile_holidays(2024)[date(2024, 9, 20)] == "Fiestas Patrias"


def test_payday_is_the_last_working_day_of_each_month() -> None:
    days = [event.content.start for event in named(2026, "Día de pago")]
    assert len(days) == 12
    # 31 May 2026 is a Sunday; 31 October a Saturday and a holiday.
    assert {date(2026, 5, 29), date(2026, 10, 30)} <= set(days)
    assert all(is_working_day(day) for day in days)


def test_mothers_day_is_the_second_sunday_of_may_with_the_days_before() -> None:
    (mothers,) = named(2026, "Día de la Madre")
    assert (mothers.content.start, mothers.content.end) == (date(2026, 5, 4), date(2026, 5, 10))


def test_childrens_day_is_as_announced_or_else_to_be_confirmed() -> None:
    assert of(2023, "dia-del-nino-2023").end == date(2023, 8, 6)
    assert of(2023, "dia-del-nino-2023").is_confirmed
    assert not of(2027, "dia-del-nino-2027").is_confirmed


@pytest.mark.parametrize("year", YEARS)
def test_every_row_has_a_source_a_key_of_its_own_and_can_be_meant(year: int) -> None:
    events = chile_events(year)
    assert len({event.key for event in events}) == len(events)
    for event in events:
        assert event.content.source
        require_sound(event.content)


def test_a_year_out_of_range_has_no_rows() -> None:
    assert chile_events(1999) == ()
