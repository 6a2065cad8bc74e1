"""When a driver rests, as the phone tells it: twice, late, or the end before the beginning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from promesa.domain.route import RouteRest


def with_pause(
    rests: tuple[RouteRest, ...], at: datetime, ends: Sequence[datetime]
) -> tuple[RouteRest, ...]:
    """The rests with one that begins; ``ends`` are the ends of rests that were told before.

    One that is told within another changes nothing. What begins before a rest that is known ends
    when that was told, or nobody knows: then it is history only.
    """
    if any(rest.start <= at and (rest.end is None or at < rest.end) for rest in rests):
        return rests
    later = [rest.start for rest in rests if rest.start > at]
    end = min((each for each in ends if each > at), default=None)
    if later and (end is None or end > min(later)):
        return rests
    return tuple(sorted((*rests, RouteRest(start=at, end=end)), key=_start))


def with_end(rests: tuple[RouteRest, ...], at: datetime) -> tuple[RouteRest, ...]:
    """The rests with the one that goes on ended; without one, nothing to end."""
    if not rests or rests[-1].end is not None or at < rests[-1].start:
        return rests
    return (*rests[:-1], RouteRest(start=rests[-1].start, end=at))


def _start(rest: RouteRest) -> datetime:
    return rest.start
