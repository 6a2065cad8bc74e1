"""A meeting is over once all that the broken van had is in this one, and then cannot be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from promesa.dispatch.choosing import MoveNotPossibleError
from promesa.dispatch.proposals import require_free
from promesa.dispatch.transfers import fetched_stops
from promesa.domain.custody import CustodyEntry, Holder, HolderKind
from promesa.domain.parcel import ParcelState
from promesa.domain.route import Transfer
from tests.support.nouns import PLAZA, a_custody_entry, a_route_version, an_id, an_order
from tests.unit.dispatch.test_proposals import Street
from tests.unit.dispatch.test_rescue import accept

ROUTE_ID = an_id("route")


class Chains:
    """Every parcel asked for is in the van of ROUTE_ID, except the ones named."""

    def __init__(self, *elsewhere: UUID) -> None:
        self.elsewhere = elsewhere

    async def last_entries(self, parcel_ids: Sequence[UUID]) -> dict[UUID, CustodyEntry]:
        here = replace(a_custody_entry(), holder=Holder(kind=HolderKind.ROUTE, id=ROUTE_ID))
        return {each: here for each in parcel_ids if each not in self.elsewhere}


async def test_a_parcel_the_broken_van_did_not_have_is_waited_for_no_longer() -> None:
    order = an_order()
    first, second = order.parcels
    transfer = Transfer(from_route_id=an_id("broken"), from_code="R-14", position=PLAZA)
    planned = replace(a_route_version().stops[0], order_id=order.id, transfer=transfer)
    chains = Chains(second.id)
    asked = (chains, ROUTE_ID, [planned])
    assert await fetched_stops(*asked, {order.id: order}) == frozenset()
    missing = replace(order, parcels=(first, replace(second, state=ParcelState.MISSING)))
    assert await fetched_stops(*asked, {order.id: missing}) == {planned.stop_id}


async def test_a_rescue_is_not_undone_once_the_parcels_changed_vans() -> None:
    street = await Street().open()
    proposal = await street.propose()
    await accept(street, proposal)
    situation = await street.situation()
    taking = situation.get_route(street.eva.id)
    fetched = frozenset(stop.stop_id for stop in taking.open_stops if stop.transfer)
    routes = tuple(
        replace(now, fetched=fetched) if now is taking else now for now in situation.routes
    )
    with pytest.raises(MoveNotPossibleError) as refused:
        require_free(replace(situation, routes=routes), proposal.undo)
    # It never stopped.
    assert "anda de nuevo" not in str(refused.value)
    assert str(refused.value).startswith("R-02 anda con esos bultos a bordo")
