"""The newest forecast of demand, as promises take it: each depot's orders a day, with spread."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import Depot
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.streets import MeasuredZones
from promesa.planning.demand.overrides import OVERRIDES_MAX
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import Forecast, log_deviation
from promesa.planning.forecast.outlook import Outlook, OutlookRecord
from promesa.planning.forecast.overriding import overridden
from promesa.planning.forecast.totals import add_up
from promesa.promising.expected import (
    ExpectedOfDepots,
    ExpectedOrders,
    ServedComuna,
    weights_of,
)
from promesa.promising.fleet_outlook import VAN_STOPS_ASSUMED, order_s
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferTerms
from promesa.promising.repository import DrivenWork, Ways
from promesa.roads.territory import Territory
from promesa.runtime.repository import PlatformStore
from promesa.runtime.usual_days import Measure, usual_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Who serves a comuna, how far off it is, and what orders take there.

    Attributes:
        measure: The streets of comunas, as vans are reckoned by; a second the first time.
    """

    depots: tuple[Depot, ...]
    territory: Territory
    ways: Ways
    driven: tuple[DrivenWork, ...]
    measure: Measure

    def all_served(
        self, series: Sequence[SeriesKey], orders: Sequence[float], measured: MeasuredZones
    ) -> list[ServedComuna]:
        """Each by the depot that it names, else by the one whose vans are sized for it.

        A comuna of which no street was timed is of the depot nearest to its middle.
        """
        sized = {zone.name: zone.depot for zone in measured.zones}
        found = []
        for key, count in zip(series, orders, strict=True):
            codes = (key.depot, sized.get(key.comuna))
            told = [depot for code in codes for depot in self.depots if depot.code == code]
            hauls = self._hauls_s(told[:1] or self.depots, key.comuna, measured)
            nearest = min(hauls, key=lambda depot_id: (hauls[depot_id], depot_id), default=None)
            haul_s = hauls[nearest] if nearest is not None else 0.0
            found.append(ServedComuna(depot_id=nearest, haul_s=haul_s, orders=count))
        return found

    def _hauls_s(
        self, depots: Sequence[Depot], comuna: str, measured: MeasuredZones
    ) -> dict[UUID, float]:
        """Of depots from which anybody knows the way."""
        ways = {depot.id: self._haul_s(depot, comuna, measured) for depot in depots}
        return {depot_id: way_s for depot_id, way_s in ways.items() if way_s is not None}

    def _haul_s(self, depot: Depot, name: str, measured: MeasuredZones) -> float | None:
        """To its doors in the mean, else to its middle; None of a comuna that nobody knows."""
        haul_min = measured.hauls.get((name, depot.code))
        if haul_min is not None:
            return haul_min * MINUTE_S
        comuna = self.territory.exact(name)
        return None if comuna is None else self.ways.leg_s(depot.position, comuna.centre)


async def read_expected(
    tx: PlatformStore,
    record: OutlookRecord | None,
    *,
    today: date,
    terms: OfferTerms,
    serving: Serving,
) -> ExpectedOfDepots | None:
    """What is forecast from ``today`` on, corrections included; None without a forecast of it.

    A depot one of whose comunas brings no numbers has no days: past weeks speak for it.
    """
    if record is None or today not in record.outlook.days:
        return None
    outlook = record.outlook
    said = await tx.demand_overrides.list_between(
        outlook.days[0], outlook.days[-1], limit=OVERRIDES_MAX
    )
    made = overridden(outlook.forecast(), outlook.series, said)
    known = _with_numbers(made)
    orders = np.where(known, made.mean.sum(axis=0), 0.0)
    comunas = sorted({key.comuna for key in outlook.series})
    measured = await serving.measure(comunas, serving.depots)
    served = serving.all_served(outlook.series, orders.tolist(), measured)
    usual = usual_days(
        made, outlook.series, served, terms=terms, depots=serving.depots, measured=measured
    )
    usual_s = {
        depot.id: order_s(depot.id, serving.driven, usual.get(depot.id)) for depot in serving.depots
    }
    weights = weights_of(served, usual_s, van_stops=VAN_STOPS_ASSUMED)
    columns: dict[UUID | None, list[int]] = {None: []}
    for column, each in enumerate(served):
        columns.setdefault(each.depot_id, []).append(column)
    found = {
        depot_id: ExpectedOrders(
            days=(_placed(outlook, own) | _days(made, own)) if known[own].all() else {},
            hour_shares=outlook.hours.shares,
            zone=terms.zone,
            weights=_weights(made, own, weights) if known[own].all() else {},
        )
        for depot_id, own in columns.items()
    }
    shared = found.pop(None)
    return ExpectedOfDepots(depots=_named(found), shared=shared, usual=usual)


def _placed(outlook: Outlook, columns: Sequence[int]) -> dict[date, Spread]:
    """Orders of the past days; a day nobody reported has none on its way."""
    return {
        day: Spread(
            mean=sum(outlook.past[column][place] or 0.0 for column in columns),
            sd=0.0,
        )
        for place, day in enumerate(outlook.past_days)
    }


def _with_numbers(made: Forecast) -> NDArray[np.bool_]:
    """Whether all that a series says are numbers: bool, [series]."""
    told = np.stack([made.mean, made.p10, made.p50, made.p90])
    return np.asarray(np.isfinite(told).all(axis=(0, 1)))


def _named(found: Mapping[UUID | None, ExpectedOrders]) -> dict[UUID, ExpectedOrders]:
    return {depot_id: each for depot_id, each in found.items() if depot_id is not None}


def _weights(made: Forecast, columns: Sequence[int], weights: Sequence[float]) -> dict[date, float]:
    """How many usual orders one of each day is: a day that far comunas bring takes more."""
    orders = made.mean[:, columns]
    usual = orders @ np.array([weights[column] for column in columns])
    totals = orders.sum(axis=1)
    return {
        day: float(work / total)
        for day, work, total in zip(made.days, usual, totals, strict=True)
        if total > 0
    }


def _days(made: Forecast, columns: Sequence[int]) -> dict[date, Spread]:
    """Each day of several series together."""
    if not columns:
        return dict.fromkeys(made.days, Spread(mean=0.0, sd=0.0))
    total = add_up(made, columns)
    deviations = log_deviation(total.p10, total.p90)
    return {
        day: Spread(mean=float(mean), sd=float(mean) * math.sqrt(math.expm1(float(deviation) ** 2)))
        for day, mean, deviation in zip(made.days, total.mean, deviations, strict=True)
    }
