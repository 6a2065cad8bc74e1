"""Demand history at the planner's desk: files taken in or undone, and what is known so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from promesa.dispatch.history_sheet import HistoryColumn, HistoryReading, HistorySheetError
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.text import bare
from promesa.planning.demand.calendar import Writer
from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.event_row import EventRow
from promesa.planning.demand.history import (
    DemandCount,
    DemandHistory,
    HistoryImport,
    OrderFlow,
    join_history,
)
from promesa.planning.demand.merchant_shares import (
    SHARE_WEEKS,
    MerchantCount,
    MerchantShare,
    merchant_share,
)
from promesa.planning.demand.repository import DemandEventRepository, DemandHistoryRepository
from promesa.planning.demand.series import SeriesKey
from promesa.planning.demand.serving import AS_NAMED, ServingDepots
from promesa.planning.forecast.merchant_events import of_merchant
from promesa.planning.repository import FleetRepository

IMPORTS_LISTED_MAX = 200
FAULTS_KEPT_MAX = 1_000
# What a count may say beside comuna and day.
PARTS = (HistoryColumn.DEPOT, HistoryColumn.PRODUCT_CLASS, HistoryColumn.HOUR)
FILENAME_CHARS_MAX = 200
# Seasons need two years, and a year more shows whether they hold; older ones teach little.
HISTORY_DAYS_MAX = 366 * 4
MERCHANT_DAYS = 366
EVENTS_MAX = 6_000
Counts = Mapping[SeriesKey, Mapping[date, int]]


class DemandStore(Protocol):
    """The unit of work as demand history sees it."""

    @property
    def demand_history(self) -> DemandHistoryRepository: ...
    @property
    def demand_events(self) -> DemandEventRepository: ...
    @property
    def fleet(self) -> FleetRepository: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDemand:
    """What is known of demand: the history joined, and the flows that own orders made."""

    history: DemandHistory
    flows: tuple[OrderFlow, ...]


async def load_demand(
    tx: DemandStore, *, today: date, days: int = HISTORY_DAYS_MAX, zone: str = SANTIAGO
) -> KnownDemand:
    """Files and own orders of the last ``days`` days before ``today``; today is not over."""
    start = today - timedelta(days=days)
    depots = await tx.fleet.list_depots()
    flows = await tx.demand_history.list_flows(
        ServiceDay(start, zone).start,
        ServiceDay(today, zone).start,
        zone=zone,
        sole_depot=depots[0].code if len(depots) == 1 else "",
    )
    told = await tx.demand_history.list_told(start, today)
    return KnownDemand(history=join_history(told, flows, today=today), flows=tuple(flows))


async def load_events(
    tx: DemandStore,
    keys: Sequence[SeriesKey],
    *,
    start: date,
    end: date,
    today: date,
    counts: Counts | None = None,
    zone: str = SANTIAGO,
    serving: ServingDepots = AS_NAMED,
) -> list[DemandEvent]:
    """The events from ``start`` to ``end`` as a forecaster takes them, for the series ``keys``.

    A depot's event touches what the depot serves.
    A merchant's campaign touches the comunas its orders of the last year went to, and multiplies
    its own part of their orders: as of the newest weeks before ``today``, by the ``counts`` of
    which orders are its own.
    """
    rows = await tx.demand_events.list_between(start, end, limit=EVENTS_MAX)
    merchants: dict[UUID, frozenset[str]] = {}
    if any(row.content.scope.merchant_ids for row in rows):
        since = ServiceDay(end - timedelta(days=MERCHANT_DAYS), zone).start
        merchants = await tx.demand_history.list_merchant_comunas(since, ServiceDay(end, zone).end)
    series = {
        merchant_id: frozenset(key.text for key in keys if key.comuna in comunas)
        for merchant_id, comunas in merchants.items()
    }
    events = [row.for_series(keys, series, serving) for row in rows]
    if not merchants:
        return events
    newest = await newest_orders(tx, counts or {}, today=today, zone=zone)
    return [
        of_merchant(event, keys, newest.share_of(row, event, keys, rows))
        if row.content.scope.merchant_ids
        else event
        for row, event in zip(rows, events, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestOrders:
    """Orders of the newest weeks: own ones by merchant, and all that are known."""

    own: Sequence[MerchantCount]
    known: Mapping[tuple[str, date], int]

    def share_of(
        self,
        row: EventRow,
        event: DemandEvent,
        keys: Iterable[SeriesKey],
        rows: Iterable[EventRow],
    ) -> MerchantShare | None:
        """What the merchants of an event bring where it holds, days of their events left out."""
        merchants = row.content.scope.merchant_ids
        same = [other.content for other in rows if other.content.scope.merchant_ids == merchants]
        return merchant_share(
            self.own,
            self.known,
            merchant_ids=merchants,
            comunas={key.comuna for key in keys if event.touches(key.text)},
            without={
                each.day
                for each in self.own
                if any(content.start <= each.day <= content.end for content in same)
            },
        )


async def newest_orders(
    tx: DemandStore, counts: Counts, *, today: date, zone: str = SANTIAGO
) -> NewestOrders:
    """Of the weeks before ``today`` that say what a merchant is."""
    since = today - timedelta(weeks=SHARE_WEEKS)
    own = await tx.demand_history.list_merchant_orders(
        ServiceDay(since, zone).start, ServiceDay(today, zone).start, zone=zone
    )
    known: Counter[tuple[str, date]] = Counter()
    for key, days in counts.items():
        for number in range((today - since).days):
            day = since + timedelta(days=number)
            known[key.comuna, day] += days.get(day, 0)
    return NewestOrders(own=own, known=known)


async def depot_codes(tx: DemandStore) -> dict[str, str]:
    """Codes of depots by what a person may type for them: code or name, case and accents aside."""
    depots = await tx.fleet.list_depots()
    by_name = {bare(depot.name): depot.code for depot in depots}
    return by_name | {bare(depot.code): depot.code for depot in depots}


async def accept_history(
    tx: DemandStore, reading: HistoryReading, *, filename: str, writer: Writer
) -> HistoryImport:
    """Keeps the good rows of a file.

    Raises:
        HistorySheetError: It has none.
    """
    if not reading.counts:
        raise HistorySheetError(
            "Ninguna fila sirve. Corrige las que se indican y vuelve a subir el archivo.",
            faults=list(reading.faults),
        )
    batch = replace(
        describe(reading, filename=filename, writer=writer),
        rejected=reading.faults[:FAULTS_KEPT_MAX],
    )
    await tx.demand_history.add_import(batch, [count for _, count in reading.counts])
    return batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """Days of comunas that another file tells already.

    Attributes:
        days: By comuna and day.
        lost: Of each part that some of them had and the new file leaves out, how many days.
    """

    days: frozenset[tuple[str, date]]
    lost: Mapping[HistoryColumn, int]


async def replaced_by(tx: DemandStore, reading: HistoryReading) -> Replaced:
    """What a file takes the place of: the newest counts."""
    own = _parts_by_day(count for _, count in reading.counts)
    if not own:
        return Replaced(days=frozenset(), lost={})
    days = [day for _, day in own]
    told = _parts_by_day(await tx.demand_history.list_told(min(days), max(days)))
    shared = own.keys() & told.keys()
    gone = Counter(part for each in shared for part in told[each] - own[each])
    return Replaced(days=frozenset(shared), lost={part: gone[part] for part in PARTS if gone[part]})


def _parts_by_day(
    counts: Iterable[DemandCount],
) -> dict[tuple[str, date], frozenset[HistoryColumn]]:
    """Which parts of a count are told of each comuna and day."""
    found: dict[tuple[str, date], frozenset[HistoryColumn]] = {}
    for count in counts:
        told = (count.key.depot, count.key.product_class, count.hour is not None)
        parts = frozenset(part for part, is_told in zip(PARTS, told, strict=True) if is_told)
        of = count.key.comuna, count.day
        found[of] = found.get(of, frozenset()) | parts
    return found


def describe(reading: HistoryReading, *, filename: str, writer: Writer) -> HistoryImport:
    """The import that a reading with good rows makes, before it is kept."""
    days = [count.day for _, count in reading.counts]
    return HistoryImport(
        id=writer.ids.next(),
        filename=filename[:FILENAME_CHARS_MAX],
        imported_at=writer.now,
        imported_by=writer.author_id,
        accepted=len(reading.counts),
        orders=sum(count.orders for _, count in reading.counts),
        first_day=min(days),
        last_day=max(days),
        rejected=reading.faults,
    )


async def undo_import(tx: DemandStore, import_id: UUID, writer: Writer) -> HistoryImport:
    """The file counts no more; undoing twice changes nothing."""
    batch = await tx.demand_history.get_import(import_id)
    if batch.undone_at is not None:
        return batch
    undone = replace(batch, undone_at=writer.now)
    await tx.demand_history.save_import(undone)
    return undone


async def redo_import(tx: DemandStore, import_id: UUID) -> HistoryImport:
    """The file counts again."""
    batch = await tx.demand_history.get_import(import_id)
    if batch.undone_at is None:
        return batch
    redone = replace(batch, undone_at=None)
    await tx.demand_history.save_import(redone)
    return redone
