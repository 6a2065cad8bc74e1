"""Which colaciones of a route were really had: what its driver told, against what its plan has.

Where nobody told anything the plan is taken at its word, and this says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from promesa.domain.fleet import MEAL_BREAK_S_MIN
from promesa.domain.route import RouteBreak, RouteRest, RouteVersion

# Who has rested less of it has still to have it; assumed.
HAD_SHARE = 0.8


def breaks_had(version: RouteVersion, rests: Sequence[RouteRest]) -> tuple[RouteBreak, ...]:
    """Those had, and one being had: until it has lasted as long as the plan gives it."""
    found: list[RouteBreak] = []
    for rest in rests:
        lasts = _lasts(version, len(found))
        if rest.end is None:
            found.append(RouteBreak(start=rest.start, end=rest.start + lasts))
        elif rest.end - rest.start >= HAD_SHARE * lasts:
            found.append(RouteBreak(start=rest.start, end=rest.end))
    return tuple(found)


def breaks_to_come(version: RouteVersion, rests: Sequence[RouteRest]) -> tuple[RouteBreak, ...]:
    """Those of the plan that are left, at the hours the plan put them."""
    return version.breaks[len(breaks_had(version, rests)) :]


def rests_at(
    version: RouteVersion, rests: Sequence[RouteRest], now: datetime
) -> tuple[RouteBreak, ...]:
    """Every rest, short ones too; one that goes on ends when it is due, and never before now."""
    found = []
    for number, rest in enumerate(rests):
        due = rest.start + _lasts(version, number)
        found.append(RouteBreak(start=rest.start, end=rest.end or max(now, due)))
    return tuple(found)


def _lasts(version: RouteVersion, number: int) -> timedelta:
    if number < len(version.breaks):
        planned = version.breaks[number]
        return planned.end - planned.start
    return timedelta(seconds=MEAL_BREAK_S_MIN)
