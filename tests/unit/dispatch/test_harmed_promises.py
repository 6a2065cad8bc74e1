"""Whom changes to the rest of the day harm: named, counted, and never more than allowed.

The street of test_replanning, but both vans drive to the far end first: R-01 (Dora) visits Carla
and then Ana, R-02 (Eva) Elsa and then Fito. Ana and Fito are late unless they are visited first;
then Carla and Elsa, at risk now, are late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from uuid import UUID

import pytest

from promesa.dispatch.foresight import foresee_as_it_is
from promesa.dispatch.proposed_changes import HarmedStop, Teller, harmed_by
from promesa.dispatch.replanning import DayReplan
from promesa.domain.promise import PromiseRisk
from promesa.domain.stop import Stop
from promesa.routing.plan import Sequences
from promesa.routing.replan.params import Disruption
from tests.support.dispatch_memory import DORA, VAN
from tests.unit.dispatch.test_proposals import EVA, SECOND, TEN, TIMES, door, put_street
from tests.unit.dispatch.test_replanning import Day


class FarEnd(Day):
    """Both vans leave the near door for the way back."""

    async def open(self) -> FarEnd:
        await self.tx.fleet.put_vehicle(SECOND)
        await self.tx.fleet.put_driver(EVA)
        self.dora, self.of_dora = await put_street(
            self.tx, {"carla": 9.0, "ana": 2.0}, code="R-01", driver=DORA, vehicle=VAN
        )
        self.eva, self.of_eva = await put_street(
            self.tx, {"elsa": 9.0, "fito": 2.0}, code="R-02", driver=EVA, vehicle=SECOND
        )
        self.positions = {self.dora.id: door(1.5), self.eva.id: door(1.5)}
        self.phone.clock.move_to(TEN)
        for far, near in (self.of_dora, self.of_eva):
            await self.promise(near, until=TEN + timedelta(minutes=12))
            await self.promise_after_expected(far, minutes=1)
        return self

    async def promise_after_expected(self, stop: Stop, *, minutes: int) -> None:
        situation = await self.situation()
        now = situation.get_route(stop.route_id)
        expected = foresee_as_it_is(situation, now, TIMES).arrivals[stop.id].p50
        await self.promise(stop, until=expected + timedelta(minutes=minutes))

    async def within(self, harmed_max: int) -> DayReplan:
        return await self.replan(Disruption(stops_max=20, windows_max=harmed_max))

    async def risks(self) -> Mapping[UUID, PromiseRisk]:
        situation = await self.situation()
        found: dict[UUID, PromiseRisk] = {}
        for now in situation.routes:
            found |= foresee_as_it_is(situation, now, TIMES).risks
        return found


@pytest.fixture
async def day() -> FarEnd:
    return await FarEnd().open()


async def test_all_changes_together_harm_no_more_promises_than_allowed(day: FarEnd) -> None:
    found = [await day.within(most) for most in (0, 1, 2)]
    assert [len(each.changes) for each in found] == [0, 1, 2]
    assert [len(harmed_by(each.changes)) for each in found] == [0, 1, 2]


async def test_a_change_names_whom_it_harms(day: FarEnd) -> None:
    (change,) = (await day.within(1)).changes
    carla = await day.tx.orders.get(day.of_dora[0].order_id)
    assert change.harmed == (
        HarmedStop(
            stop_id=day.of_dora[0].id,
            order_id=carla.id,
            reference=carla.reference,
            code="R-01",
            risk_was=PromiseRisk.AT_RISK,
            risk=PromiseRisk.LATE,
        ),
    )
    assert change.sentence.startswith(
        "Cambiar el orden de R-01 (1 parada): salva 1 promesa, deja tarde 1 promesa"
    )


async def test_whom_changes_harm_is_what_tracking_says_once_they_are_made(day: FarEnd) -> None:
    changes = (await day.within(2)).changes
    before = await day.risks()
    await day.make(tuple(move for change in changes for move in change.moves))
    after = await day.risks()
    worse = {stop: risk for stop, risk in after.items() if risk is PromiseRisk.LATE}
    assert harmed_by(changes) == worse
    assert {before[stop] for stop in worse} == {PromiseRisk.AT_RISK}
    safe = [stop for stop, risk in after.items() if risk is PromiseRisk.ON_TIME]
    assert len(safe) == sum(change.saves for change in changes)


async def test_whom_changes_harm_only_together_counts_for_each_that_touches_the_van(
    day: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if one late van were borne, and two were not."""
    real = Teller._harmed

    def harmed(teller: Teller, before: Sequences, after: Sequences) -> Iterator[HarmedStop]:
        if all(before[van] != after[van] for van in before):
            yield from real(teller, before, after)

    monkeypatch.setattr(Teller, "_harmed", harmed)
    assert [len((await day.within(most)).changes) for most in (0, 1, 2)] == [1, 1, 2]
    both = (await day.within(2)).changes
    assert [(change.code, [stop.code for stop in change.harmed]) for change in both] == [
        ("R-01", ["R-01"]),
        ("R-02", ["R-02"]),
    ]


async def test_what_the_limit_alone_leaves_out_is_told(day: FarEnd) -> None:
    held, free = await day.within(0), await day.within(20)
    assert sum(each.saves for each in free.changes) > sum(each.saves for each in held.changes)
    assert (held.is_harm_limited, free.is_harm_limited) == (True, False)
