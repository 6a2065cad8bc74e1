"""What an order takes before any route is driven: the streets' answer, as vans are reckoned by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import numpy as np

from promesa.domain.fleet import Depot
from promesa.domain.order import SERVICE_TIME_S_DEFAULT
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.route_length import tour_min
from promesa.planning.capacity.streets import MeasuredZones
from promesa.planning.capacity.zones import ZoneArrays
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import Forecast
from promesa.promising.expected import ServedComuna
from promesa.promising.offers import OfferTerms
from promesa.promising.usual_work import UsualWork

Measure = Callable[[Sequence[str], Sequence[Depot]], Awaitable[MeasuredZones]]
_WEEK = 7


def usual_days(
    made: Forecast,
    series: Sequence[SeriesKey],
    served: Sequence[ServedComuna],
    *,
    terms: OfferTerms,
    depots: Sequence[Depot],
    measured: MeasuredZones,
) -> dict[UUID, UsualWork]:
    """The middle day of deliveries of each depot that has one, by the formula of route lengths.

    Args:
        made: Orders expected, [day, series].
        series: The columns of it.
        served: By which depot, likewise.
        terms: On which weekdays anything is delivered.
        depots: Those there are.
        measured: What the streets say of them.
    """
    zones = {zone.name: zone for zone in measured.zones}
    weekdays = {day for window in terms.windows for day in window.weekdays}
    found = {}
    for depot in depots:
        own = [
            column
            for column, each in enumerate(served)
            if each.depot_id == depot.id and series[column].comuna in zones
        ]
        daily = made.mean[:, own]
        orders = float(np.median(daily.sum(axis=1))) * _WEEK / max(1, len(weekdays))
        if not orders > 0:
            continue
        stops = daily.sum(axis=0) / daily.sum() * orders
        there = ZoneArrays.of([zones[series[column].comuna] for column in own])
        found[depot.id] = UsualWork(
            orders=orders,
            service_s=float(SERVICE_TIME_S_DEFAULT),
            travel_s=tour_min(stops, there) * MINUTE_S / orders,
        )
    return found
