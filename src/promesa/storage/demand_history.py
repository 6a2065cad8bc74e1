"""Demand history: files that came in, their counts, and own orders as they were placed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.planning.demand.history import (
    COMUNA_UNKNOWN,
    DemandCount,
    HistoryImport,
    OrderFlow,
)
from promesa.planning.demand.merchant_shares import MerchantCount
from promesa.planning.demand.series import SeriesKey
from promesa.storage.columns import code, day, identity, instant, refers, tenant_table, value, whole
from promesa.storage.rows import Rows

DEMAND_IMPORTS = tenant_table(
    "demand_imports",
    identity(),
    code("filename"),
    instant("imported_at"),
    identity("imported_by"),
    whole("accepted"),
    whole("orders"),
    day("first_day"),
    day("last_day"),
    value("rejected"),
    instant("undone_at", nullable=True),
)
DEMAND_COUNTS = tenant_table(
    "demand_counts",
    identity("import_id"),
    whole("place"),
    code("comuna"),
    code("depot"),
    code("product_class"),
    day("day"),
    whole("hour", nullable=True),
    whole("orders"),
    refers("import_id", "demand_imports"),
    key=("import_id", "place"),
)
Index(
    "demand_counts_day_idx",
    DEMAND_COUNTS.c.tenant_id,
    DEMAND_COUNTS.c.day,
    DEMAND_COUNTS.c.comuna,
)

_IMPORTS = Rows(DEMAND_IMPORTS, HistoryImport)

# For a comuna and a day the newest file that tells it counts, whole. One pass and one sort: joined
# with itself the table took half a minute of 4,000 rows, right after an import and not analysed.
_TOLD = text("""
SELECT comuna, depot, product_class, day, hour, sum(orders)::bigint AS orders
FROM (
    SELECT
        c.comuna, c.depot, c.product_class, c.day, c.hour, c.orders, c.import_id,
        first_value(c.import_id) OVER (
            PARTITION BY c.comuna, c.day ORDER BY i.imported_at DESC, i.id DESC
        ) AS newest
    FROM demand_counts c
    JOIN demand_imports i ON i.tenant_id = c.tenant_id AND i.id = c.import_id
    WHERE i.undone_at IS NULL AND c.day BETWEEN :start AND :end
) told
WHERE import_id = newest
GROUP BY comuna, depot, product_class, day, hour
ORDER BY comuna, depot, product_class, day, hour
""")

# The depot is the order's own, else that of the last route it was on. Events are read once and put
# together by order: looked up order by order, 200,000 took longer than a statement may.
_FLOWS = text("""
SELECT
    coalesce(nullif(o.comuna, ''), :unknown) AS comuna,
    coalesce(d.code, :sole_depot) AS depot,
    coalesce(o.product_class, '') AS product_class,
    (told.placed_at AT TIME ZONE :zone)::date AS placed_on,
    extract(hour FROM told.placed_at AT TIME ZONE :zone)::int AS hour,
    (told.delivered_at AT TIME ZONE :zone)::date AS delivered_on,
    count(*) AS orders
FROM (
    SELECT
        tenant_id,
        order_id,
        min(occurred_at) FILTER (WHERE type = 'order.placed') AS placed_at,
        min(occurred_at) FILTER (WHERE type = 'order.delivered') AS delivered_at
    FROM events
    WHERE type IN ('order.placed', 'order.delivered') AND occurred_at >= :start
    GROUP BY tenant_id, order_id
) told
JOIN orders o ON o.tenant_id = told.tenant_id AND o.id = told.order_id
LEFT JOIN LATERAL (
    SELECT r.depot_id FROM stops s
    JOIN routes r ON r.tenant_id = s.tenant_id AND r.id = s.route_id
    WHERE s.tenant_id = o.tenant_id AND s.order_id = o.id
    ORDER BY s.attempt DESC, s.id DESC LIMIT 1
) served ON true
LEFT JOIN depots d
    ON d.tenant_id = o.tenant_id AND d.id = coalesce(o.depot_id, served.depot_id)
WHERE told.placed_at < :end AND o.state NOT IN ('draft', 'cancelled')
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 4, 5, 6
""")

_MERCHANTS = text("""
SELECT DISTINCT o.merchant_id, coalesce(nullif(o.comuna, ''), :unknown) AS comuna
FROM events p
JOIN orders o ON o.tenant_id = p.tenant_id AND o.id = p.order_id
WHERE p.type = 'order.placed' AND p.occurred_at >= :start AND p.occurred_at < :end
    AND o.state NOT IN ('draft', 'cancelled')
ORDER BY 1, 2
""")


_MERCHANT_ORDERS = text("""
SELECT
    o.merchant_id,
    coalesce(nullif(o.comuna, ''), :unknown) AS comuna,
    (p.occurred_at AT TIME ZONE :zone)::date AS placed_on,
    count(*) AS orders
FROM events p
JOIN orders o ON o.tenant_id = p.tenant_id AND o.id = p.order_id
WHERE p.type = 'order.placed' AND p.occurred_at >= :start AND p.occurred_at < :end
    AND o.state NOT IN ('draft', 'cancelled')
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
""")


class DemandHistories:
    """The demand history of one tenant."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def add_import(self, batch: HistoryImport, counts: Sequence[DemandCount]) -> None:
        """Keeps a file and what it tells, in its order: one line may tell of many comunas."""
        await _IMPORTS.add(self._tx, batch)
        rows = [
            {
                "import_id": batch.id,
                "place": place,
                "comuna": count.key.comuna,
                "depot": count.key.depot,
                "product_class": count.key.product_class,
                "day": count.day,
                "hour": count.hour,
                "orders": count.orders,
            }
            for place, count in enumerate(counts)
        ]
        await self._tx.execute(insert(DEMAND_COUNTS), rows)

    async def save_import(self, batch: HistoryImport) -> None:
        """Replaces what is known of the file."""
        await _IMPORTS.put(self._tx, batch)

    async def get_import(self, import_id: UUID) -> HistoryImport:
        """The file, or NotFoundError."""
        return await _IMPORTS.get(self._tx, id=import_id)

    async def list_imports(self, *, limit: int) -> list[HistoryImport]:
        """The newest first, those undone too."""
        imports = DEMAND_IMPORTS.c
        query = select(DEMAND_IMPORTS).order_by(imports.imported_at.desc(), imports.id.desc())
        return await _IMPORTS.list(self._tx, query.limit(limit))

    async def list_told(self, start: date, end: date) -> list[DemandCount]:
        """What files tell of those days, by series, day and hour."""
        rows = await self._tx.execute(_TOLD, {"start": start, "end": end})
        return [
            DemandCount(
                key=SeriesKey(comuna=comuna, depot=depot, product_class=product_class),
                day=told_day,
                hour=hour,
                orders=orders,
            )
            for comuna, depot, product_class, told_day, hour, orders in rows
        ]

    async def list_comunas(self) -> list[str]:
        """Every comuna, or name of a series, that a file that counts tells, by name."""
        counts, imports = DEMAND_COUNTS.c, DEMAND_IMPORTS.c
        query = (
            select(counts.comuna)
            .join(DEMAND_IMPORTS, imports.id == counts.import_id)
            .where(imports.undone_at.is_(None))
            .distinct()
            .order_by(counts.comuna)
        )
        return list(await self._tx.scalars(query))

    async def list_merchant_comunas(
        self, start: datetime, end: datetime
    ) -> dict[UUID, frozenset[str]]:
        """Where each merchant's orders of those instants went."""
        asked = {"start": start, "end": end, "unknown": COMUNA_UNKNOWN}
        found: dict[UUID, frozenset[str]] = {}
        for merchant_id, comuna in await self._tx.execute(_MERCHANTS, asked):
            found[merchant_id] = found.get(merchant_id, frozenset()) | {comuna}
        return found

    async def list_merchant_orders(
        self, start: datetime, end: datetime, *, zone: str
    ) -> list[MerchantCount]:
        """Own orders of those instants by merchant, comuna and day."""
        asked = {"start": start, "end": end, "zone": zone, "unknown": COMUNA_UNKNOWN}
        return [
            MerchantCount(merchant_id=merchant_id, comuna=comuna, day=placed_on, orders=orders)
            for merchant_id, comuna, placed_on, orders in await self._tx.execute(
                _MERCHANT_ORDERS, asked
            )
        ]

    async def list_flows(
        self, start: datetime, end: datetime, *, zone: str, sole_depot: str = ""
    ) -> list[OrderFlow]:
        """Own orders placed from ``start`` and before ``end``; those called off are left out.

        ``sole_depot`` is the code of the one depot there is, for orders that name none.
        """
        asked = {
            "start": start,
            "end": end,
            "zone": zone,
            "sole_depot": sole_depot,
            "unknown": COMUNA_UNKNOWN,
        }
        rows = await self._tx.execute(_FLOWS, asked)
        return [
            OrderFlow(
                key=SeriesKey(comuna=comuna, depot=depot, product_class=product_class),
                placed=placed,
                hour=hour,
                delivered=delivered,
                orders=orders,
            )
            for comuna, depot, product_class, placed, hour, delivered, orders in rows
        ]
