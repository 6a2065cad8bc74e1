"""When a rule of the map holds: the part of OpenStreetMap's opening hours that road signs use.

Days of the week, public holidays and clock times: ``Mo-Fr 07:30-10:00,17:00-21:00; PH off``.
Months, weeks, school holidays, the sun and the weight of a lorry are not read: whoever asks counts
them as not understood. https://wiki.openstreetmap.org/wiki/Conditional_restrictions
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from promesa.roads.profiles import HALF_HOURS_PER_DAY

# A day is its weekday, Monday first; seven more for weekdays that are public holidays.
DAYS = 14
_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HALF_HOUR_MIN = 30
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)(?:\s*-\s*(?:Mo|Tu|We|Th|Fr|Sa|Su))?"
_SPAN = r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}"
_RULE = re.compile(
    rf"(?P<days>{_DAY}(?:\s*,\s*{_DAY})*)?\s*(?P<times>{_SPAN}(?:\s*,\s*{_SPAN})*|off|24/7)?"
)
_CLAUSE = re.compile(r"([^@;()]+?)\s*@\s*(?:\(([^)]*)\)|([^;()]+))")
# "Mo-Fr,PH off" is written for weekdays, holidays excepted.
_HOLIDAYS_OFF = re.compile(r",\s*PH\s+off")

Schedule = NDArray[np.bool_]


def read_clauses(text: str) -> Iterator[tuple[str, Schedule | None]]:
    """Each value of a conditional tag with its schedule; None where that is not understood."""
    for value, inside, bare in _CLAUSE.findall(text):
        yield value.strip(), read_schedule(inside or bare)


def read_schedule(text: str) -> Schedule | None:
    """bool, [DAYS, half hour]: the half hours the text touches; None when it is not understood.

    A later rule replaces what an earlier one says of its days. A weekday counts on a holiday too,
    unless the text names holidays.
    """
    schedule = np.zeros((DAYS, HALF_HOURS_PER_DAY), dtype=np.bool_)
    for part in _HOLIDAYS_OFF.sub("; PH off", text).split(";"):
        found = _RULE.fullmatch(part.strip())
        if not part.strip() or found is None:
            return None
        days = _days(found["days"] or "")
        schedule[days] = _half_hours(found["times"] or "24/7")
    return schedule


def _days(text: str) -> list[int]:
    if not text:
        return list(range(DAYS))
    found: list[int] = []
    for name in re.split(r"\s*,\s*", text):
        if name == "PH":
            found += range(7, DAYS)
            continue
        first, _, last = (part.strip() for part in name.partition("-"))
        start = _WEEK.index(first)
        count = (_WEEK.index(last or first) - start) % 7 + 1
        for step in range(count):
            found += ((start + step) % 7, (start + step) % 7 + 7)
    return found


def _half_hours(text: str) -> NDArray[np.bool_]:
    touched = np.full(HALF_HOURS_PER_DAY, text == "24/7")
    for span in re.findall(_SPAN, text):
        start, end = (_minute(clock) for clock in span.split("-"))
        first, after = start // _HALF_HOUR_MIN, -(-end // _HALF_HOUR_MIN)
        if end > start:
            touched[first:after] = True
        else:
            # Past midnight: the small hours are taken on the same day, which is what signs mean
            # by a night of every day.
            touched[first:] = True
            touched[:after] = True
    return touched


def _minute(clock: str) -> int:
    hour, minute = clock.strip().split(":")
    return int(hour) * 60 + int(minute)
