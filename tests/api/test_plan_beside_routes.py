"""A plan made while vans have routes counts the free ones, and says so of what it leaves out."""

from __future__ import annotations

from tests.api.test_prices import planned
from tests.api.test_replanning import answered, new_order
from tests.support.operation import TODAY
from tests.support.platform import Stage


async def test_where_every_van_has_a_route_the_plan_does_not_say_that_none_takes_it(
    stage: Stage,
) -> None:
    """Insertar offers the vans on the road, which the plan never looked at."""
    order_id = await new_order(stage)
    async with stage.client(stage.norte.session()) as office:
        plan = await planned(office, TODAY.isoformat())
        why = {left["order_id"]: left["sentence"] for left in plan["unserved"]}[order_id]
        found = await answered(office, "/v1/insertions", order_id=order_id)
    assert found["places"]
    assert why.startswith("No quedan turnos libres: los vehículos del día ya tienen ruta. Prueba")
    assert "Sólo se miraron los vehículos sin ruta" in " ".join(plan["notes"])
