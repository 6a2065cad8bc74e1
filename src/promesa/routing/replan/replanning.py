"""Plans the rest of a day anew, calmly: insertion first, then repair within the limits.

Nothing frozen moves; a limit of changes is never passed; what is published stays where changing
it does not pay. The full search, which needs the compiled engine, is in ``searching``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promesa.routing.plan import Sequences
from promesa.routing.replan.changes import Change, ChangeList
from promesa.routing.replan.difference import moved_stops
from promesa.routing.replan.inserting import insert_loose
from promesa.routing.replan.ledger import Ledger, left_out
from promesa.routing.replan.params import CALM, COUNT_MAX, ReplanParams
from promesa.routing.replan.repairing import late_vehicles, repair
from promesa.routing.replan.rest import Rest
from promesa.routing.watching import Watch, unwatched


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replanned:
    """A day as it could be; nothing is decided yet.

    Attributes:
        rest: As it was asked, but that stops served late are bound to no window any more.
        listed: The changes, with what accepting some of them comes to.
        sequences: With every change made.
        moved: Stops that change van or order.
        touched: Stops whose told window held and no longer does.
        left: Stops that nobody visits.
        cost_clp: What driving the rest of the day costs then.
        is_held_back: Whether changes that gain were left out for the windows that they touch.
    """

    rest: Rest
    listed: ChangeList
    sequences: Sequences
    moved: frozenset[int]
    touched: frozenset[int]
    left: tuple[int, ...]
    cost_clp: int
    is_held_back: bool = False

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes, each with its gain."""
        return self.listed.changes


def replan(
    rest: Rest,
    params: ReplanParams = CALM,
    *,
    among: Iterable[int] | None = None,
    watch: Watch = unwatched,
) -> Replanned:
    """What to change in the rest of a day.

    Args:
        rest: The day.
        params: Prices and limits of change.
        among: Vehicles whose stops may move; None for those that took something or are late.
        watch: Told how far it is; stopped, it answers with what it has.
    """
    inserted = insert_loose(rest, params)
    ledger = Ledger(inserted.rest, params)
    if among is None:
        among = late_vehicles(ledger) | {
            vehicle
            for vehicle, stops in inserted.sequences.items()
            if stops != rest.routes[vehicle].stops
        }
    able = [vehicle for vehicle in among if vehicle not in rest.gone]
    return settle(ledger, repair(ledger, inserted.sequences, able, watch))


def settle(ledger: Ledger, wanted: Sequences) -> Replanned:
    """The changes that lead to the sequences wanted, those only that the limits allow."""
    most = ledger.params.most
    listed = ChangeList(ledger, wanted)
    every = frozenset(change.number for change in listed.changes)
    chosen = listed.within(most.stops_max, most.windows_max)
    is_held_back = False
    if chosen != every:
        is_held_back = not listed.within(most.stops_max, COUNT_MAX) <= chosen
        listed = ChangeList(ledger, listed.apply(chosen))
    sequences = listed.apply({change.number for change in listed.changes})
    return Replanned(
        rest=ledger.rest,
        listed=listed,
        sequences=sequences,
        moved=moved_stops(ledger.rest, sequences),
        touched=listed.touched_windows(sequences),
        left=left_out(ledger.rest, sequences),
        cost_clp=ledger.cost_clp(sequences),
        is_held_back=is_held_back,
    )
