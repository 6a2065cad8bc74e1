"""The hours in which vans are out on a day, and windows that lie outside them.

Says and never refuses: shifts may still be added before the day is planned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from promesa.domain.fleet import Shift
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.desk import Desk
from promesa.orders.repository import FleetBook

# A day without shifts of its own is judged by the last one that had some, a week back at most.
LOOK_BACK_DAYS = 7
# A file for more days than a month is not judged further: each day is a question more.
DAYS_JUDGED_MAX = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingHours:
    """From the first van out to the last one in.

    Attributes:
        told_by: The day whose shifts say so: the day itself, or the last one that had shifts.
    """

    start: datetime
    end: datetime
    told_by: date


async def working_hours(
    book: FleetBook, days: Iterable[date], *, desk: Desk
) -> dict[date, WorkingHours]:
    """The hours of each day; a day of which nothing can be said is not in it."""
    found: dict[date, WorkingHours] = {}
    usual: WorkingHours | None = None
    is_usual_known = False
    for day in sorted(set(days))[:DAYS_JUDGED_MAX]:
        own = _hours_of(await book.list_shifts(day), day)
        if own is None and not is_usual_known:
            usual, is_usual_known = await _usual(book, desk.today()), True
        hours = own or _moved(usual, day, desk.policy.zone)
        if hours is not None:
            found[day] = hours
    return found


def beyond_hours(
    windows: Sequence[TimeWindow], day: date, hours: WorkingHours | None, zone: str
) -> str | None:
    """Why no van can keep any of the windows, and what to do; None where one can."""
    if hours is None or not windows:
        return None
    if any(window.end > hours.start and window.start < hours.end for window in windows):
        return None
    told = "" if hours.told_by == day else f", según los turnos del {hours.told_by:%d-%m}"
    if all(window.end <= hours.start for window in windows):
        at = f"{hours.start.astimezone(ZoneInfo(zone)):%H:%M}"
        what = f"termina antes de que salga el primer furgón ({at}{told})"
    elif all(window.start >= hours.end for window in windows):
        at = f"{hours.end.astimezone(ZoneInfo(zone)):%H:%M}"
        what = f"empieza cuando ya volvió el último furgón ({at}{told})"
    else:
        what = f"cae fuera de las horas en que hay furgones{told}"
    return f"La ventana {what}. Entra igual; cambia la hora o agrega un turno."


async def _usual(book: FleetBook, today: date) -> WorkingHours | None:
    for back in range(LOOK_BACK_DAYS + 1):
        day = today - timedelta(days=back)
        if hours := _hours_of(await book.list_shifts(day), day):
            return hours
    return None


def _hours_of(shifts: Sequence[Shift], day: date) -> WorkingHours | None:
    if not shifts:
        return None
    return WorkingHours(
        start=min(shift.start for shift in shifts),
        end=max(shift.end for shift in shifts),
        told_by=day,
    )


def _moved(hours: WorkingHours | None, day: date, zone: str) -> WorkingHours | None:
    """The same clock times on another day."""
    if hours is None:
        return None
    days = day - hours.told_by
    local = ZoneInfo(zone)
    return WorkingHours(
        start=hours.start.astimezone(local) + days,
        end=hours.end.astimezone(local) + days,
        told_by=hours.told_by,
    )
