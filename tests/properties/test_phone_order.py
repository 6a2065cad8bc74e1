"""However a phone's messages are shuffled and repeated, the day ends the same."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.stop import Outcome, StopState
from promesa.kernel.ids import derived_id
from promesa.proof.ledger import verify
from tests.support.dispatch_memory import SmallDay, make_small_day


def messages(day: SmallDay) -> list[dict[str, object]]:
    """Ana is delivered, nobody is at Beto's; told with every step in between."""
    photo = [{"id": str(derived_id("photo")), "kind": "photo"}]
    receiver = {"relation": "recipient"}
    closed = {"evidence": photo, "receiver": receiver}
    event = day.phone.event
    return [
        event("route.acknowledged", version=1),
        event("route.loading_started"),
        event("route.started"),
        event("stop.started", stop_id=day.ana.id),
        event("stop.arrived", stop_id=day.ana.id),
        event("stop.closed", stop_id=day.ana.id, outcome="succeeded", **closed),
        event("stop.arrived", stop_id=day.beto.id),
        event(
            "stop.closed",
            stop_id=day.beto.id,
            outcome="failed",
            reason="RECIPIENT_ABSENT",
            **closed,
        ),
    ]


async def _tell(order: list[int]) -> None:
    day = await make_small_day()
    told = messages(day)
    for number in order:
        await day.phone.send(told[number])
    ana, beto = await day.order_of(day.ana), await day.order_of(day.beto)
    assert (ana.state, beto.state) == (OrderState.DELIVERED, OrderState.DELIVERY_FAILED)
    assert (ana.attempts, beto.attempts) == (1, 1)
    for stop, outcome in ((day.ana, Outcome.SUCCEEDED), (day.beto, Outcome.FAILED)):
        now = await day.stop_now(stop)
        assert (now.state, now.outcome) == (StopState.CLOSED, outcome)
    assert {parcel.state for parcel in beto.parcels} == {ParcelState.IN_TRANSIT}
    assert day.types().count("stop.closed") == 2
    assert "device.event_refused" not in day.types()
    assert all(verify(chain) == [] for chain in day.tx.custody.kept.values())


@given(
    st.permutations(range(8)).flatmap(
        lambda order: st.lists(st.integers(0, 7), max_size=6).map(lambda more: [*order, *more])
    )
)
def test_shuffled_and_repeated_messages_leave_the_same_day(order: list[int]) -> None:
    asyncio.run(_tell(order))
