"""Judges a plan against its problem, from the beginning, and lists all that is wrong.

Shares no code with what plans, times or explains: it reads the problem and the plan and does its
own arithmetic, so that an error there cannot hide here. It never stops at the first violation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from promesa.routing.matrix import NEVER_S
from promesa.routing.plan import Plan, PlannedRoute, Visit
from promesa.routing.problem import Problem, Stop, Vehicle

MEASURES = {"parcels": "bultos", "weight_g": "g", "volume_ml": "ml"}


class Rule(StrEnum):
    """What a plan must keep."""

    STOP_UNKNOWN = "stop_unknown"
    STOP_MISSING = "stop_missing"
    STOP_REPEATED = "stop_repeated"
    VEHICLE_UNKNOWN = "vehicle_unknown"
    VEHICLE_REPEATED = "vehicle_repeated"
    SKILL_MISSING = "skill_missing"
    PIN_BROKEN = "pin_broken"
    STOPS_MAX = "stops_max"
    CAPACITY = "capacity"
    LOAD_WRONG = "load_wrong"
    SHIFT_START = "shift_start"
    SHIFT_END = "shift_end"
    WINDOW_MISSED = "window_missed"
    TRAVEL_TIME = "travel_time"
    UNREACHABLE = "unreachable"
    SERVICE_TIME = "service_time"
    DISTANCE_WRONG = "distance_wrong"
    COST_WRONG = "cost_wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule broken, and by how much.

    Attributes:
        vehicle: Id, or None if no vehicle is at fault; so is ``stop``.
    """

    rule: Rule
    amount: int
    unit: str
    sentence: str
    vehicle: str | None = None
    stop: str | None = None


def check(problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    """Every violation of the plan; empty if it keeps all rules."""
    found = [*_fates(problem, plan), *_vehicles_used(problem, plan)]
    for route in plan.routes:
        if 0 <= route.vehicle < len(problem.vehicles):
            found += _RouteCheck(problem, route).violations()
    costs_clp = sum(route.cost_clp for route in plan.routes)
    if plan.cost_clp != costs_clp:
        found.append(
            Violation(
                rule=Rule.COST_WRONG,
                amount=abs(plan.cost_clp - costs_clp),
                unit="CLP",
                sentence="El costo del plan no es la suma de sus rutas.",
            )
        )
    return tuple(found)


def _fates(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Each stop is visited once, or named as left out, and nothing else is."""
    times = Counter(visit.stop for route in plan.routes for visit in route.visits)
    times.update(plan.unserved)
    for index, count in sorted(times.items()):
        if not 0 <= index < len(problem.stops):
            yield Violation(
                rule=Rule.STOP_UNKNOWN,
                amount=count,
                unit="veces",
                sentence=f"La parada número {index} no existe.",
            )
    for index, stop in enumerate(problem.stops):
        if times[index] == 1:
            continue
        is_missing = times[index] == 0
        yield Violation(
            rule=Rule.STOP_MISSING if is_missing else Rule.STOP_REPEATED,
            stop=stop.id,
            amount=abs(times[index] - 1),
            unit="veces",
            sentence=f"La parada {stop.id} aparece {times[index]} veces en vez de una.",
        )


def _vehicles_used(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for index, count in sorted(Counter(route.vehicle for route in plan.routes).items()):
        if not 0 <= index < len(problem.vehicles):
            yield Violation(
                rule=Rule.VEHICLE_UNKNOWN,
                amount=count,
                unit="rutas",
                sentence=f"El vehículo número {index} no existe.",
            )
        elif count > 1:
            name = problem.vehicles[index].id
            yield Violation(
                rule=Rule.VEHICLE_REPEATED,
                vehicle=name,
                amount=count - 1,
                unit="rutas",
                sentence=f"El vehículo {name} hace {count} rutas a la vez.",
            )


class _RouteCheck:
    """One route under the rules that concern it alone."""

    def __init__(self, problem: Problem, route: PlannedRoute) -> None:
        self._problem = problem
        self._route = route
        self._vehicle: Vehicle = problem.vehicles[route.vehicle]
        self._visits = [
            (visit, problem.stops[visit.stop])
            for visit in route.visits
            if 0 <= visit.stop < len(problem.stops)
        ]

    def violations(self) -> list[Violation]:
        """All that this route breaks."""
        return [
            *self._permissions(),
            *self._loads(),
            *self._shift(),
            *self._windows(),
            *self._times(),
            *self._sums(),
        ]

    def _broken(
        self, rule: Rule, amount: int, unit: str, sentence: str, stop: Stop | None = None
    ) -> Violation:
        return Violation(
            rule=rule,
            amount=amount,
            unit=unit,
            sentence=f"{self._vehicle.id}: {sentence}",
            vehicle=self._vehicle.id,
            stop=stop.id if stop else None,
        )

    def _permissions(self) -> Iterator[Violation]:
        for _, stop in self._visits:
            missing = sorted(set(stop.skills).difference(self._vehicle.skills))
            if missing:
                sentence = f"le falta {', '.join(missing)} para {stop.id}."
                yield self._broken(Rule.SKILL_MISSING, len(missing), "habilidades", sentence, stop)
            if stop.pinned_vehicle not in {None, self._vehicle.id}:
                sentence = f"{stop.id} está fijada a {stop.pinned_vehicle}."
                yield self._broken(Rule.PIN_BROKEN, 1, "paradas", sentence, stop)
        limit = self._vehicle.stops_max
        if limit is not None and len(self._visits) > limit:
            sentence = f"hace {len(self._visits)} paradas y su máximo es {limit}."
            yield self._broken(Rule.STOPS_MAX, len(self._visits) - limit, "paradas", sentence)

    def _loads(self) -> Iterator[Violation]:
        for measure, unit in MEASURES.items():
            aboard = sum(getattr(stop.delivered, measure) for _, stop in self._visits)
            peak, claims_wrong = aboard, getattr(self._route.load_start, measure) != aboard
            for visit, stop in self._visits:
                aboard += getattr(stop.picked_up, measure) - getattr(stop.delivered, measure)
                peak = max(peak, aboard)
                claims_wrong = claims_wrong or getattr(visit.load_after, measure) != aboard
            over = peak - getattr(self._vehicle.capacity, measure)
            if over > 0:
                sentence = f"lleva {over} {unit} más de lo que carga."
                yield self._broken(Rule.CAPACITY, over, unit, sentence)
            if claims_wrong:
                sentence = f"la carga anotada no cuadra con sus paradas ({unit})."
                yield self._broken(Rule.LOAD_WRONG, 1, unit, sentence)

    def _shift(self) -> Iterator[Violation]:
        start = self._problem.depots[self._vehicle.start_depot]
        end = self._problem.depots[self._vehicle.end_depot]
        early_s = max(self._vehicle.shift_start_s, start.open_s) - self._route.departure_s
        if early_s > 0:
            sentence = f"sale {early_s} s antes de su jornada."
            yield self._broken(Rule.SHIFT_START, early_s, "s", sentence)
        late_s = self._route.end_s - min(self._vehicle.shift_end_s, end.close_s)
        if late_s > 0:
            sentence = f"vuelve {late_s} s después del fin de su jornada."
            yield self._broken(Rule.SHIFT_END, late_s, "s", sentence)

    def _windows(self) -> Iterator[Violation]:
        for visit, stop in self._visits:
            misses_s = [
                max(window.start_s - visit.start_s, visit.start_s - window.end_s, 0)
                for window in stop.windows
            ]
            if misses_s and min(misses_s) > 0:
                sentence = f"atiende {stop.id} a {min(misses_s)} s de su ventana."
                yield self._broken(Rule.WINDOW_MISSED, min(misses_s), "s", sentence, stop)

    def _times(self) -> Iterator[Violation]:
        place = self._problem.depots[self._vehicle.start_depot].location
        left_s = self._route.departure_s
        for visit, stop in self._visits:
            yield from self._leg(place, stop.location, left_s, visit.arrival_s, stop)
            yield from self._service(visit, stop)
            place, left_s = stop.location, visit.departure_s
        home = self._problem.depots[self._vehicle.end_depot].location
        yield from self._leg(place, home, left_s, self._route.end_s, None)

    def _leg(
        self, origin: int, destination: int, left_s: int, claimed_s: int, stop: Stop | None
    ) -> Iterator[Violation]:
        leg_s = self._problem.travel.travel_s(origin, destination, left_s)
        name = stop.id if stop else "el CD"
        if leg_s >= NEVER_S:
            yield self._broken(Rule.UNREACHABLE, 1, "tramos", f"no hay camino a {name}.", stop)
        wrong_s = abs(claimed_s - left_s - leg_s)
        if wrong_s > 0:
            sentence = f"la llegada a {name} difiere {wrong_s} s del viaje real."
            yield self._broken(Rule.TRAVEL_TIME, wrong_s, "s", sentence, stop)

    def _service(self, visit: Visit, stop: Stop) -> Iterator[Violation]:
        wrong_s = abs(visit.departure_s - visit.start_s - stop.service_time_s)
        wrong_s += max(0, visit.arrival_s - visit.start_s)
        if wrong_s > 0:
            sentence = f"la atención de {stop.id} difiere {wrong_s} s de la pedida."
            yield self._broken(Rule.SERVICE_TIME, wrong_s, "s", sentence, stop)

    def _sums(self) -> Iterator[Violation]:
        place = self._problem.depots[self._vehicle.start_depot].location
        left_s, metres = self._route.departure_s, 0
        for visit, stop in self._visits:
            metres += self._problem.travel.distance_m(place, stop.location, left_s)
            place, left_s = stop.location, visit.departure_s
        home = self._problem.depots[self._vehicle.end_depot].location
        metres += self._problem.travel.distance_m(place, home, left_s)
        if metres != self._route.distance_m:
            wrong_m = abs(metres - self._route.distance_m)
            sentence = f"la distancia anotada difiere {wrong_m} m."
            yield self._broken(Rule.DISTANCE_WRONG, wrong_m, "m", sentence)
        out_s = self._route.end_s - self._route.departure_s
        cost_clp = self._vehicle.fixed_cost_clp
        cost_clp += self._vehicle.hour_cost_clp * out_s // 3_600
        cost_clp += self._vehicle.km_cost_clp * metres // 1_000
        if cost_clp != self._route.cost_clp:
            wrong_clp = abs(cost_clp - self._route.cost_clp)
            sentence = f"el costo anotado difiere {wrong_clp} CLP."
            yield self._broken(Rule.COST_WRONG, wrong_clp, "CLP", sentence)
