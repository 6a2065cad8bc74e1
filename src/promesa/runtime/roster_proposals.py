"""Rosters proposed for each operator, one search at a time: who asks meanwhile waits for it.

A search takes a core for seconds, and checkouts are quoted beside it. Two who ask of the same
board get one answer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from promesa.planning.capacity.proposed_days import DepotProposal, MadeDays, fit_proposed
from promesa.planning.capacity.roster_board import RosterBoard
from promesa.planning.capacity.roster_proposal import propose
from promesa.planning.capacity.roster_spare import Spare


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProposedRoster:
    """What would be changed of a board, and the days as they would be then."""

    board: RosterBoard
    spare: Spare
    found: tuple[DepotProposal, ...]
    made: MadeDays


@dataclass(slots=True)
class _Desk:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last: ProposedRoster | None = None


@dataclass(slots=True)
class RosterProposals:
    """Those of every operator; the last one of each is kept."""

    _desks: dict[UUID, _Desk] = field(default_factory=dict)

    async def of(
        self, tenant_id: UUID, board: RosterBoard, spare: Spare = Spare.KEPT
    ) -> ProposedRoster:
        """What is proposed for the board, as searched or searched before.

        Args:
            tenant_id: Whose board it is.
            board: As it is kept.
            spare: What becomes of days that nothing needs.
        """
        desk = self._desks.setdefault(tenant_id, _Desk())
        async with desk.lock:
            last = desk.last
            if last is None or last.spare is not spare or last.board.inputs != board.inputs:
                last = await asyncio.to_thread(_proposed, board, spare)
                desk.last = last
            return last


def _proposed(board: RosterBoard, spare: Spare) -> ProposedRoster:
    found = propose(board, spare)
    made = fit_proposed(board.inputs, found)
    return ProposedRoster(board=board, spare=spare, found=found, made=made)
