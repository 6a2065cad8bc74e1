"""The unit of work is every store that the slices state; mypy is the judge.

The assignments below are what the test is: `mypy tests/contract` fails when a slice asks for
something that storage does not have. At run time the attributes are looked up once more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, get_type_hints
from uuid import UUID

import pytest

from promesa.dispatch.capacity_desk import CapacityStore
from promesa.dispatch.demand_desk import DemandStore
from promesa.dispatch.forecast_desk import ForecastStore
from promesa.dispatch.repository import DispatchStore
from promesa.notify.repository import NotifyStore
from promesa.orders.repository import OrdersStore
from promesa.planning.demand.overrides import OverrideStore
from promesa.planning.demand.repository import CalendarStore
from promesa.proof.repository import ProofStore
from promesa.runtime.repository import DatabasePort, PlatformStore
from promesa.storage.database import Database
from promesa.storage.unit_of_work import UnitOfWork
from promesa.tracking.repository import TrackingStore

if TYPE_CHECKING:

    def _is_every_store(tx: UnitOfWork, database: Database) -> None:
        _orders: OrdersStore = tx
        _proof: ProofStore = tx
        _notify: NotifyStore = tx
        _tracking: TrackingStore = tx
        _dispatch: DispatchStore = tx
        _calendar: CalendarStore = tx
        _overrides: OverrideStore = tx
        _demand: DemandStore = tx
        _forecast: ForecastStore = tx
        _capacity: CapacityStore = tx
        _platform: PlatformStore = tx
        _port: DatabasePort = database


STORES = (
    OrdersStore,
    ProofStore,
    NotifyStore,
    TrackingStore,
    DispatchStore,
    CalendarStore,
    OverrideStore,
    DemandStore,
    ForecastStore,
    CapacityStore,
    PlatformStore,
)


def _asked(store: type) -> Iterator[tuple[str, str]]:
    """Each repository a store asks for, with each method it asks of it."""
    for noun in (name for name in dir(store) if isinstance(getattr(store, name), property)):
        repository = get_type_hints(getattr(store, noun).fget)["return"]
        yield from ((noun, method) for method in dir(repository) if not method.startswith("_"))


@pytest.mark.parametrize("store", STORES)
async def test_the_unit_of_work_has_every_method_a_store_asks_for(
    store: type, database: Database
) -> None:
    async with database.transaction(UUID(int=1)) as tx:
        missing = [
            f"{noun}.{method}"
            for noun, method in _asked(store)
            if not hasattr(getattr(tx, noun, None), method)
        ]
    assert missing == []
