"""The estimates kept for the report: each stop's, as it stood so long before its own arrival.

An estimate counts for a horizon when it says that the van is that far away, and is the first to
say so. One made later counts for none: a van that was never seen two hours away has no estimate
of two hours, and a guess of twenty minutes does not stand in for it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import timedelta
from uuid import UUID

from promesa.tracking.repository import ArrivalEstimate
from promesa.tracking.snapshot import RouteSnapshot

HORIZONS_MIN = (120, 30, 10)
# From this share of a horizon up to the horizon itself an estimate is of it.
NEAR_SHARE = 0.8

StopHorizon = tuple[UUID, int]


def find_horizon(lead: timedelta) -> int | None:
    """The horizon, in minutes, that an arrival so far ahead is at; None between two of them."""
    for horizon in HORIZONS_MIN:
        if NEAR_SHARE * horizon <= lead / timedelta(minutes=1) <= horizon:
            return horizon
    return None


def estimates_due(seen: RouteSnapshot, kept: Container[StopHorizon]) -> Iterator[ArrivalEstimate]:
    """What the route's picture says of stops at a horizon, but for what is kept of them."""
    for stop_id, arrival in seen.arrivals.items():
        horizon = find_horizon(arrival.p50 - seen.computed_at)
        if horizon is not None and (stop_id, horizon) not in kept:
            yield ArrivalEstimate(
                stop_id=stop_id,
                horizon_min=horizon,
                made_at=seen.computed_at,
                p10=arrival.p10,
                p50=arrival.p50,
                p90=arrival.p90,
                basis=seen.basis,
            )
