"""Rosters are searched once for all who ask of the same board, and for one board after another."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from promesa.kernel.ids import derived_id
from promesa.planning.capacity.proposed_days import with_made
from promesa.planning.capacity.roster_board import make_roster_board
from promesa.runtime.roster_proposals import RosterProposals
from tests.support.roster_days import ANA, LUIS, inputs, shift

GIVEN = inputs(shift(ANA, -7), shift(LUIS, -7), ready=2)
NORTE, SUR = derived_id("tenant", "norte"), derived_id("tenant", "sur")


async def test_two_who_ask_at_once_get_one_answer() -> None:
    kept = RosterProposals()
    one, other = await asyncio.gather(
        kept.of(NORTE, make_roster_board(GIVEN)), kept.of(NORTE, make_roster_board(GIVEN))
    )
    assert one is other
    assert [len(depot.changes) for depot in one.found] == [10]
    after = replace(GIVEN, fleet=with_made(GIVEN.fleet, one.made))
    assert make_roster_board(after).missing == 0


async def test_another_board_or_another_operator_is_searched_anew() -> None:
    kept = RosterProposals()
    asked = [
        (NORTE, GIVEN),
        (NORTE, replace(GIVEN, away=frozenset({(ANA.id, GIVEN.days[0])}))),
        (SUR, GIVEN),
    ]
    found = [await kept.of(tenant, make_roster_board(given)) for tenant, given in asked]
    assert [len(each.found[0].changes) for each in found] == [10, 9, 10]
    assert len({id(each) for each in found}) == 3
