"""A day to plan in our nouns, and the same as a routing problem. Values only; picklable.

Every order is one visit: what is delivered leaves its depot with the van, what is collected comes
back with it. The depot an order lies in is asked of the van like any other skill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from promesa.domain import fleet
from promesa.domain.leg import LegKind
from promesa.domain.order import Order
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.crews import Crews, leaves_from, make_crews
from promesa.planning.repository import WorkBalance
from promesa.planning.terms import bonds_of, on_terms
from promesa.planning.travel import DayMap, DayRoads
from promesa.roads.vehicles import VAN
from promesa.routing.params import UNSERVED_PRICE_CLP
from promesa.routing.problem import LAST_S, NOTHING, Balance, Depot, Problem, Stop, Window

# A seller hands parcels over at the counter, ready; a door takes the order's own time.
COLLECTION_SERVICE_TIME_S = 60
# A plan that arrives at a window's last minute is late every other time; assumed.
WINDOW_SLACK_SHARE = 0.25
WINDOW_SLACK_MAX = timedelta(minutes=30)
# A second visit must not be left out again; a return may wait a day.
RETRY_PRICE_FACTOR = 2
RETURN_PRICE_CLP = UNSERVED_PRICE_CLP // 5
# Ten stops or two hours away from the mean route count as much as a fifth of a van's day (assumed).
_BALANCES = {
    WorkBalance.NONE: Balance(),
    WorkBalance.STOPS: Balance(stop_price_clp=50),
    WorkBalance.HOURS: Balance(hour_price_clp=1_250),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayInputs:
    """Everything a plan of a day is made of.

    Attributes:
        orders: Plannable ones only (due.sort_out).
        shifts: Those without a route yet.
        places: Where merchants are, for colectas and returns, by merchant id.
        workday: When a delivery without a window may be made.
        left_for_review: Ids of orders whose position nobody has confirmed.
        balance: What of the work is to be spread evenly.
        routes_open: Routes of the day that are not over; their vehicles are not looked at.
    """

    day: ServiceDay
    orders: tuple[Order, ...]
    shifts: tuple[fleet.Shift, ...]
    vehicles: tuple[fleet.Vehicle, ...]
    depots: tuple[fleet.Depot, ...]
    workday: TimeWindow
    drivers: tuple[fleet.Driver, ...] = ()
    places: Mapping[UUID, Position] = field(default_factory=dict)
    left_for_review: tuple[UUID, ...] = ()
    balance: WorkBalance = WorkBalance.NONE
    routes_open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayProblem:
    """The routing problem of a day, and what its indexes mean.

    Attributes:
        day_map: Where its locations are.
        orders: By stop index.
        homeless: Orders for whose visit no place is known.
    """

    problem: Problem
    day_map: DayMap
    orders: tuple[Order, ...]
    crews: Crews
    homeless: tuple[Order, ...]


def build_problem(inputs: DayInputs, roads: DayRoads) -> DayProblem:
    """The day as a routing problem, with the travel times of its hours."""
    depots = sorted(inputs.depots, key=lambda depot: depot.code)
    known = {depot.id for depot in depots}
    vans = {vehicle.id: vehicle for vehicle in inputs.vehicles if vehicle.is_active}
    shifts = sorted(
        (s for s in inputs.shifts if s.vehicle_id in vans and s.depot_id in known),
        key=lambda shift: (vans[shift.vehicle_id].code, shift.start, shift.id),
    )
    drivers = {driver.id: driver for driver in inputs.drivers}
    crews = make_crews(inputs.day, shifts, vans, drivers, depots)
    placed = [(order, place_of(order, inputs.places)) for order in inputs.orders]
    visits = [(order, place) for order, place in placed if place is not None]
    points, location = _locations([depot.position for depot in depots], visits)
    day_map = DayMap.between(
        points,
        inputs.day,
        roads,
        start_s=min((van.shift_start_s for van in crews.vehicles), default=0),
        end_s=max((van.shift_end_s + van.overtime_max_s for van in crews.vehicles), default=0),
        depots=len({depot.position for depot in depots}),
        profiles=crews.profiles or (VAN,),
    )
    orders = tuple(order for order, _ in visits)
    problem = Problem(
        travel=day_map.travel,
        depots=tuple(
            # Its hours have cut the shifts already; a shift may end after midnight.
            Depot(
                id=depot.code,
                location=location[depot.position],
                name=depot.name,
                close_s=LAST_S,
            )
            for depot in depots
        ),
        vehicles=crews.vehicles,
        stops=tuple(
            on_terms(_stop(order, location[place], inputs, depots), order.terms, crews, day_map)
            for order, place in visits
        ),
        bonds=bonds_of([(order.merchant_id, order.terms) for order in orders]),
        balance=_BALANCES[inputs.balance],
    )
    return DayProblem(
        problem=problem,
        day_map=day_map,
        orders=orders,
        crews=crews,
        homeless=tuple(order for order, place in placed if place is None),
    )


def bicycle_shifts(inputs: DayInputs) -> tuple[fleet.Shift, ...]:
    """Those on bicycles, which have streets and times of their own."""
    kinds = {vehicle.id: vehicle.kind for vehicle in inputs.vehicles}
    return tuple(
        shift for shift in inputs.shifts if kinds.get(shift.vehicle_id) is fleet.VehicleKind.BICYCLE
    )


def place_of(order: Order, places: Mapping[UUID, Position]) -> Position | None:
    """Where the order's next visit is: the recipient's door, or the merchant's place."""
    if order.leg.kind in {LegKind.COLLECTION, LegKind.RETURN}:
        return places.get(order.merchant_id)
    return order.placement.position if order.placement else None


def _locations(
    depots: Sequence[Position], visits: Sequence[tuple[Order, Position]]
) -> tuple[tuple[Position, ...], dict[Position, int]]:
    """Each place once: doors of one building share a row of the matrix."""
    points = tuple(dict.fromkeys([*depots, *(place for _, place in visits)]))
    return points, {point: number for number, point in enumerate(points)}


def _stop(order: Order, location: int, inputs: DayInputs, depots: Sequence[fleet.Depot]) -> Stop:
    is_collection = order.leg.kind is LegKind.COLLECTION
    load = order.load
    promised = _promised(order, inputs)
    skills = order.skills
    home = next((depot for depot in depots if depot.id == order.depot_id), None)
    if home is not None and len(depots) > 1:
        skills |= {leaves_from(home)}
    return Stop(
        id=str(order.id),
        location=location,
        delivered=NOTHING if is_collection else load,
        picked_up=load if is_collection else NOTHING,
        windows=_in_seconds(inputs.day, [_with_slack(window) for window in promised]),
        promised=_in_seconds(inputs.day, promised),
        service_time_s=COLLECTION_SERVICE_TIME_S if is_collection else order.service_time_s,
        skills=skills,
        unserved_price_clp=_price_clp(order),
        area=order.comuna or "",
    )


def _promised(order: Order, inputs: DayInputs) -> list[TimeWindow]:
    """The order's windows of this day; a delivery without one may be made in the workday."""
    of_the_day = TimeWindow(start=inputs.day.start, end=inputs.day.end)
    windows = [window for window in order.windows if window.overlaps(of_the_day)]
    if not windows and order.leg.kind is LegKind.DELIVERY:
        return [inputs.workday]
    return windows


def _in_seconds(day: ServiceDay, windows: Iterable[TimeWindow]) -> tuple[Window, ...]:
    return tuple(
        Window(start_s=max(0, day.second_of(window.start)), end_s=day.second_of(window.end))
        for window in windows
    )


def _with_slack(window: TimeWindow) -> TimeWindow:
    """Ends earlier than promised, so that an ordinary delay breaks nothing."""
    slack = min(WINDOW_SLACK_MAX, window.width * WINDOW_SLACK_SHARE)
    return replace(window, end=window.end - slack)


def _price_clp(order: Order) -> int:
    if order.terms.leave_out_price_clp is not None:
        return order.terms.leave_out_price_clp
    if order.leg.kind is LegKind.RETURN:
        return RETURN_PRICE_CLP
    return UNSERVED_PRICE_CLP * (RETRY_PRICE_FACTOR if order.attempts else 1)
