"""Which routes load at a depot: Dora's van is back at 11:00 for half an hour, to load again."""

from __future__ import annotations

from dataclasses import replace

from promesa.dispatch.dock_desk import gather_loads
from promesa.planning.capacity.dock_day import DockSource
from tests.support.dispatch_memory import DEPOT
from tests.support.orders_memory import TODAY
from tests.support.roster_days import inputs
from tests.unit.dispatch.test_second_trips import BACK, LOADING_S, Trips


async def test_a_published_route_loads_again_when_it_is_back() -> None:
    trips = await Trips().open()
    found = await gather_loads(trips.tx, replace(inputs(), depots=(DEPOT,)), TODAY)
    source, loads = found[DEPOT.id]
    version = await trips.newest()
    first, again = (load for load in loads if load.name.startswith(trips.dora.code))
    assert source is DockSource.PUBLISHED
    assert (first.name, first.back_s) == (trips.dora.code, None)
    assert again.name == f"{trips.dora.code} · 2ª carga"
    assert again.back_s is not None
    assert again.due_s - again.back_s == LOADING_S
    assert again.back_s - first.due_s == (BACK - version.start).total_seconds()
