"""Prices a stop, the hours it is promised for and a vehicle in the day as it is planned.

Among vehicles of one kind, which share their streets: what another kind could take is left to it.
Seconds are those of the plan, metres and tolls those of the ways that are driven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from promesa.domain.fleet import VehicleKind
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.inputs import DayProblem, build_problem
from promesa.planning.prices import (
    FleetPrice,
    NotPricedError,
    PlannedDay,
    PlannedShift,
    PromisePrice,
    ShiftPrice,
    VisitPrice,
)
from promesa.planning.profiles import profile_of
from promesa.planning.travel import DayRoads
from promesa.routing.budget import Limit
from promesa.routing.engine.flatten import NO_CHANGES
from promesa.routing.plan import RELOAD, Plan, Sequences
from promesa.routing.pricing import (
    VehiclePrice,
    WindowPrice,
    price_less_and_more,
    price_stop,
    price_windows,
)
from promesa.routing.problem import LAST_S, Problem, Window
from promesa.routing.schedule import make_plan
from promesa.routing.solver import improve

# How many searches it takes to say what a vehicle is worth.
SEARCHES = 3


def price_visit(
    day: PlannedDay,
    order_id: UUID,
    windows: Sequence[TimeWindow],
    roads: DayRoads,
    bicycles: DayRoads | None = None,
) -> VisitPrice:
    """What the visit of an order costs, and what it would within each of these hours.

    Raises:
        NotPricedError: No route has it, or the vehicle of its route is not there any more.
    """
    own = next((r for r in day.routes if any(order_id in trip for trip in r.trips)), None)
    if own is None:
        raise NotPricedError
    part = _Part(day, own.shift_id, roads, bicycles)
    stop = part.stop_of(order_id)
    found = price_stop(part.problem, part.plan, stop, measure=part.measured)
    if found is None:
        raise NotPricedError
    asked = (*windows, day.inputs.workday)
    spans = [part.span_of(window) for window in asked]
    priced = price_windows(part.problem, part.plan, stop, spans, part.measured)
    free_clp = priced[-1].cost_clp
    return VisitPrice(
        order_ids=tuple(part.day.orders[n].id for n in part.problem.bound_to(stop)),
        vehicle=part.code_of(found.vehicle),
        cost_clp=found.cost_clp,
        duration_s=found.duration_s,
        distance_m=found.distance_m,
        left_out_clp=found.left_out_clp,
        windows=tuple(
            _promise_price(part, window, each, free_clp)
            for window, each in zip(asked, priced, strict=True)
        ),
    )


def price_shift(
    day: PlannedDay,
    shift_id: UUID,
    roads: DayRoads,
    *,
    limit: Limit,
    seed: int,
    bicycles: DayRoads | None = None,
) -> ShiftPrice:
    """What the day costs more without the vehicle of a shift, and less with one more like it.

    Raises:
        NotPricedError: The shift or its vehicle is not there any more.
    """
    part = _Part(day, shift_id, roads, bicycles)

    def search_on(problem: Problem, start: Sequences) -> Plan:
        return improve(problem, start, NO_CHANGES, limit, seed=seed).plan

    less, more = price_less_and_more(
        part.problem, part.plan, part.vehicle, search_on, measure=part.measured
    )
    return ShiftPrice(
        vehicle=part.day.crews.codes[part.vehicle],
        less=_fleet_price(less),
        more=_fleet_price(more),
    )


class _Part:
    """The vehicles of one kind with what they drive, as a routing problem and its plan."""

    def __init__(
        self,
        day: PlannedDay,
        shift_id: UUID,
        roads: DayRoads,
        bicycles: DayRoads | None,
    ) -> None:
        vans = {van.id: van for van in day.inputs.vehicles if van.is_active}
        own = next((shift for shift in day.inputs.shifts if shift.id == shift_id), None)
        if own is None or own.vehicle_id not in vans:
            raise NotPricedError("Su vehículo o su turno ya no está: no se puede calcular.")
        van = vans[own.vehicle_id]
        kind = profile_of(van.kind, van.size)
        streets = bicycles if van.kind is VehicleKind.BICYCLE else roads
        if streets is None:
            raise NotPricedError("Esta ciudad se armó sin la red de bicicletas.")
        shifts = tuple(
            shift
            for shift in day.inputs.shifts
            if (each := vans.get(shift.vehicle_id)) and profile_of(each.kind, each.size) == kind
        )
        known = {shift.id for shift in shifts}
        routes = [route for route in day.routes if route.shift_id in known]
        taken = {o for route in routes for trip in route.trips for o in trip}
        others = {o for route in day.routes for trip in route.trips for o in trip} - taken
        orders = tuple(order for order in day.inputs.orders if order.id not in others)
        inputs = replace(day.inputs, shifts=shifts, orders=orders)
        self.day: DayProblem = build_problem(inputs, streets)
        self.problem = self.day.problem
        self._number = {order.id: n for n, order in enumerate(self.day.orders)}
        place = {shift.id: n for n, shift in enumerate(self.day.crews.shifts)}
        if shift_id not in place:
            raise NotPricedError("Su centro de distribución ya no está: no se puede calcular.")
        self.vehicle = place[shift_id]
        sequences = {
            place[route.shift_id]: self._sequence(route)
            for route in routes
            if route.shift_id in place
        }
        self.plan = make_plan(self.problem, sequences)

    def stop_of(self, order_id: UUID) -> int:
        """The number of its visit."""
        if order_id not in self._number:
            raise NotPricedError(
                "No sabemos dónde está el comercio. Agrega su posición en Comercios."
            )
        return self._number[order_id]

    def code_of(self, vehicle: str) -> str:
        """The code of a vehicle of the problem, which is called by its plate there."""
        pairs = zip(self.problem.vehicles, self.day.crews.codes, strict=True)
        return next(code for van, code in pairs if van.id == vehicle)

    def shift_of(self, vehicle: str | None) -> UUID | None:
        """The shift that drives a vehicle of the problem."""
        pairs = zip(self.problem.vehicles, self.day.crews.shifts, strict=True)
        return next((shift.id for van, shift in pairs if van.id == vehicle), None)

    def span_of(self, window: TimeWindow) -> Window:
        """The hours in seconds of the day."""
        day = self.day.day_map.day
        start_s, end_s = (
            min(LAST_S, max(0, day.second_of(instant))) for instant in (window.start, window.end)
        )
        return Window(start_s=start_s, end_s=end_s)

    def measured(self, problem: Problem, plan: Plan) -> Plan:
        """The plan with the metres and tolls of real ways."""
        return self.day.day_map.driven(problem, plan).plan

    def _sequence(self, route: PlannedShift) -> tuple[int, ...]:
        steps: list[int] = []
        for trip in route.trips:
            visits = [self._number[order] for order in trip if order in self._number]
            if visits:
                steps += [RELOAD, *visits] if steps else visits
        return tuple(steps)


def _promise_price(
    part: _Part, window: TimeWindow, price: WindowPrice, free_clp: int | None
) -> PromisePrice:
    cost_clp, start_s = price.cost_clp, price.start_s
    is_known = cost_clp is not None and free_clp is not None
    return PromisePrice(
        window=window,
        cost_clp=cost_clp,
        more_clp=(cost_clp or 0) - (free_clp or 0) if is_known else None,
        duration_s=price.duration_s,
        distance_m=price.distance_m,
        shift_id=part.shift_of(price.vehicle),
        arrival=None if start_s is None else part.day.day_map.day.instant_at(start_s),
    )


def _fleet_price(price: VehiclePrice) -> FleetPrice:
    return FleetPrice(
        driven_clp=price.worth_clp - price.left_out_clp,
        left_out_clp=price.left_out_clp,
        duration_s=price.duration_s,
        distance_m=price.distance_m,
        order_ids=tuple(UUID(stop) for stop in price.stops),
    )
