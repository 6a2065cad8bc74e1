"""Routes that were driven: what phones told of each, added up beside its newest version."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.planning.capacity.driven import VISIT_S_MAX, DrivenRoute
from promesa.planning.demand.history import COMUNA_UNKNOWN

# What is added up of stops is added up once for all routes of the span: route by route it is a
# look into an index for each.
_DRIVEN = text("""
WITH over AS (
    SELECT r.tenant_id, r.id, r.depot_id, r.date, r.started_at, r.finished_at, r.rests, r.version
    FROM routes r
    WHERE r.date BETWEEN :first AND :last AND r.state IN ('finished', 'reconciled')
        AND r.started_at IS NOT NULL
    ORDER BY r.date DESC, r.id DESC LIMIT :most
), visits AS (
    SELECT
        s.route_id,
        coalesce(nullif(o.comuna, ''), :unknown) AS comuna,
        count(*) AS stops,
        count(*) FILTER (WHERE s.is_visited) AS visited,
        max(s.closed_at) FILTER (WHERE s.is_visited) AS last_closed,
        count(s.stood_s) AS timed,
        coalesce(sum(s.stood_s), 0) AS at_door_s,
        count(*) FILTER (WHERE s.stood_s <= :brief_s) AS brief,
        coalesce(sum(s.stood_s) FILTER (WHERE s.stood_s <= :brief_s), 0) AS brief_s
    FROM (
        SELECT
            stops.tenant_id, stops.route_id, stops.order_id, stops.closed_at,
            stops.state = 'closed' AND stops.outcome NOT IN ('skipped', 'cancelled') AS is_visited,
            CASE
                WHEN stops.outcome NOT IN ('skipped', 'cancelled')
                    AND stops.closed_at >= stops.arrived_at
                THEN extract(epoch FROM stops.closed_at - stops.arrived_at)
            END AS stood_s
        FROM stops JOIN over ON over.tenant_id = stops.tenant_id AND over.id = stops.route_id
    ) s
    JOIN orders o ON o.tenant_id = s.tenant_id AND o.id = s.order_id
    GROUP BY s.route_id, 2
), sums AS (
    SELECT
        route_id,
        jsonb_object_agg(comuna, stops) AS stops,
        sum(visited)::int AS visited,
        max(last_closed) AS last_closed,
        sum(timed)::int AS timed,
        sum(at_door_s)::int AS at_door_s,
        sum(brief)::int AS brief,
        sum(brief_s)::int AS brief_s
    FROM visits GROUP BY route_id
)
SELECT
    over.depot_id, over.date, over.started_at, over.finished_at, sums.last_closed, sums.stops,
    sums.visited, sums.timed, sums.at_door_s, sums.brief, sums.brief_s,
    (coalesce(rest.told_s, pause.planned_s, 0) + coalesce(loading.reload_s, 0))::int AS off_s,
    (plan.legs_s + extract(epoch FROM version."end" - plan.last_departure))::int
        AS planned_driving_s,
    extract(epoch FROM version."end" - plan.last_departure)::int AS planned_back_s
FROM over
JOIN sums ON sums.route_id = over.id
JOIN route_versions version
    ON version.tenant_id = over.tenant_id AND version.route_id = over.id
    AND version.number = over.version
CROSS JOIN LATERAL (
    SELECT
        sum((item ->> 'leg_duration_s')::bigint) AS legs_s,
        max((item ->> 'departure')::timestamptz) AS last_departure
    FROM jsonb_array_elements(version.stops) AS item
) plan
CROSS JOIN LATERAL (
    SELECT sum(extract(epoch FROM
        (item ->> 'end')::timestamptz - (item ->> 'start')::timestamptz)) AS told_s
    FROM jsonb_array_elements(over.rests) AS item
) rest
CROSS JOIN LATERAL (
    SELECT sum(extract(epoch FROM
        (item ->> 'end')::timestamptz - (item ->> 'start')::timestamptz)) AS planned_s
    FROM jsonb_array_elements(version.breaks) AS item
) pause
CROSS JOIN LATERAL (
    SELECT sum(extract(epoch FROM
        (item ->> 'departure')::timestamptz - (item ->> 'arrival')::timestamptz)) AS reload_s
    FROM jsonb_array_elements(version.reloads) AS item
) loading
WHERE plan.last_departure IS NOT NULL
ORDER BY over.date DESC, over.id DESC
""")


class DrivenRoutes:
    """What is read of one tenant's driven routes."""

    def __init__(self, tx: AsyncConnection) -> None:
        self._tx = tx

    async def list_driven(self, first: date, last: date, *, limit: int) -> list[DrivenRoute]:
        """Those that left and are over, the newest first."""
        asked = {
            "first": first,
            "last": last,
            "most": limit,
            "unknown": COMUNA_UNKNOWN,
            "brief_s": VISIT_S_MAX,
        }
        rows = await self._tx.execute(_DRIVEN, asked)
        return [DrivenRoute(**row) for row in rows.mappings()]
