"""The demo's past: a simulated history of orders, taken in like anybody's file."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from promesa.dispatch.demand_desk import accept_history
from promesa.dispatch.history_sheet import HistoryReading, KnownPlaces, read_history
from promesa.planning.demand.calendar import Writer
from promesa.planning.demand.event_row import EventKind
from promesa.runtime.demo import Demo
from promesa.runtime.forecasting import ask_forecast
from promesa.runtime.platform import Platform
from promesa.simulator.past import PAST_D, PastEvent, write_past
from promesa.simulator.town import Town

FILENAME = "historia-simulada.csv"
EVENTS_MAX = 2_000
# A Monday delivers what came in after Friday's cut-off and before Sunday's: so many days of
# ordinary orders, by the rule that the demo's operator begins with, the hours of its shops and the
# weekend that its past draws (measured: 606 for 600; 1.82 of a usual weekend).
DAYS_OF_A_MONDAY = 1.78


def orders_of_an_ordinary_day(orders: int) -> float:
    """Orders a day of which a Monday delivers ``orders``."""
    return orders / DAYS_OF_A_MONDAY


async def take_in_past(platform: Platform, demo: Demo, *, day: date, orders: int) -> None:
    """Two simulated years of history before ``day``, and a forecast made of them.

    It is as large as makes of this Monday's deliveries the day that is driven, so that what Demanda
    has to deliver on it is what its vans carry.
    """
    async with platform.transaction(demo.tenant_id) as tx:
        rows = await tx.demand_events.list_between(
            day - timedelta(days=PAST_D), day, limit=EVENTS_MAX
        )
    peaks = [
        PastEvent(start=row.content.start)
        for row in rows
        if row.content.kind is EventKind.COMMERCE
        and row.content.uplift is not None
        and row.content.end < day
    ]
    text = await asyncio.to_thread(_write, platform, day, orders, peaks)
    territory = platform.city.territory
    places = KnownPlaces(
        comuna_of=lambda name: None if (found := territory.exact(name)) is None else found.name,
        nearest=lambda _: None,
        depots={},
        today=day,
    )
    reading = await asyncio.to_thread(read_history, text.encode(), places)
    writer = Writer(author_id=demo.user_id, now=platform.clock.now(), ids=platform.ids)
    keeping = asyncio.create_task(_keep(platform, demo, reading, writer))
    try:
        await asyncio.shield(keeping)
    finally:
        # The database driver never comes back from many rows that are cancelled halfway.
        await asyncio.wait((keeping,))
    ask_forecast(platform, demo.tenant_id)


async def _keep(platform: Platform, demo: Demo, reading: HistoryReading, writer: Writer) -> None:
    async with platform.transaction(demo.tenant_id) as tx:
        await accept_history(tx, reading, filename=FILENAME, writer=writer)


def _write(platform: Platform, day: date, orders: int, peaks: list[PastEvent]) -> str:
    town = Town(platform.city)
    orders_a_day = orders_of_an_ordinary_day(orders)
    return write_past(town, day=day, orders_a_day=orders_a_day, events=peaks, seed=1)
