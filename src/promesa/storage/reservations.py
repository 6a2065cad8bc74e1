"""Places held for orders to come, and what became of those that orders took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Double, Index, and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.domain.fleet import Load
from promesa.domain.promise import PromiseFate
from promesa.kernel.geo import Position
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.alarm import PromiseDay
from promesa.promising.calibration import Outcome
from promesa.promising.offers import HORIZON_DAYS_MAX
from promesa.promising.repository import HeldPlaces, Reservation
from promesa.promising.windows import is_whole_day
from promesa.storage.columns import code, day, identity, instant, position, tenant_table, whole
from promesa.storage.locks import lock_of_tenant
from promesa.storage.promises import PROMISES
from promesa.storage.rows import Rows

RESERVATIONS = tenant_table(
    "reservations",
    identity(),
    identity("merchant_id", nullable=True),
    identity("depot_id"),
    day(),
    instant("window_start"),
    instant("window_end"),
    *position(),
    whole("service_s"),
    whole("work_s"),
    Column("p_kept", Double, nullable=False),
    Column("p_model", Double, nullable=False),
    whole("price_clp"),
    instant("quoted_at"),
    instant("accepted_at"),
    instant("expires_at"),
    instant("released_at", nullable=True),
    code("release_cause", nullable=True),
    identity("order_id", nullable=True),
    whole("parcels"),
    whole("weight_g"),
    whole("volume_ml"),
)
# Few at all times: an order takes a place within the hour, or it is given back.
Index(
    "reservations_standing_idx",
    RESERVATIONS.c.tenant_id,
    RESERVATIONS.c.expires_at,
    RESERVATIONS.c.id,
    postgresql_where=RESERVATIONS.c.released_at.is_(None) & RESERVATIONS.c.order_id.is_(None),
)
Index(
    "reservations_order_idx",
    RESERVATIONS.c.tenant_id,
    RESERVATIONS.c.order_id,
    postgresql_where=RESERVATIONS.c.order_id.is_not(None),
)
Index("reservations_accepted_idx", RESERVATIONS.c.tenant_id, RESERVATIONS.c.accepted_at)

_RESERVATIONS = Rows(RESERVATIONS, Reservation, flat={"window": TimeWindow, "position": Position})
# A quarter of orders told on quotes, of the last weeks: calibration needs no more.
OUTCOMES_MAX = 50_000
_KNOWN = (PromiseFate.KEPT, PromiseFate.EARLY, PromiseFate.LATE, PromiseFate.BROKEN)
# Of hours that are over: what is open then was not kept.
_COUNTED = (*_KNOWN, PromiseFate.OPEN)
# A quote is accepted at most so long before its hours end.
_AHEAD = timedelta(days=HORIZON_DAYS_MAX + 1)


class Reservations:
    """The reservations of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add(self, reservation: Reservation) -> bool:
        """Keeps a new one; False when its quote was accepted before."""
        return await _RESERVATIONS.add(self._tx, reservation)

    async def find(self, reservation_id: UUID) -> Reservation | None:
        """The reservation, held against other writers until the transaction ends.

        So is one that is not there yet: who accepts the same quote at once waits for the first.
        """
        await lock_of_tenant(self._tx, f"reservation {reservation_id}")
        query = select(RESERVATIONS).where(RESERVATIONS.c.id == reservation_id)
        return await _RESERVATIONS.find(self._tx, query.with_for_update())

    async def save(self, reservation: Reservation) -> None:
        """Replaces it."""
        await _RESERVATIONS.put(self._tx, reservation)

    async def list_of(self, reservation_ids: Sequence[UUID]) -> list[Reservation]:
        """Those that exist, by id."""
        query = select(RESERVATIONS).where(RESERVATIONS.c.id.in_(list(reservation_ids)))
        return await _RESERVATIONS.list(self._tx, query.order_by(RESERVATIONS.c.id))

    async def list_taken(self, order_ids: Sequence[UUID]) -> dict[UUID, Reservation]:
        """Those that these orders took, by order."""
        kept = RESERVATIONS.c.order_id
        query = select(RESERVATIONS).where(kept.in_(list(order_ids)))
        found = await _RESERVATIONS.list(self._tx, query.order_by(RESERVATIONS.c.id))
        return {held.order_id: held for held in found if held.order_id is not None}

    async def remove_of(self, order_ids: Sequence[UUID]) -> int:
        """Forgets those that these orders took; returns how many."""
        query = delete(RESERVATIONS).where(RESERVATIONS.c.order_id.in_(list(order_ids)))
        return (await self._tx.execute(query)).rowcount

    async def remove_before(self, instant: datetime) -> int:
        """Forgets those accepted before it that hold nothing any more; returns how many."""
        kept = RESERVATIONS.c
        is_over = kept.released_at.is_not(None) | kept.order_id.is_not(None)
        query = delete(RESERVATIONS).where(kept.accepted_at < instant, is_over)
        return (await self._tx.execute(query)).rowcount

    async def sum_standing(
        self, merchant_id: UUID | None, now: datetime, *, depot_id: UUID, date: date
    ) -> HeldPlaces:
        """What a merchant holds without an order; None is the operator itself."""
        kept = RESERVATIONS.c
        there = and_(kept.depot_id == depot_id, kept.date == date)
        # A place whose parcels nobody said is one parcel's at least.
        of_any = func.greatest(kept.parcels, 1)
        sums = [
            func.coalesce(func.sum(column).filter(there), 0)
            for column in (kept.work_s, of_any, kept.weight_g, kept.volume_ml)
        ]
        query = select(func.count(), *sums).where(
            kept.released_at.is_(None),
            kept.order_id.is_(None),
            kept.expires_at > now,
            kept.merchant_id == merchant_id
            if merchant_id is not None
            else kept.merchant_id.is_(None),
        )
        count, work_s, parcels, weight_g, volume_ml = (await self._tx.execute(query)).one()
        load = Load(parcels=int(parcels), weight_g=int(weight_g), volume_ml=int(volume_ml))
        return HeldPlaces(count=count, work_s=int(work_s), load=load)

    async def list_standing(self, now: datetime) -> list[Reservation]:
        """Those that hold a place, by id."""
        kept = RESERVATIONS.c
        query = (
            select(RESERVATIONS)
            .where(kept.released_at.is_(None), kept.order_id.is_(None), kept.expires_at > now)
            .order_by(kept.id)
        )
        return await _RESERVATIONS.list(self._tx, query)

    async def list_expired(self, now: datetime) -> list[Reservation]:
        """Those that no order took in time and nobody released yet, by id."""
        kept = RESERVATIONS.c
        query = (
            select(RESERVATIONS)
            .where(kept.released_at.is_(None), kept.order_id.is_(None), kept.expires_at <= now)
            .order_by(kept.id)
            .with_for_update(skip_locked=True)
        )
        return await _RESERVATIONS.list(self._tx, query)

    async def list_outcomes(self, since: datetime) -> list[Outcome]:
        """What was stated and what became of the first promise, by the end of its window."""
        kept, told = RESERVATIONS.c, PROMISES.c
        is_first = (told.order_id == kept.order_id) & (told.version == 1)
        query = (
            select(kept.p_model, kept.p_kept, told.fate, told.window_start, told.window_end)
            .join_from(RESERVATIONS, PROMISES, is_first & (told.tenant_id == kept.tenant_id))
            .where(kept.accepted_at >= since, told.fate.in_([fate.value for fate in _KNOWN]))
            .order_by(told.window_end.desc(), kept.id)
            .limit(OUTCOMES_MAX)
        )
        rows = (await self._tx.execute(query)).all()
        return [
            Outcome(
                p_stated=p_model,
                is_kept=fate == PromiseFate.KEPT,
                is_whole_day=is_whole_day(TimeWindow(start=start, end=end)),
                due_at=end,
                p_told=p_kept,
            )
            for p_model, p_kept, fate, start, end in reversed(rows)
        ]

    async def list_promise_days(
        self, start: datetime, end: datetime, zone: str
    ) -> list[PromiseDay]:
        """First promises on quotes that came due in [start, end), by day of the zone, oldest first.

        Added up by the database: three months of a busy operator are a million.
        """
        kept, told = RESERVATIONS.c, PROMISES.c
        is_first = (told.order_id == kept.order_id) & (told.version == 1)
        date_due = func.date(func.timezone(zone, told.window_end)).label("date_due")
        query = (
            select(
                date_due,
                func.count().label("promises"),
                func.count().filter(told.fate != PromiseFate.KEPT.value).label("late"),
                func.sum(1 - kept.p_kept).label("late_stated"),
                func.sum(kept.p_kept * (1 - kept.p_kept)).label("variance"),
            )
            .join_from(RESERVATIONS, PROMISES, is_first & (told.tenant_id == kept.tenant_id))
            .where(
                kept.accepted_at >= start - _AHEAD,
                told.window_end >= start,
                told.window_end < end,
                told.fate.in_([fate.value for fate in _COUNTED]),
            )
            .group_by(date_due)
            .order_by(date_due)
        )
        return [
            PromiseDay(
                date=row.date_due,
                promises=row.promises,
                late=row.late,
                late_stated=row.late_stated,
                variance=row.variance,
            )
            for row in await self._tx.execute(query)
        ]
