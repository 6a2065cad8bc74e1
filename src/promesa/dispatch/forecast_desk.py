"""The forecast at the planner's desk: what it is made from, and keeping what was made."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from promesa.dispatch.delivery_days import OfferStore, rule_over_time
from promesa.dispatch.demand_desk import DemandStore, load_demand, load_events
from promesa.domain.fleet import Depot
from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.history import OrderFlow, SeriesPart
from promesa.planning.demand.lead_time import learn_lead_time
from promesa.planning.demand.serving import ServingDepots
from promesa.planning.forecast.forecast import HORIZON_FAR_D
from promesa.planning.forecast.hours import learn_profile
from promesa.planning.forecast.outlook import Outlook, OutlookInputs, OutlookRecord
from promesa.planning.forecast.repository import ForecastRepository

# What was said is judged within two years; then it has nothing left to teach.
KEPT_FOR = timedelta(days=730)
EVENTS_BEFORE_D = 366 * 4
# Which depot serves each of some comunas.
WhoServes = Callable[[Collection[str], Sequence[Depot]], Awaitable[ServingDepots]]


class ForecastStore(DemandStore, OfferStore, Protocol):
    """The unit of work as forecasting sees it."""

    @property
    def demand_forecasts(self) -> ForecastRepository: ...


async def gather_outlook(tx: ForecastStore, *, today: date, serve: WhoServes) -> OutlookInputs:
    """Orders by comuna, depot and class until yesterday, and the events of those days and to come.

    With it goes the forecast made before, of which what still holds need not be found again.
    """
    known = await load_demand(tx, today=today)
    counts = await asyncio.to_thread(
        known.history.panel, SeriesPart.DEPOT, SeriesPart.PRODUCT_CLASS
    )
    until = today - timedelta(days=1)
    events = await load_events(
        tx,
        sorted(counts),
        start=today - timedelta(days=EVENTS_BEFORE_D),
        end=until + timedelta(days=HORIZON_FAR_D),
        today=today,
        counts=counts,
        serving=await serve({key.comuna for key in counts}, await tx.fleet.list_depots()),
    )
    depots = sorted({key.depot for key in counts})
    rule = await rule_over_time(tx)
    before = await tx.demand_forecasts.find_newest()
    return OutlookInputs(
        counts=counts,
        events=tuple(events),
        until=until,
        hours=learn_profile(known.history.counts),
        lead_times=lead_times(known.flows, depots, rule, today=today),
        before=None if before is None else before.outlook,
    )


def lead_times(
    flows: Sequence[OrderFlow], depots: Sequence[str], rule: DeliveryRule, *, today: date
) -> dict[str, tuple[float, ...]]:
    """The share delivered after each number of working days, of depots with enough deliveries."""
    found = {}
    for depot in depots:
        own = [flow for flow in flows if flow.key.depot == depot]
        learnt = learn_lead_time(own, rule.is_open, today=today)
        if learnt is not None:
            found[depot] = learnt.shares
    return found


async def keep_outlook(
    tx: ForecastStore, outlook: Outlook, *, record_id: UUID, now: datetime
) -> OutlookRecord:
    """Keeps a forecast as it was made, and forgets those of years ago."""
    before = await tx.demand_forecasts.find_newest_id()
    if before is not None:
        await tx.demand_forecasts.forget_far(before)
    record = OutlookRecord(id=record_id, made_at=now, origin=outlook.origin, outlook=outlook)
    await tx.demand_forecasts.add(record)
    await tx.demand_forecasts.remove_before(now - KEPT_FOR)
    return record
