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
from promesa.runtime.serving_depots import Reach
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

    def reach(self, measured: MeasuredZones) -> Reach:
        """How far depots reach, on the streets as they were measured."""
        return Reach(
            depots=self.depots, territory=self.territory, ways=self.ways, measured=measured
        )


def all_served(
    keys: Sequence[SeriesKey], orders: Sequence[float], reach: Reach
) -> list[ServedComuna]:
    """Series that are placed, each with its depot and the way there."""
    by_code = {depot.code: depot for depot in reach.depots}
    found = []
    for key, count in zip(keys, orders, strict=True):
        depot = by_code.get(key.depot)
        haul_s = None if depot is None else reach.haul_s(depot, key.comuna)
        depot_id = None if depot is None else depot.id
        found.append(ServedComuna(depot_id=depot_id, haul_s=haul_s, orders=count))
    return found


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
    comunas = sorted({key.comuna for key in outlook.series})
    measured = await serving.measure(comunas, serving.depots)
    reach = serving.reach(measured)
    keys = reach.serving(comunas).placed(outlook.series)
    made = overridden(outlook.forecast(), keys, said)
    known = _with_numbers(made)
    orders = np.where(known, made.mean.sum(axis=0), 0.0)
    served = all_served(keys, orders.tolist(), reach)
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
