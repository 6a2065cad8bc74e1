"""The rows of Chile's calendar that ship: holidays, days of rest, elections, commerce, paydays.

Holidays come from the ``holidays`` package, which knows bridge days; everything else from the
files in ``data``, each row with its source. A date that is not known yet is only probable and says
so. Nothing here is a rule of the forecast: rows are offered, and people edit them.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import holidays

from promesa.kernel.text import bare
from promesa.planning.demand.event_row import (
    PROBABLE_DATE,
    EventContent,
    EventKind,
    EventScope,
    normal_profile,
)

# What the package computes soundly; before it no operator has a history.
CHILE_YEAR_MIN, CHILE_YEAR_MAX = 2011, 2060
FRIDAY, SUNDAY = 4, 6
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# What the keys of holidays begin with; a day follows, or a region and a day.
HOLIDAY_KEY = "holiday-"
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOLIDAY_SOURCE = "Feriado legal de Chile (paquete holidays)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedEvent:
    """A row that is offered; ``key`` stays the same when its date becomes known."""

    key: str
    content: EventContent


def chile_events(year: int) -> tuple[ShippedEvent, ...]:
    """The rows of a year, by first day and key; none for a year out of range."""
    if not CHILE_YEAR_MIN <= year <= CHILE_YEAR_MAX:
        return ()
    found = [
        *_holidays(year),
        *_elections(year),
        *_cyber(year),
        *_told(year),
        *_by_rule(year),
        *_paydays(year),
    ]
    return tuple(sorted(found, key=lambda event: (event.content.start, event.key)))


@cache
def chile_holidays(year: int) -> Mapping[date, str]:
    """The national holidays of a year by day."""
    days: Mapping[date, str] = holidays.country_holidays("CL", years=year, language="es")
    return dict(sorted(days.items()))


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no national holiday: a día hábil."""
    return day.weekday() <= FRIDAY and day not in chile_holidays(day.year)


def is_rest_day(day: date) -> bool:
    """Whether commerce must stay closed on it every year: elections close malls alone."""
    return (day.month, day.day) in _fixed_rest_days()


def rest_day_of(shipped_key: str | None) -> date | None:
    """The day of rest that a row ships for; None for any other row."""
    key = shipped_key or ""
    told = key.removeprefix(HOLIDAY_KEY)
    if told == key or not _ISO_DAY.fullmatch(told):
        return None
    day = date.fromisoformat(told)
    return day if is_rest_day(day) else None


@cache
def _fixed_rest_days() -> frozenset[tuple[int, int]]:
    return frozenset((row["month"], row["day"]) for row in _tables()["irrenunciable"])


def _holidays(year: int) -> Iterator[ShippedEvent]:
    source = _HOLIDAY_SOURCE
    rest = {(row["month"], row["day"]): row["source"] for row in _tables()["irrenunciable"]}
    for day, name in chile_holidays(year).items():
        why = rest.get((day.month, day.day))
        yield _shipped(
            f"{HOLIDAY_KEY}{day.isoformat()}",
            name=name,
            kind=EventKind.HOLIDAY,
            start=day,
            end=day,
            source=f"{source}. Irrenunciable: {why}" if why else source,
            is_rest=why is not None,
        )
    for region in _tables()["regional"]:
        local = holidays.country_holidays(
            "CL", subdiv=region["subdivision"], years=year, language="es"
        )
        for day in sorted(set(local) - set(chile_holidays(year))):
            yield _shipped(
                f"{HOLIDAY_KEY}{region['subdivision'].lower()}-{day.isoformat()}",
                name=local[day],
                kind=EventKind.HOLIDAY,
                start=day,
                end=day,
                scope=EventScope(comunas=tuple(region["comunas"])),
                source=source,
            )


def _elections(year: int) -> Iterator[ShippedEvent]:
    for row in _tables()["election"]:
        if row["start"].year == year:
            yield _shipped(
                f"election-{row['start'].isoformat()}",
                name="Elecciones",
                kind=EventKind.ELECTION,
                start=row["start"],
                end=row["end"],
                source=row["source"],
            )


def _cyber(year: int) -> Iterator[ShippedEvent]:
    """The Cyber events: as told where a year is in the table, else where past years' rule says."""
    prior = _tables()["cyber"]
    told = {row["name"]: row for row in _cyber_table() if row["start"][:4] == str(year)}
    for name, rule in prior["rules"].items():
        row = told.get(name)
        start = date.fromisoformat(row["start"]) if row else _day_of(year, rule)
        end = date.fromisoformat(row["end"]) if row else start + timedelta(days=2)
        if row is None and year < _told_until():
            # Before its first edition, or a year that was left out of the table.
            continue
        days = (end - start).days + 1
        shares = tuple(prior["shares"]) if days == len(prior["shares"]) else ()
        is_confirmed = row is not None and row["is_confirmed"] == "sí"
        words = f"el {start:%d-%m-%Y}, sin fuente" if row else rule["words"]
        because = row["source"] if row and is_confirmed else f"{PROBABLE_DATE}{words}"
        noted = row["note"] if row else ""
        yield _shipped(
            f"{_slug(name)}-{year}",
            name=name,
            kind=EventKind.COMMERCE,
            start=start,
            end=end,
            uplift=prior["uplift"],
            sigma=prior["sigma"],
            profile=normal_profile(shares),
            source=". ".join(filter(None, (because, noted, prior["source"]))),
            is_confirmed=is_confirmed,
        )


def _told(year: int) -> Iterator[ShippedEvent]:
    """Days that somebody announces each year, with the span before them."""
    for rule in _tables()["told"]:
        known = {row["day"].year: row for row in rule["date"]}
        row = known.get(year)
        day = row["day"] if row else _day_of(year, rule)
        yield _shipped(
            f"{_slug(rule['name'])}-{year}",
            name=rule["name"],
            kind=EventKind.COMMERCE,
            start=day - timedelta(days=rule["days_before"]),
            end=day,
            source=row["source"] if row else PROBABLE_DATE + rule["words"],
            is_confirmed=row is not None,
        )


def _by_rule(year: int) -> Iterator[ShippedEvent]:
    for rule in _tables()["rule"]:
        day = _day_of(year, rule)
        yield _shipped(
            f"{_slug(rule['name'])}-{year}",
            name=rule["name"],
            kind=EventKind.COMMERCE,
            start=day - timedelta(days=rule["days_before"]),
            end=day + timedelta(days=rule["days_after"]),
            source=rule["source"],
        )


def _paydays(year: int) -> Iterator[ShippedEvent]:
    row = _tables()["payday"]
    for month in range(1, 13):
        day = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
        yield _shipped(
            f"payday-{day:%Y-%m}",
            name=row["name"],
            kind=EventKind.PAYDAY,
            start=day,
            end=day,
            source=row["source"],
        )


def _day_of(year: int, rule: Mapping[str, Any]) -> date:
    """The day that a rule means: a date, the weekday nearest to it, or the nth of a month."""
    shift = timedelta(days=rule.get("shift", 0))
    if "nth" in rule:
        first = date(year, rule["month"], 1)
        ahead = (_WEEKDAYS.index(rule["weekday"]) - first.weekday()) % 7
        return first + timedelta(days=ahead + 7 * (rule["nth"] - 1)) + shift
    day = date(year, rule["month"], rule["day"])
    if "nearest" not in rule:
        return day + shift
    ahead = (_WEEKDAYS.index(rule["nearest"]) - day.weekday()) % 7
    return day + timedelta(days=ahead if ahead <= 3 else ahead - 7) + shift


def _slug(name: str) -> str:
    return bare(name).replace(" ", "-")


def _shipped(key: str, **content: Any) -> ShippedEvent:
    return ShippedEvent(key=key, content=EventContent(**content))


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_text("chile.toml"))


@cache
def _cyber_table() -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(io.StringIO(_text("cyber_events.csv"))))


@cache
def _told_until() -> int:
    """The first year after the table."""
    return max(int(row["start"][:4]) for row in _cyber_table()) + 1


def _text(name: str) -> str:
    return (resources.files("promesa.planning.demand") / "data" / name).read_text(encoding="utf-8")
