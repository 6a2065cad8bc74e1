"""The simulated office against the real platform."""

from __future__ import annotations

from typing import Any

from promesa.simulator.client import Api
from promesa.simulator.office import Office
from tests.support.operation import TODAY
from tests.support.platform import Stage

# A street of the city, one the index does not know, and a pin the map does not reach.
ADDRESSES = (
    ("Suecia 100", "Providencia", None),
    ("Calle Que Nadie Conoce 1", "Providencia", None),
    ("Suecia 100", "Providencia", (-71.6127, -33.0472)),
)


async def test_the_office_answers_every_doubt_even_what_one_yes_does_not_cover(
    stage: Stage,
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "reference": f"OFFICE-{number}",
            "date": TODAY.isoformat(),
            "recipient": {"name": "Ana"},
            "address": address,
            "comuna": comuna,
            "position": pin,
            "parcels": [{}],
        }
        for number, (address, comuna, pin) in enumerate(ADDRESSES)
    ]
    async with stage.client(stage.norte.shop()) as shop:
        taken = (await shop.put("/v1/orders", json={"orders": rows})).json()["accepted"]
    async with stage.client(stage.norte.session()) as client:
        office = Office(Api(client), seed=1)
        assert await office.review(TODAY, leave=1) >= len(rows) - 1
        assert await office.review(TODAY) == 1
        seen = [(await client.get(f"/v1/orders/{row['id']}")).json() for row in taken]

    assert [order["state"] for order in seen] == ["confirmed"] * len(rows)
    assert [order["placement"]["is_outside"] for order in seen] == [False, False, True]
