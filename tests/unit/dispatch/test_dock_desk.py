"""Which routes load at a depot: Dora's van is back at 11:00 for half an hour, to load again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from promesa.dispatch.dock_desk import gather_loads
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.dock_day import DockSource
from tests.support.dispatch_memory import DEPOT
from tests.support.orders_memory import TODAY
from tests.support.roster_days import QUI, inputs
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


async def test_vans_that_are_only_needed_leave_at_their_hour_when_clocks_change() -> None:
    """Sunday 6 September 2026 begins at one o'clock: eight is seven hours after."""
    trips = await Trips().open()
    on = ServiceDay(date(2026, 9, 6))
    need = {(QUI.code, on.date): 1}
    found = await gather_loads(trips.tx, replace(inputs(), days=(on.date,), ready=need), on.date)
    source, (load,) = found[QUI.id]
    assert source is DockSource.EXPECTED
    # Nobody was put before: the hours that vans of such an operator work.
    assert on.clock_time_of(on.instant_at(load.due_s)) == time(8, 30)
