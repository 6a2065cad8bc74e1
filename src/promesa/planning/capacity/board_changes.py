"""What if, asked of the board: fewer vans, another cut-off, a depot more, in its scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from promesa.planning.capacity.board import DepotBoard, whole_plan
from promesa.planning.capacity.new_depot import NewDepot, with_new_depot
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.what_if import (
    ChangeInvalidError,
    Compared,
    moved_share,
    with_cut_off,
    without_vehicles,
)
from promesa.planning.capacity.words import vans

AS_IT_IS = "Como está"
_ANY_DEPOT = "todos los CD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a planner asks.

    Attributes:
        vehicles_less: Own vehicles fewer, of each depot meant.
        cut_off: Hour it moves to, from 0 to 24; None to leave it.
        depot: Code of the one meant; None for all.
        new_depot: One more; None for none.
    """

    vehicles_less: int = 0
    cut_off: int | None = None
    depot: str | None = None
    new_depot: NewDepot | None = None

    def named(self, names: Mapping[str, str]) -> str:
        """As ``Sin 5 camionetas en CD Quilicura, corte a las 16:00``.

        Args:
            names: Of depots, by code.
        """
        parts = []
        if self.vehicles_less:
            where = names.get(self.depot, self.depot) if self.depot else _ANY_DEPOT
            parts.append(f"sin {vans(self.vehicles_less)} en {where}")
        if self.cut_off is not None:
            parts.append(f"corte a las {self.cut_off:02d}:00")
        if self.new_depot is not None:
            parts.insert(0, self.new_depot.named(names))
        told = ", ".join(parts)
        return told[:1].upper() + told[1:]


def changed_case(
    case: CapacityCase,
    change: Change,
    hours: Sequence[float],
    cut_off: time,
    hauls: Mapping[str, float] | None = None,
) -> CapacityCase:
    """The case as it would be.

    Args:
        case: As it is.
        change: At least one thing of it.
        hours: Share of a day's orders by hour; () where none is known.
        cut_off: As it is.
        hauls: From a new depot to each zone.

    Raises:
        ChangeInvalidError: Nothing changes, or it cannot be tried here.
    """
    is_moved = change.vehicles_less or change.new_depot is not None
    if not is_moved and change.cut_off is None:
        raise ChangeInvalidError("Di cuántas camionetas menos, otra hora de corte o un CD más.")
    changed = case
    if change.vehicles_less:
        depots = [change.depot] if change.depot else [fleet.depot for fleet in case.fleets]
        for depot in depots:
            changed = without_vehicles(changed, depot, change.vehicles_less)
    if change.new_depot is not None:
        changed = with_new_depot(changed, change.new_depot, hauls or {})
    if change.cut_off is None:
        return changed
    if not hours:
        raise ChangeInvalidError(
            "No sabemos a qué hora llegan los pedidos: importa historia con hora, o espera a "
            "tener pedidos propios."
        )
    share = moved_share(hours, before=cut_off.hour + cut_off.minute / 60, after=change.cut_off)
    if not share and not is_moved:
        raise ChangeInvalidError(
            f"Entre las {cut_off:%H:%M} y las {change.cut_off:02d}:00 no llegan pedidos: "
            "nada cambia."
        )
    return with_cut_off(changed, share)


def compared_board(name: str, boards: Sequence[DepotBoard]) -> Compared:
    """A board as one line beside others."""
    plan = whole_plan(boards)
    return Compared(
        name=name,
        plan=plan,
        vehicle_days=sum(day.mix.vehicles for day in plan.days),
        gap=sum(day.gap for day in plan.days),
    )
