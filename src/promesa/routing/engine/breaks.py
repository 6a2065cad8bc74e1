"""Breaks: each lies wholly inside its span and is taken where the van stands."""

from __future__ import annotations

from promesa.routing.engine.compiled import inlined
from promesa.routing.engine.day import NEVER, Day


@inlined
def rested(day: Day, vehicle: int, number: int, now: int) -> int:
    """When the break ends if the driver stops at ``now``; NEVER if it is too late for it."""
    start = day.van[vehicle].rest_start[number]
    end = (max(start, now)) + day.van[vehicle].rest_s[number]
    return end if end <= day.van[vehicle].rest_end[number] else NEVER


@inlined
def before_rest(day: Day, vehicle: int, number: int, due: int) -> int:
    """The last second to stop for the break and be rested by ``due``; -NEVER if none."""
    end = day.van[vehicle].rest_end[number]
    end = min(end, due)
    start = end - day.van[vehicle].rest_s[number]
    return start if start >= day.van[vehicle].rest_start[number] else -NEVER
