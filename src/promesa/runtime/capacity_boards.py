"""Capacity boards of every operator, kept in memory while what they rest on stands.

Streets are measured once for a set of comunas and depots, routes that were driven read once a day,
scenarios drawn once a set of corrections, vans and terms, and each depot sized once a target and
set of shifts: moving the slider back answers at once, and a cell of a roster plans its depot alone.
All of it runs in a thread.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from promesa.domain.fleet import Depot
from promesa.kernel.geo import Position
from promesa.planning.capacity.board import DepotBoard, case_of, make_board
from promesa.planning.capacity.board_case import (
    SEED,
    BoardCase,
    BoardInputs,
    make_board_case,
    measure_comunas,
    settled,
    with_shifts,
)
from promesa.planning.capacity.driven import DrivenRoute
from promesa.planning.capacity.new_depot import hauls_from
from promesa.planning.capacity.next_door import NOBODY, NextDoor, next_door
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.streets import MeasuredZones
from promesa.roads.city import City

MEASURED_MAX, CASES_MAX, BOARDS_MAX, HAULS_MAX = 2, 4, 64, 16
# As many as stand side by side on the screen.
CHANGED_MAX = 8

# A changed case, and the boards of its depots.
ChangedBoards = tuple[CapacityCase, tuple[DepotBoard, ...]]

Kept = TypeVar("Kept")


@dataclass(slots=True)
class _Recent(Generic[Kept]):
    """The last few values by what they were made from."""

    most: int
    kept: OrderedDict[Hashable, Kept] = field(default_factory=OrderedDict)

    def of(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        if key not in self.kept:
            self.kept[key] = make()
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)
        self.kept.move_to_end(key)
        return self.kept[key]


@dataclass(slots=True)
class _Desk:
    """What is kept for one operator; one thing at a time is made for it, streets aside."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    streets: asyncio.Lock = field(default_factory=asyncio.Lock)
    measured: _Recent[MeasuredZones] = field(default_factory=lambda: _Recent(MEASURED_MAX))
    cases: _Recent[BoardCase] = field(default_factory=lambda: _Recent(CASES_MAX))
    # Before the shifts to come.
    settled: _Recent[BoardCase] = field(default_factory=lambda: _Recent(CASES_MAX))
    boards: _Recent[DepotBoard] = field(default_factory=lambda: _Recent(BOARDS_MAX))
    next_door: _Recent[NextDoor] = field(default_factory=lambda: _Recent(BOARDS_MAX))
    hauls: _Recent[Mapping[str, float]] = field(default_factory=lambda: _Recent(HAULS_MAX))
    changed: _Recent[ChangedBoards] = field(default_factory=lambda: _Recent(CHANGED_MAX))
    driven: tuple[date, tuple[DrivenRoute, ...]] | None = None


@dataclass(slots=True)
class CapacityBoards:
    """Those of every operator."""

    _desks: dict[UUID, _Desk] = field(default_factory=dict)

    async def driven(
        self,
        tenant_id: UUID,
        day: date,
        read: Callable[[], Awaitable[tuple[DrivenRoute, ...]]],
    ) -> tuple[DrivenRoute, ...]:
        """The routes driven before a day, read once on it: what was driven yesterday is over."""
        desk = self._desks.setdefault(tenant_id, _Desk())
        if desk.driven is None or desk.driven[0] != day:
            desk.driven = day, await read()
        return desk.driven[1]

    async def measured(
        self, tenant_id: UUID, comunas: Sequence[str], depots: Sequence[Depot], city: City
    ) -> MeasuredZones:
        """Comunas on the streets, as measured or measured before: a second.

        Nobody who quotes waits for a plan of somebody else.
        """
        desk = self._desks.setdefault(tenant_id, _Desk())
        key = (tuple(comunas), *((each.code, each.position) for each in depots))
        async with desk.streets:
            if key in desk.measured.kept:
                return desk.measured.kept[key]
            return await asyncio.to_thread(
                desk.measured.of, key, lambda: measure_comunas(comunas, depots, city)
            )

    async def case(self, tenant_id: UUID, inputs: BoardInputs, city: City) -> BoardCase:
        """What the board is made from, as made or made before."""
        desk = self._desks.setdefault(tenant_id, _Desk())
        measured = await self.measured(tenant_id, inputs.comunas, inputs.depots, city)
        async with desk.lock:
            return await asyncio.to_thread(_case, desk, inputs, measured)

    async def hauls(
        self, tenant_id: UUID, inputs: BoardInputs, made: BoardCase, city: City, at: Position
    ) -> Mapping[str, float]:
        """Road minutes from a place to each zone, measured once a board."""
        case = made.case
        if case is None:
            return {}
        desk = self._desks.setdefault(tenant_id, _Desk())
        key = (_case_key(inputs), at)
        async with desk.lock:
            return await asyncio.to_thread(
                desk.hauls.of, key, lambda: hauls_from(city, case, at, SEED)
            )

    async def boards(
        self, tenant_id: UUID, inputs: BoardInputs, made: BoardCase, targets: Mapping[str, float]
    ) -> tuple[DepotBoard, ...]:
        """Every depot at its target; none where nothing can be served."""
        case = made.case
        if case is None:
            return ()
        desk = self._desks.setdefault(tenant_id, _Desk())
        async with desk.lock:
            return await asyncio.to_thread(_boards, desk, inputs, case, targets)

    async def next_door(
        self,
        tenant_id: UUID,
        inputs: BoardInputs,
        made: BoardCase,
        targets: Mapping[str, float],
        boards: tuple[DepotBoard, ...],
    ) -> NextDoor:
        """What vans of one depot would bring another, from the second day of the boards on."""
        case = made.case
        if case is None:
            return NOBODY
        desk = self._desks.setdefault(tenant_id, _Desk())
        key = (_case_key(inputs), tuple(sorted(targets.items())))
        since = inputs.first_day + timedelta(days=1)
        async with desk.lock:
            return await asyncio.to_thread(
                desk.next_door.of, key, lambda: next_door(case, boards, targets, since=since)
            )

    async def changed(
        self,
        tenant_id: UUID,
        inputs: BoardInputs,
        what: Hashable,
        make: Callable[[], ChangedBoards],
    ) -> ChangedBoards:
        """What a change makes of a board, reckoned once: what was compared also leaves as a file.

        Args:
            tenant_id: Whose board it is.
            inputs: What it was made from.
            what: The change, at which targets.
            make: Reckons it, in a thread.
        """
        desk = self._desks.setdefault(tenant_id, _Desk())
        key = (_case_key(inputs), what)
        async with desk.lock:
            return await asyncio.to_thread(desk.changed.of, key, make)


def _case(desk: _Desk, inputs: BoardInputs, measured: MeasuredZones) -> BoardCase:
    def make() -> BoardCase:
        before = settled(inputs)
        made = desk.settled.of(_case_key(before), lambda: make_board_case(before, measured))
        return with_shifts(made, inputs) or make_board_case(inputs, measured)

    return desk.cases.of(_case_key(inputs), make)


def _boards(
    desk: _Desk, inputs: BoardInputs, case: CapacityCase, targets: Mapping[str, float]
) -> tuple[DepotBoard, ...]:
    """Of each depot, as planned before where nothing of its own is another."""
    demand = _case_key(settled(inputs))

    def board(fleet: DepotFleet) -> DepotBoard:
        target = targets[fleet.depot]
        own = case_of(case, fleet.depot)
        return desk.boards.of(
            (demand, own.depots, fleet, target), lambda: make_board(own, {fleet.depot: target})[0]
        )

    return tuple(map(board, case.fleets))


def _case_key(inputs: BoardInputs) -> Hashable:
    return (
        inputs.outlook_id,
        inputs.overrides,
        inputs.depots,
        inputs.fleet,
        inputs.terms,
        inputs.first_day,
        inputs.rule,
        # Read once a day: with them or without.
        len(inputs.driven),
    )
