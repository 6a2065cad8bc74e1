"""The delivery day in the depot's zone, daylight saving included.

A service day is a calendar date in a zone. Inside the engine instants are integer seconds since
its first instant; on the two days a year when clocks change it lasts 23 or 25 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from promesa.kernel.errors import InvalidError

SANTIAGO = "America/Santiago"
# Vans of a peak come home after midnight; those of the next day leave later than this (assumed).
NIGHT_ENDS = time(5, 0)


# Beyond these a date is a mistake, and near its own ends the calendar overflows.
YEAR_MIN, YEAR_MAX = 2000, 2100


class DayOutOfRangeError(InvalidError):
    """No deliveries are made in that year."""

    code: ClassVar[str] = "day_out_of_range"
    message: ClassVar[str] = "Esa fecha está fuera de rango. Usa un año entre 2000 y 2100."


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """A date of work in a time zone.

    Raises:
        DayOutOfRangeError: The year is no year of deliveries.
    """

    date: date
    zone: str = SANTIAGO

    def __post_init__(self) -> None:
        if not YEAR_MIN <= self.date.year <= YEAR_MAX:
            raise DayOutOfRangeError(year=self.date.year)

    @property
    def start(self) -> datetime:
        """First instant of the day, in UTC.

        Chile moves its clocks at midnight: on that Sunday 00:00 does not exist and the day
        starts at 01:00, which the trip through UTC gives.
        """
        return self.at(time(0, 0))

    @property
    def end(self) -> datetime:
        """First instant of the next day, in UTC."""
        return ServiceDay(self.date + timedelta(days=1), self.zone).start

    def at(self, clock_time: time) -> datetime:
        """The instant, in UTC, at which clocks of the zone show ``clock_time`` on this day."""
        return datetime.combine(self.date, clock_time, ZoneInfo(self.zone)).astimezone(UTC)

    def clock_time_of(self, instant: datetime) -> time:
        """What clocks of the zone show at ``instant``."""
        return instant.astimezone(ZoneInfo(self.zone)).time()

    def second_of(self, instant: datetime) -> int:
        """Whole seconds from the start of the day to ``instant``; negative before it."""
        return int((instant - self.start).total_seconds())

    def instant_at(self, second: int) -> datetime:
        """The instant ``second`` seconds after the start of the day."""
        return self.start + timedelta(seconds=second)

    @classmethod
    def of(cls, instant: datetime, zone: str = SANTIAGO) -> ServiceDay:
        """The service day that ``instant`` falls in."""
        if not YEAR_MIN <= instant.year <= YEAR_MAX:
            raise DayOutOfRangeError(year=instant.year)
        return cls(instant.astimezone(ZoneInfo(zone)).date(), zone)

    @classmethod
    def of_the_night(cls, instant: datetime, zone: str = SANTIAGO) -> ServiceDay | None:
        """The day before, whose vans may still be out: from midnight to 05:00; None after."""
        local = instant.astimezone(ZoneInfo(zone))
        return cls(local.date() - timedelta(days=1), zone) if local.time() < NIGHT_ENDS else None
