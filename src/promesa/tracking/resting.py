"""Which colaciones of a route were really had: what its driver told, against what its plan has.

Where nobody told anything the plan is taken at its word, and this says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from promesa.domain.fleet import MEAL_BREAK_S_MIN
from promesa.domain.route import RouteBreak, RouteRest, RouteVersion

# Who has rested less of it has still to have it; assumed.
HAD_SHARE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class RestSeen:
    """A rest beside the colación it was to be.

    Attributes:
        end: When it is due while it goes on.
        is_short: Whether it ended before it counts: the colación is still to be had.
    """

    start: datetime
    end: datetime
    is_over: bool
    is_short: bool


def breaks_had(version: RouteVersion, rests: Sequence[RouteRest]) -> tuple[RouteBreak, ...]:
    """Those had, and one being had: until it has lasted as long as the plan gives it."""
    return tuple(
        RouteBreak(start=seen.start, end=seen.end)
        for seen in _seen(version, rests)
        if not seen.is_short
    )


def breaks_to_come(version: RouteVersion, rests: Sequence[RouteRest]) -> tuple[RouteBreak, ...]:
    """Those of the plan that are left, at the hours the plan put them."""
    return version.breaks[len(breaks_had(version, rests)) :]


def taken_after(planned: RouteBreak, closed_at: datetime | None) -> RouteBreak:
    """The next one, if nobody tells of it: at its hour, or once the last visit was over."""
    late = max(timedelta(), (closed_at or planned.start) - planned.start)
    return RouteBreak(start=planned.start + late, end=planned.end + late)


def rests_at(
    version: RouteVersion, rests: Sequence[RouteRest], now: datetime
) -> tuple[RestSeen, ...]:
    """Every rest, short ones too; one that goes on never ends before now."""
    return tuple(
        seen if seen.is_over else replace(seen, end=max(now, seen.end))
        for seen in _seen(version, rests)
    )


def _seen(version: RouteVersion, rests: Sequence[RouteRest]) -> list[RestSeen]:
    """Each is held against the first colación that none before it was long enough for."""
    found: list[RestSeen] = []
    for rest in rests:
        lasts = _lasts(version, sum(not seen.is_short for seen in found))
        found.append(
            RestSeen(
                start=rest.start,
                end=rest.end or rest.start + lasts,
                is_over=rest.end is not None,
                is_short=rest.end is not None and rest.end - rest.start < HAD_SHARE * lasts,
            )
        )
    return found


def _lasts(version: RouteVersion, number: int) -> timedelta:
    if number < len(version.breaks):
        planned = version.breaks[number]
        return planned.end - planned.start
    return timedelta(seconds=MEAL_BREAK_S_MIN)
