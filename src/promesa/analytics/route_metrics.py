"""Indicators of stops and routes: why visits fail, pace, way, order driven, cost, fill."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Sequence

from promesa.analytics.facts import DayFacts, RouteFact, StopFact
from promesa.analytics.indicator import IN_PROGRESS, Row
from promesa.domain.reasons import REASONS
from promesa.domain.stop import Outcome, StopType


def _of_route(
    route: RouteFact,
    numerator: float,
    denominator: float,
    *,
    note: str = "",
    excluded: str = "",
) -> Row:
    return Row(
        subject="route",
        subject_id=route.route_id,
        label=route.code,
        numerator=0 if excluded else numerator,
        denominator=0 if excluded else denominator,
        note=note,
        excluded=excluded,
    )


def _visits_of(facts: DayFacts, route: RouteFact) -> list[StopFact]:
    return [stop for stop in facts.stops if stop.route_id == route.route_id and stop.was_visited]


def failed_visits(facts: DayFacts) -> list[Row]:
    """Deliveries tried; counts those that failed."""
    return [
        Row(
            subject="stop",
            subject_id=stop.stop_id,
            label=stop.reference,
            numerator=stop.outcome is Outcome.FAILED,
            denominator=1,
            note=_reason(stop.reason),
        )
        for stop in facts.stops
        if stop.was_visited and stop.type is StopType.DELIVERY
    ]


def _reason(code: str | None) -> str:
    return REASONS[code].spanish if code in REASONS else ""


def failures_for(code: str) -> Callable[[DayFacts], Sequence[Row]]:
    """Failed deliveries; counts those that failed for ``code``."""

    def rows(facts: DayFacts) -> list[Row]:
        return [
            Row(
                subject="stop",
                subject_id=stop.stop_id,
                label=stop.reference,
                numerator=stop.reason == code,
                denominator=1,
                note=_reason(stop.reason),
            )
            for stop in facts.stops
            if stop.outcome is Outcome.FAILED and stop.type is StopType.DELIVERY
        ]

    return rows


def time_at_stop(facts: DayFacts) -> list[Row]:
    """Seconds from arriving to closing, per visit."""
    return [
        Row(
            subject="stop",
            subject_id=stop.stop_id,
            label=stop.reference,
            numerator=stop.dwell_s or 0,
            denominator=0 if stop.dwell_s is None else 1,
            excluded="sin hora de llegada o de cierre" if stop.dwell_s is None else "",
        )
        for stop in facts.stops
        if stop.was_visited
    ]


def stops_per_hour(facts: DayFacts) -> list[Row]:
    """Visits of each route against its seconds on the road."""
    return [
        _of_route(
            route,
            len(_visits_of(facts, route)),
            route.on_road_s or 0,
            excluded="" if route.on_road_s else "sin hora de salida o de término",
        )
        for route in facts.routes
    ]


def way_per_stop(facts: DayFacts) -> list[Row]:
    """Metres planned of each route against its visits."""
    rows = []
    for route in facts.routes:
        visits = len(_visits_of(facts, route))
        excluded = "" if visits else "sin visitas todavía"
        excluded = IN_PROGRESS if facts.is_under_way(route) else excluded
        rows.append(_of_route(route, route.distance_m, visits, excluded=excluded))
    return rows


def way_per_route(facts: DayFacts) -> list[Row]:
    """Metres planned, per route that left."""
    return [
        _of_route(
            route, route.distance_m, 1, excluded="" if route.on_road_s is not None else "no salió"
        )
        for route in facts.routes
    ]


def plan_adherence(facts: DayFacts) -> list[Row]:
    """Pairs of visits of a route; counts pairs driven in the order planned."""
    rows = []
    for route in facts.routes:
        visits = sorted(
            (s for s in _visits_of(facts, route) if s.sequence is not None and s.closed_at),
            key=lambda stop: (stop.closed_at or route.code, stop.stop_id),
        )
        planned = [stop.sequence or 0 for stop in visits]
        pairs = len(planned) * (len(planned) - 1) // 2
        kept = pairs - inversions(planned)
        excluded = "" if pairs else "menos de dos visitas"
        rows.append(_of_route(route, kept, pairs, excluded=excluded))
    return rows


def inversions(sequence: Sequence[int]) -> int:
    """Pairs that stand the wrong way round. O(n²) at worst, n is a van's day."""
    seen: list[int] = []
    count = 0
    for value in sequence:
        count += len(seen) - bisect_left(seen, value + 1)
        insort(seen, value)
    return count


def cost_per_delivery(facts: DayFacts) -> list[Row]:
    """Pesos of each route against the orders it delivered."""
    rows = []
    for route in facts.routes:
        delivered = sum(
            1
            for stop in _visits_of(facts, route)
            if stop.type is StopType.DELIVERY and stop.outcome is not Outcome.FAILED
        )
        excluded = "" if route.cost_clp is not None else "sin término o sin costos del vehículo"
        excluded = IN_PROGRESS if facts.is_under_way(route) else excluded
        rows.append(_of_route(route, route.cost_clp or 0, delivered, excluded=excluded))
    return rows


def scanned_loads(facts: DayFacts) -> list[Row]:
    """Parcels that left; counts those scanned into the van."""
    return [
        _of_route(route, route.parcels_scanned, route.parcels_loaded)
        for route in facts.routes
        if route.parcels_loaded
    ]


def missing_parcels(facts: DayFacts) -> list[Row]:
    """Parcels due in a van; counts those nobody found."""
    return [
        _of_route(route, route.parcels_missing, route.parcels_loaded + route.parcels_missing)
        for route in facts.routes
        if route.parcels_loaded + route.parcels_missing
    ]


def vehicle_fill(facts: DayFacts) -> list[Row]:
    """Share of the fullest of parcels, weight and volume, per route."""
    return [
        _of_route(
            route,
            min(1.0, route.fill or 0.0),
            1,
            note="más que su capacidad" if (route.fill or 0.0) > 1.0 else "",
            excluded="" if route.fill is not None else "sin capacidad conocida",
        )
        for route in facts.routes
    ]


def hours_used(facts: DayFacts) -> list[Row]:
    """Seconds of shifts; counts those on the road."""
    rows = []
    for route in facts.routes:
        shift_s, on_road_s = route.shift_s, route.on_road_s
        is_known = shift_s is not None and on_road_s is not None
        used_s = min(on_road_s or 0, shift_s or 0)
        extra_s = max(0, (on_road_s or 0) - (shift_s or 0))
        rows.append(
            _of_route(
                route,
                used_s,
                shift_s or 0,
                note=f"{extra_s // 60} min después del turno" if is_known and extra_s else "",
                excluded=IN_PROGRESS
                if facts.is_under_way(route)
                else ""
                if is_known
                else "sin turno o sin término",
            )
        )
    return rows
