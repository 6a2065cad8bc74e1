"""Windows: when a service begins, and how late one may arrive for it."""

from __future__ import annotations

from promesa.routing.engine.compiled import inlined
from promesa.routing.engine.day import NEVER, Day


@inlined
def begin(day: Day, node: int, arrival: int) -> int:
    """The first second from ``arrival`` on at which the service may begin; NEVER if none."""
    if arrival > day.node[node].closes:
        return NEVER
    first, last = day.node[node].spans_first, day.node[node].spans_end
    if last - first <= 1:
        opens = day.node[node].opens
        return max(opens, arrival)
    for k in range(first, last):
        if arrival <= day.spans[k, 1]:
            opens = day.spans[k, 0]
            return max(opens, arrival)
    return NEVER


@inlined
def latest_arrival(day: Day, node: int, start: int) -> int:
    """The last arrival whose service begins by ``start``; -NEVER if none."""
    if start < day.node[node].opens:
        return -NEVER
    first, last = day.node[node].spans_first, day.node[node].spans_end
    if last - first <= 1:
        closes = day.node[node].closes
        return min(closes, start)
    for k in range(last - 1, first - 1, -1):
        if day.spans[k, 0] <= start:
            closes = day.spans[k, 1]
            return min(closes, start)
    return -NEVER
