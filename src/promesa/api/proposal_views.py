"""How a proposal looks from the torre: each van, each stop with its new hour, and what is left."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from uuid import UUID

from promesa.api.decoding import View
from promesa.api.moves import MoveBody, show_move
from promesa.api.order_views import WindowView, people_shown, window_view
from promesa.dispatch.failures import next_open_day
from promesa.dispatch.proposals import LaterStop, LeftStop, Proposal, ProposedMove
from promesa.dispatch.situation import Situation
from promesa.domain.person import Person
from promesa.kernel.serviceday import ServiceDay
from promesa.runtime.platform import Caller, Platform


class ProposedMoveView(View):
    """A stop that another van could take; it arrives nine times in ten by `latest`.

    Right after `after_stop_id`, or first when that is null; `after_reload` as in the moves.
    """

    stop_id: UUID
    order_id: UUID
    reference: str
    address: str | None
    to_route_id: UUID
    to_code: str
    arrival: datetime
    latest: datetime
    window: WindowView | None
    risk: str
    is_kept: bool
    after_stop_id: UUID | None
    after_reload: bool


class LaterView(View):
    """A stop of a taking van that is visited later for it."""

    stop_id: UUID
    order_id: UUID
    reference: str
    address: str | None
    route_id: UUID
    code: str
    was: datetime
    arrival: datetime
    latest: datetime
    window: WindowView | None
    risk_was: str
    risk: str


class TakingVanView(View):
    """A van of the proposal. A spare one waits at its depot and gets a route for this.

    `overtime_s` is how long after its shift it is back: it is late already, and gets no later.
    """

    route_id: UUID
    code: str
    plate: str
    is_spare: bool
    position: tuple[float, float]
    stops: int
    leaves_at: datetime
    meets_at: datetime | None
    back_at: datetime
    shift_end: datetime
    overtime_s: int
    cost_clp: int


class LeftView(View):
    """A stop no other van can take, and why."""

    stop_id: UUID
    order_id: UUID
    reference: str
    address: str | None
    comuna: str | None
    parcels: int
    window: WindowView | None
    sentence: str


class ProposalView(View):
    """What could be done; nothing is decided yet. `next_day` is the next one with delivery.

    `undo` takes the moves back: each stop to where its van would have visited it.
    """

    route_id: UUID
    sentence: str
    saves: int
    cost_clp: int
    next_day: dt.date
    moves: list[ProposedMoveView]
    undo: list[MoveBody]
    vans: list[TakingVanView]
    later: list[LaterView]
    left: list[LeftView]


async def view_proposal(
    platform: Platform, caller: Caller, situation: Situation, found: Proposal
) -> ProposalView:
    """The proposal with references, doors and windows."""
    named = {move.order_id for move in found.moves}
    named |= {later.order_id for later in found.later} | {left.order_id for left in found.left}
    recipients = {situation.orders[order_id].recipient_id for order_id in named}
    async with platform.transaction(caller.tenant_id) as tx:
        people = await people_shown(tx, caller, sorted(recipients))
    names = Names(situation, people)
    today = ServiceDay.of(platform.clock.now()).date
    return ProposalView(
        route_id=found.route_id,
        sentence=found.sentence,
        saves=found.saves,
        cost_clp=sum(van.cost_clp for van in found.vans),
        next_day=next_open_day(situation.day.date, today),
        moves=[names.move(move) for move in found.moves],
        undo=[show_move(move) for move in found.undo],
        vans=[
            TakingVanView(
                route_id=van.route_id,
                code=van.code,
                plate=van.plate,
                is_spare=van.is_spare,
                position=(van.place.lon, van.place.lat),
                stops=van.stops,
                leaves_at=van.leaves_at,
                meets_at=van.meets_at,
                back_at=van.back_at,
                shift_end=van.shift_end,
                overtime_s=van.overtime_s,
                cost_clp=van.cost_clp,
            )
            for van in found.vans
        ],
        later=[names.later(later) for later in found.later],
        left=[names.left(left) for left in found.left],
    )


class Names:
    """What a person calls an order."""

    def __init__(self, situation: Situation, people: dict[UUID, Person]) -> None:
        self._situation = situation
        self._people = people

    def move(self, move: ProposedMove) -> ProposedMoveView:
        """A stop that another van could take."""
        return ProposedMoveView(
            stop_id=move.stop_id,
            order_id=move.order_id,
            reference=self.reference(move.order_id),
            address=self.address(move.order_id),
            to_route_id=move.to_route_id,
            to_code=move.to_code,
            arrival=move.arrival,
            latest=move.latest,
            window=self.window(move.order_id),
            risk=move.risk.value,
            is_kept=move.is_kept,
            after_stop_id=move.after_stop_id,
            after_reload=move.after_reload,
        )

    def later(self, later: LaterStop) -> LaterView:
        """A stop that is visited later for it."""
        return LaterView(
            stop_id=later.stop_id,
            order_id=later.order_id,
            reference=self.reference(later.order_id),
            address=self.address(later.order_id),
            route_id=later.route_id,
            code=later.code,
            was=later.was,
            arrival=later.arrival,
            latest=later.latest,
            window=self.window(later.order_id),
            risk_was=later.risk_was.value,
            risk=later.risk.value,
        )

    def left(self, left: LeftStop) -> LeftView:
        """A stop that nobody takes."""
        order = self._situation.orders[left.order_id]
        return LeftView(
            stop_id=left.stop_id,
            order_id=left.order_id,
            reference=order.reference,
            address=self.address(left.order_id),
            comuna=order.comuna,
            parcels=len(order.parcels),
            window=self.window(left.order_id),
            sentence=left.sentence,
        )

    def reference(self, order_id: UUID) -> str:
        """The merchant's word for it."""
        return self._situation.orders[order_id].reference

    def address(self, order_id: UUID) -> str | None:
        """The door, for who may see it."""
        person = self._people.get(self._situation.orders[order_id].recipient_id)
        return person.address_line if person else None

    def window(self, order_id: UUID) -> WindowView | None:
        """The promise that counts."""
        window = self._situation.promised.get(order_id)
        return window_view(window) if window else None
