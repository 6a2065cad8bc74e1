"""What a change to the plan already given counts: another order, another window.

A change of vehicle is a price of the visit (permits).
"""

from __future__ import annotations

from promesa.routing.engine.compiled import kernel
from promesa.routing.engine.day import Day
from promesa.routing.engine.state import NONE, State


@kernel
def change_price(day: Day, state: State, vehicle: int, stop: int, start: int) -> float:
    """Pesos for serving the stop then and there instead of as planned."""
    home = day.node[stop].home
    if home == NONE:
        return 0.0
    price = 0.0
    told_end = day.node[stop].told_end
    if day.node[stop].told_first < told_end:
        price += day.change_window
        for span in range(day.node[stop].told_first, told_end):
            if day.spans[span, 0] <= start <= day.spans[span, 1]:
                price -= day.change_window
                break
    following = state.node[stop].after
    if home == vehicle and following < day.stops and day.node[following].home == vehicle:
        if day.node[following].rank < day.node[stop].rank:
            price += day.change_order
    return price
