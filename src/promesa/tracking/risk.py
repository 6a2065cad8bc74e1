"""How each promise stands, from the estimated arrival and the promised window.

At risk means: one time in ten it will be late. Late means: more likely than not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from promesa.domain.promise import PromiseRisk
from promesa.domain.stop import Outcome
from promesa.kernel.timewindow import TimeWindow
from promesa.tracking.eta import Arrival
from promesa.tracking.tracked import TrackedStop

# The end of a window is a promise, so no grace is taken from it; a policy may grant some.
GRACE = timedelta(0)

_WORST_FIRST = (PromiseRisk.LATE, PromiseRisk.AT_RISK, PromiseRisk.ON_TIME)


def stop_risk(
    stop: TrackedStop, arrival: Arrival | None, now: datetime, *, is_broken_down: bool
) -> PromiseRisk:
    """The risk of one stop's promise; without a promise nothing can be late.

    A broken-down van puts every stop to come at risk, even one with hours to spare: a person has
    to decide.
    """
    if not stop.is_open:
        failed = stop.outcome in {Outcome.FAILED, Outcome.SKIPPED}
        return PromiseRisk.FAILED if failed else PromiseRisk.CLOSED
    calm = PromiseRisk.AT_RISK if is_broken_down else PromiseRisk.ON_TIME
    if stop.promise is None:
        return calm
    found = window_risk(stop.promise, arrival, arrived_at=stop.arrived_at, now=now)
    return calm if found is PromiseRisk.ON_TIME else found


def window_risk(
    window: TimeWindow, arrival: Arrival | None, *, arrived_at: datetime | None, now: datetime
) -> PromiseRisk:
    """The risk of an open stop against any window its recipient was told, not only the last."""
    due = window.end + GRACE
    if arrived_at is not None and _is_there(arrival, now):
        return PromiseRisk.ON_TIME if arrived_at <= due else PromiseRisk.LATE
    if now > due or (arrival is not None and arrival.p50 > due):
        return PromiseRisk.LATE
    if arrival is not None and arrival.p90 > due:
        return PromiseRisk.AT_RISK
    return PromiseRisk.ON_TIME


def _is_there(arrival: Arrival | None, now: datetime) -> bool:
    """Whether the arrival lies behind us: a van that left without closing has to come again."""
    return arrival is None or arrival.p50 <= now


def counting_risk(
    told: PromiseRisk,
    window: TimeWindow,
    arrival: Arrival | None,
    *,
    arrived_at: datetime | None,
    now: datetime,
) -> PromiseRisk:
    """Of the promise that counts: a window told because we are late makes no promise safe again.

    ``told`` is the risk of the window told last: in danger too, or on a van that broke down, it
    weighs as much.
    """
    return worst_risk((told, window_risk(window, arrival, arrived_at=arrived_at, now=now)))


def worst_risk(risks: Iterable[PromiseRisk]) -> PromiseRisk:
    """The one of a route that a person should see: the worst still open, else closed."""
    present = set(risks)
    return next((risk for risk in _WORST_FIRST if risk in present), PromiseRisk.CLOSED)
