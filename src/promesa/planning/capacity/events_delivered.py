"""Which event adds most to each day's deliveries of a depot, by the depot's own lead time.

Orders of an event are delivered after it; its own day may carry none of them. An event of some
comunas or depots is told only where it brings something, and counts for as much as it touches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from promesa.planning.capacity.board_case import BoardInputs
from promesa.planning.demand.lead_time import deliveries_of
from promesa.planning.forecast.deliveries import lead_time_at
from promesa.planning.forecast.forecast import EventUsed
from promesa.planning.forecast.outlook import Outlook

# An event that adds less than this part of a usual day's orders to deliveries is not named.
NAMED_SHARE_MIN = 0.15


def events_delivered(inputs: BoardInputs, depot: str) -> Mapping[date, str]:
    """Names by day; the larger of two that meet."""
    outlook = inputs.outlook
    lead_time = lead_time_at(outlook, depot, inputs.rule)
    own = [place for place, key in enumerate(outlook.series) if key.depot in {"", depot}]
    more: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for used in outlook.events:
        # The same name may stand twice, for other comunas: each brings its own.
        more[used.name][used.day] += max(0.0, used.factor - 1) * _touched(outlook, own, used)
    found: dict[date, tuple[float, str]] = {}
    for name, orders in more.items():
        for day, share in deliveries_of(orders, lead_time, inputs.rule.is_open).items():
            if share >= NAMED_SHARE_MIN and (share, name) > found.get(day, (0.0, "")):
                found[day] = share, name
    return {day: name for day, (_, name) in found.items()}


def _touched(outlook: Outlook, own: Sequence[int], used: EventUsed) -> float:
    """The share of the depot's orders of that day that the event is for."""
    if used.series is None:
        return 1.0
    if used.day not in outlook.days:
        return 0.0
    place, scope = outlook.days.index(used.day), set(used.series)
    orders = {row: outlook.mean[row][place] for row in own}
    of_event = sum(count for row, count in orders.items() if outlook.series[row].text in scope)
    return of_event / sum(orders.values()) if of_event > 0 else 0.0
