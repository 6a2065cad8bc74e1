"""Who may visit whom, how many stops a route may have, and what a visit counts besides its way."""

from __future__ import annotations

from promesa.routing.engine.compiled import inlined
from promesa.routing.engine.day import Day
from promesa.routing.engine.state import NONE, State


@inlined
def may_take(day: Day, state: State, vehicle: int, stop: int) -> bool:
    """Whether skills, pins, exclusions and the limit of stops let the vehicle take one more."""
    if day.allows[day.node[stop].rights, vehicle] == 0:
        return False
    return state.van[vehicle].stops < day.van[vehicle].stops_max


@inlined
def visit_price(day: Day, vehicle: int, stop: int) -> float:
    """What a driver who does not know the area counts, and a change of vehicle."""
    price = day.unfamiliar[vehicle, day.node[stop].area]
    home = day.node[stop].home
    if home != NONE and home != vehicle:
        price += day.change_vehicle
    return price
