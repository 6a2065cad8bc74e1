"""Routes laid down in a state, and read from it again."""

from __future__ import annotations

import numpy as np

from promesa.routing.engine.compiled import kernel
from promesa.routing.engine.costs import route_cost
from promesa.routing.engine.day import Day, Ints
from promesa.routing.engine.links import follow, reload_node
from promesa.routing.engine.loads import load_all
from promesa.routing.engine.state import NONE, State, count_idle, first_node
from promesa.routing.engine.timing import time_all
from promesa.routing.plan import RELOAD

# In a flat list of routes: where one ends.
ROUTE_END = -2


@kernel
def lay_routes(day: Day, state: State, flat: Ints) -> None:
    """Writes each vehicle's sequence, one after the other, each closed by ROUTE_END."""
    place = 0
    for vehicle in range(day.vehicles):
        first = first_node(day, vehicle)
        state.node[first].vehicle, state.node[first + 1].vehicle = vehicle, vehicle
        node, reloads, size = first, 0, 0
        while place < len(flat) and flat[place] != ROUTE_END:
            following = flat[place]
            if following == RELOAD:
                following = reload_node(day, vehicle) + reloads
                reloads += 1
            else:
                size += 1
                state.left_price[0] -= day.node[following].price
            follow(day, state, vehicle, node, following)
            node = following
            place += 1
        place += 1
        follow(day, state, vehicle, node, first + 1)
        state.node[first + 1].after = NONE
        state.van[vehicle].stops = size
        load_all(day, state, vehicle)
        if day.has_windows == 1:
            time_all(day, state, vehicle)
        state.van[vehicle].cost = route_cost(day, state, vehicle)
    count_idle(day, state)


def read_routes(day: Day, after: Ints) -> dict[int, tuple[int, ...]]:
    """The problem's stops in order by busy vehicle, RELOAD where it goes back to load."""
    routes = {}
    for vehicle in range(day.vehicles):
        first = day.stops + 2 * vehicle
        steps: list[int] = []
        node = int(after[first])
        while node != first + 1:
            steps.append(int(day.order[node]) if node < day.stops else RELOAD)
            node = int(after[node])
        if steps:
            routes[vehicle] = tuple(steps)
    return routes


def flat_routes(day: Day, routes: dict[int, tuple[int, ...]]) -> Ints:
    """The routes as ``lay_routes`` reads them."""
    number = np.empty(day.stops + 1, np.int64)
    number[day.order], number[RELOAD] = np.arange(day.stops), RELOAD
    flat: list[int] = []
    for vehicle in range(day.vehicles):
        flat += [*number[list(routes.get(vehicle, ()))].tolist(), ROUTE_END]
    return np.array(flat, np.int64)
