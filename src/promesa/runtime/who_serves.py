"""Which depot serves a comuna, asked of the platform: as Flota sizes vans for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from promesa.domain.fleet import Depot
from promesa.planning.demand.serving import ServingDepots
from promesa.runtime.platform import Platform
from promesa.runtime.serving_depots import Reach


async def who_serves(
    platform: Platform, tenant_id: UUID, comunas: Collection[str], depots: Sequence[Depot]
) -> ServingDepots:
    """Of comunas that are forecast; their streets are measured once, in a second, in a thread."""
    city, by_name = platform.city, sorted(set(comunas))
    measured = await platform.capacity_boards.measured(tenant_id, by_name, depots, city)
    reach = Reach(
        depots=depots,
        territory=city.territory,
        ways=platform.ways(tenant_id),
        measured=measured,
    )
    return reach.serving(by_name)
