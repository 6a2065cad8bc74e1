"""What a kept forecast says will still come, for the depot of each comuna."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

import pytest

from promesa.domain.fleet import Depot
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.planning.capacity.streets import MeasuredZones
from promesa.planning.capacity.zones import Zone
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.outlook import Outlook
from promesa.promising.offers import OfferTerms
from promesa.runtime.expected_orders import Serving, read_expected
from promesa.runtime.platform import Platform
from tests.support.demand_nouns import a_forecast
from tests.support.platform import Stage

TERMS = OfferTerms()


async def measured(
    platform: Platform, tenant_id: UUID, comunas: Sequence[str], depots: Sequence[Depot]
) -> MeasuredZones:
    return await platform.capacity_boards.measured(tenant_id, comunas, depots, platform.city)


def forecast_of(*series: SeriesKey) -> Outlook:
    """Twenty and thirty orders of each, with a tenth and a ninth tenth around them."""
    outlook, many = a_forecast().outlook, len(series)
    return replace(
        outlook,
        series=series,
        mean=outlook.mean[:1] * many,
        p10=outlook.p10[:1] * many,
        p50=outlook.p50[:1] * many,
        p90=outlook.p90[:1] * many,
        past=((21.0,),) * many,
    )


async def test_each_comunas_forecast_is_its_depots_and_one_nobody_knows_is_shared(
    stage: Stage,
) -> None:
    platform, tenant_id = stage.platform, stage.norte.tenant_id
    near, far = SeriesKey(comuna="Providencia"), SeriesKey(comuna="Maipú")
    nowhere = SeriesKey(comuna="Macondo")
    async with platform.transaction(tenant_id) as tx:
        [depot] = await tx.fleet.list_depots()
        outlook = forecast_of(near, replace(far, depot=depot.code), nowhere)
        record = replace(a_forecast(), outlook=outlook)
        day = outlook.days[0]
        serving = Serving(
            depots=(depot,),
            territory=platform.city.territory,
            ways=(await platform.ready_board(tenant_id)).ways,
            driven=(),
            measure=partial(measured, platform, tenant_id),
        )
        found = await read_expected(tx, record, today=day, terms=TERMS, serving=serving)
        assert found is not None
        assert found.shared.days[day].mean == pytest.approx(20)
        # Both comunas' orders, as many as they are however far off.
        assert found.of(depot.id).days[day].mean == pytest.approx(40)
        assert found.of(depot.id).days[day].sd > 0
        later = outlook.days[-1].replace(year=2027)
        assert await read_expected(tx, record, today=later, terms=TERMS, serving=serving) is None


async def test_a_comuna_is_the_depots_whose_vans_are_sized_for_it_however_near_another_is(
    stage: Stage,
) -> None:
    platform, tenant_id = stage.platform, stage.norte.tenant_id
    async with platform.transaction(tenant_id) as tx:
        [near] = await tx.fleet.list_depots()
        sized = Depot(
            id=derived_id("depot", "sized"),
            code="LEJOS",
            name="Lejos",
            position=Position(lon=near.position.lon + 0.1, lat=near.position.lat + 0.1),
        )
        outlook = forecast_of(
            SeriesKey(comuna="Providencia"), SeriesKey(comuna="Providencia", depot=near.code)
        )

        async def of_the_far_one(comunas: Sequence[str], depots: Sequence[Depot]) -> MeasuredZones:
            zone = Zone(
                name="Providencia", depot="LEJOS", area_km2=9.0, pace_min_km=4.0, haul_min=12.0
            )
            return MeasuredZones(zones=(zone,), hauls={("Providencia", "LEJOS"): 12.0}, faults={})

        serving = Serving(
            depots=(near, sized),
            territory=platform.city.territory,
            ways=(await platform.ready_board(tenant_id)).ways,
            driven=(),
            measure=of_the_far_one,
        )
        day = outlook.days[0]
        record = replace(a_forecast(), outlook=outlook)
        found = await read_expected(tx, record, today=day, terms=TERMS, serving=serving)
    assert found is not None
    # The series that names its depot is that one's.
    assert found.of(sized.id).days[day].mean == pytest.approx(20)
    assert found.of(near.id).days[day].mean == pytest.approx(20)


async def test_a_comuna_without_numbers_leaves_its_depot_to_past_weeks_and_no_other(
    stage: Stage,
) -> None:
    platform, tenant_id = stage.platform, stage.norte.tenant_id
    async with platform.transaction(tenant_id) as tx:
        [depot] = await tx.fleet.list_depots()
        other = replace(depot, id=derived_id("depot", "other"), code="OTRO")
        outlook = forecast_of(
            SeriesKey(comuna="Providencia", depot=depot.code),
            SeriesKey(comuna="Maipú", depot=depot.code),
            SeriesKey(comuna="Maipú", depot="OTRO"),
        )
        lost = (math.nan,) * len(outlook.days)
        outlook = replace(outlook, mean=(outlook.mean[0], lost, outlook.mean[2]))
        serving = Serving(
            depots=(depot, other),
            territory=platform.city.territory,
            ways=(await platform.ready_board(tenant_id)).ways,
            driven=(),
            measure=partial(measured, platform, tenant_id),
        )
        day = outlook.days[0]
        found = await read_expected(
            tx,
            replace(a_forecast(), outlook=outlook),
            today=day,
            terms=TERMS,
            serving=serving,
        )
    assert found is not None
    assert found.of(depot.id).days == {}
    assert found.of(other.id).days[day].mean == pytest.approx(20)
