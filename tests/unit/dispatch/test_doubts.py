"""What a person decides about a visit: a delivery in dispute is accepted or left, cash is seen.

Beto's parcel was scanned back into the depot at nine; Dora's phone is heard then, and says that
she delivered it at ten past three.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from promesa.dispatch.doubts import (
    Decision,
    DecisionNotAllowedError,
    DeliveryNotAcceptableError,
    DoubtSettledError,
    list_doubtful,
    settle_doubt,
)
from promesa.dispatch.squaring import read_account, square
from promesa.domain.actor import Role
from promesa.domain.custody import HolderKind
from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import PromiseFate
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome, Stop, StopDoubt
from promesa.kernel.errors import ForbiddenError
from promesa.kernel.ids import Ids, derived_id
from promesa.kernel.seeds import stream
from promesa.proof.ledger import verify
from tests.support.dispatch_memory import DISPATCHER, SmallDay, make_small_day
from tests.unit.dispatch.test_late_visits import (
    NINE_PM,
    TEN_PAST_THREE,
    closed_by_the_torre,
    scan,
    tell,
)

CONCIERGE = {"relation": "concierge", "name": "Luis Rojas"}


async def disputed(**fields: Any) -> SmallDay:
    day = await closed_by_the_torre()
    order = await day.order_of(day.beto)
    await scan(day, order.parcels[0].barcode, "returned", NINE_PM)
    assert (await tell(day, day.beto, **fields)).code == "delivery_disputed"
    return day


async def decide(
    day: SmallDay, stop: Stop, decision: Decision, cause: str | None = "Lo llamé y lo tiene"
) -> Stop:
    return await settle_doubt(
        day.tx, stop.id, decision, cause=cause, actor=DISPATCHER, clock=day.phone.clock
    )


async def cash_short() -> SmallDay:
    day = await make_small_day()
    order = replace(await day.order_of(day.ana), cod_clp=10_000)
    day.tx.orders.kept[order.id] = order
    proof = [{"id": str(derived_id(kind)), "kind": kind} for kind in ("photo", "signature")]
    result = await day.phone.close(
        day.ana, evidence=proof, cod_collected_clp=8_000, note="No tenía más"
    )
    assert result.code is None
    return day


async def test_a_disputed_delivery_waits_with_what_the_phone_said() -> None:
    day = await disputed(receiver=CONCIERGE, note="Conserjería")
    (found,) = await list_doubtful(day.tx)
    assert (found.stop.doubt, found.may_be_accepted) == (StopDoubt.DELIVERY_DISPUTED, True)
    assert found.told is not None
    assert (found.told.data["why"], found.at) == ("parcel.returned_to_depot", TEN_PAST_THREE)
    assert found.told.data["handed_to"] == "third_party"
    # Words are kept as words are: with a person, never in the event.
    assert day.tx.people.kept[found.note_id or day.ana.id].instructions == "Conserjería"


async def test_accepted_it_is_delivered_when_the_phone_says_and_to_whom() -> None:
    day = await disputed(receiver=CONCIERGE)
    stop = await decide(day, day.beto, Decision.ACCEPTED)
    order = await day.order_of(day.beto)
    (parcel,) = order.parcels
    chain = await day.tx.custody.list_of(parcel.id)
    receiver = day.tx.people.kept[chain[-1].holder.id]
    assert (stop.outcome, stop.closed_at, stop.doubt) == (Outcome.SUCCEEDED, TEN_PAST_THREE, None)
    assert (order.state, parcel.state) == (
        OrderState.DELIVERED,
        ParcelState.DELIVERED_THIRD_PARTY,
    )
    assert [link.holder.kind for link in chain][-2:] == [HolderKind.ROUTE, HolderKind.THIRD_PARTY]
    assert (receiver.name, verify(chain)) == ("Luis Rojas", [])
    assert day.types().count("order.delivered") == 1
    settled = next(item for item in day.tx.events.kept if item.type == "stop.doubt_settled")
    assert (settled.data["doubt"], settled.data["decision"]) == ("delivery_disputed", "accepted")
    # The words may name somebody: they stand with the people, and never in the event.
    assert "Lo llamé" not in str(settled.data)
    note = day.tx.people.kept[UUID(str(settled.data["note_id"]))]
    assert note.instructions == "Lo llamé y lo tiene"


async def test_accepted_its_first_promise_is_judged_by_that_instant() -> None:
    day = await disputed()
    assert day.tx.promises.kept[day.beto.order_id][0].fate is PromiseFate.BROKEN
    await decide(day, day.beto, Decision.ACCEPTED)
    assert day.tx.promises.kept[day.beto.order_id][0].fate is PromiseFate.KEPT


async def test_left_as_it_is_nothing_changes_but_that_it_was_decided() -> None:
    day = await disputed()
    before = await day.order_of(day.beto)
    stop = await decide(day, day.beto, Decision.LEFT, "El bulto está en el andén")
    assert (await day.order_of(day.beto), stop.doubt) == (before, None)
    note_id = UUID(str(day.tx.events.kept[-1].data["note_id"]))
    assert day.tx.people.kept[note_id].instructions == "El bulto está en el andén"
    assert await list_doubtful(day.tx) == []


async def test_a_dispute_is_decided_once_with_a_cause_and_by_who_may() -> None:
    day = await disputed()
    with pytest.raises(DecisionNotAllowedError):
        await decide(day, day.beto, Decision.LEFT, "  ")
    with pytest.raises(DecisionNotAllowedError):
        await decide(day, day.beto, Decision.SEEN)
    with pytest.raises(ForbiddenError):
        await settle_doubt(
            day.tx,
            day.beto.id,
            Decision.LEFT,
            cause="x",
            actor=replace(DISPATCHER, role=Role.READER),
            clock=day.phone.clock,
        )
    await decide(day, day.beto, Decision.LEFT)
    with pytest.raises(DoubtSettledError):
        await decide(day, day.beto, Decision.ACCEPTED)


async def test_what_somebody_else_delivered_since_can_only_be_left() -> None:
    day = await disputed()
    order = await day.order_of(day.beto)
    day.tx.orders.kept[order.id] = replace(order, state=OrderState.DELIVERED)
    (found,) = await list_doubtful(day.tx)
    assert not found.may_be_accepted
    with pytest.raises(DeliveryNotAcceptableError):
        await decide(day, day.beto, Decision.ACCEPTED)


async def test_cash_that_differs_waits_until_it_is_seen() -> None:
    day = await cash_short()
    (found,) = await list_doubtful(day.tx)
    assert (found.stop.doubt, found.stop.cod_collected_clp) == (StopDoubt.CASH_DIFFERS, 8_000)
    assert day.tx.people.kept[found.note_id or day.ana.id].instructions == "No tenía más"
    stop = await decide(day, day.ana, Decision.SEEN, None)
    assert (stop.doubt, stop.cod_collected_clp) == (None, 8_000)


async def test_squaring_the_route_has_seen_its_cash() -> None:
    day = await cash_short()
    await day.phone.close(day.beto)
    await day.tx.routes.save(replace(await day.route_now(), state=RouteState.FINISHED))
    account = await read_account(day.tx, day.route.id, day.tx.events.kept)
    assert (account.cash.due_clp, account.cash.to_count_clp) == (10_000, 8_000)
    await square(
        day.tx,
        day.route.id,
        counted_clp=8_000,
        actor=replace(DISPATCHER, role=Role.WAREHOUSE),
        clock=day.phone.clock,
        ids=Ids(day.phone.clock, stream(1, "squaring").randbytes),
    )
    assert await list_doubtful(day.tx) == []
