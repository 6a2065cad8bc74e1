"""What if, asked of the board: fewer vans, vans elsewhere, another cut-off, a depot more.

In the board's own scenarios. What is on the road today is left as it is: days are compared from
tomorrow on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from promesa.planning.capacity.board import DepotBoard, whole_plan
from promesa.planning.capacity.moved_vans import MovedVans, with_moved
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
from promesa.planning.forecast.hours import DAYS_MIN
from promesa.routing.words import pesos

AS_IT_IS = "Como está"
HOURS_ASSUMED = (
    f"Supone las horas usuales de una tienda: todavía no hay {DAYS_MIN} días de pedidos con hora."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a planner asks.

    Attributes:
        vehicles_less: Own vehicles fewer, of each depot meant.
        cut_off: Hour it moves to, from 0 to 24; None to leave it.
        depot: Code of the one that has fewer; None for all.
        new_depot: One more; None for none.
        moved: Vans of one depot that drive from another; None for none.
    """

    vehicles_less: int = 0
    cut_off: int | None = None
    depot: str | None = None
    new_depot: NewDepot | None = None
    moved: MovedVans | None = None

    @property
    def is_of_vans(self) -> bool:
        """Whether vans or depots change, besides hours."""
        return bool(self.vehicles_less or self.new_depot or self.moved)

    def named(self, names: Mapping[str, str], own: Mapping[str, int] | None = None) -> str:
        """As ``Sin 5 camionetas en CD Quilicura, corte a las 16:00``.

        Args:
            names: Of depots, by code.
            own: Vehicles of each, by code: one that has fewer than are taken gives what it has.
        """
        parts = []
        if self.new_depot is not None:
            parts.append(self.new_depot.named(names))
        if self.moved is not None:
            parts.append(self.moved.named(names))
        if self.vehicles_less:
            parts.append(f"sin {vans(self.vehicles_less)} en {self._where(names, own or {})}")
        if self.cut_off is not None:
            parts.append(f"corte a las {self.cut_off:02d}:00")
        told = ", ".join(parts)
        return told[:1].upper() + told[1:]

    def taken_of(self, own: int) -> int:
        """Vehicles that a depot of so many gives, where each one does."""
        return min(self.vehicles_less, own)

    def _where(self, names: Mapping[str, str], own: Mapping[str, int]) -> str:
        """As ``CD Quilicura``, or ``cada CD (10 en total)``."""
        if self.depot or len(names) == 1:
            return names.get(self.depot or next(iter(names)), self.depot or "")
        whole = sum(self.taken_of(own.get(code, self.vehicles_less)) for code in names)
        return f"cada CD ({whole} en total)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known beside a case.

    Attributes:
        hauls: Road minutes from a new depot to each zone.
        nearest: From the nearest depot there is.
        boards: As planned now: vans that stay at home are moved before those that drive.
    """

    hauls: Mapping[str, float] = field(default_factory=dict)
    nearest: Mapping[str, float] = field(default_factory=dict)
    boards: tuple[DepotBoard, ...] = ()


NOTHING_KNOWN = Known()


def changed_case(
    case: CapacityCase,
    change: Change,
    hours: Sequence[float],
    cut_off: time,
    known: Known = NOTHING_KNOWN,
) -> CapacityCase:
    """The case as it would be.

    Args:
        case: As it is.
        change: At least one thing of it.
        hours: Share of a day's orders by hour.
        cut_off: As it is.
        known: Beside it.

    Raises:
        ChangeInvalidError: Nothing changes, or it cannot be tried here.
    """
    if not change.is_of_vans and change.cut_off is None:
        raise ChangeInvalidError(
            "Di cuántas camionetas menos o cuáles mover, otra hora de corte o un CD más."
        )
    changed = case
    if change.moved is not None:
        changed = with_moved(changed, change.moved, driving_of(known.boards, change.moved.home))
    if change.vehicles_less:
        is_each = change.depot is None and len(case.fleets) > 1
        for fleet in case.fleets if is_each else ():
            changed = without_vehicles(changed, fleet.depot, change.taken_of(fleet.own))
        if not is_each:
            depot = change.depot or case.fleets[0].depot
            changed = without_vehicles(changed, depot, change.vehicles_less)
    if change.new_depot is not None:
        changed = with_new_depot(changed, change.new_depot, known.hauls, known.nearest)
    if change.cut_off is None:
        return changed
    share = _moved_by(change.cut_off, cut_off, hours)
    if not share and not change.is_of_vans:
        raise ChangeInvalidError(_unmoved_words(change.cut_off, cut_off))
    return with_cut_off(changed, share)


def driving_of(boards: Sequence[DepotBoard], depot: str) -> list[int] | None:
    """Own vans that a depot's plan puts on, by day; None without a plan of it."""
    plans = (board.plan for board in boards if board.depot == depot)
    return next(([day.mix.own for day in plan.days] for plan in plans), None)


def _moved_by(after: int, before: time, hours: Sequence[float]) -> float:
    return moved_share(hours, before=before.hour + before.minute / 60, after=after)


def _unmoved_words(after: int, before: time) -> str:
    if before == time(after % 24):
        return f"El corte ya es a las {after:02d}:00: elige otra hora."
    first, last = sorted((f"{before:%H:%M}", f"{after:02d}:00"))
    return f"En tu historia no llegan pedidos entre las {first} y las {last}: nada cambia."


def spared_words(
    case: CapacityCase,
    before: Sequence[DepotBoard],
    after: Sequence[DepotBoard],
    *,
    since: date = date.min,
) -> str:
    """What fewer vans spare of shifts that stay at home, as a note; empty where nothing is.

    Such a saving is of a smaller fleet alone: who drives a van that broke down is paid all the
    same.

    Args:
        case: As it is.
        before: As planned now.
        after: With fewer vans.
        since: The first day that counts.
    """
    spared = round(_staying_clp(case, before, since) - _staying_clp(case, after, since))
    if spared <= 0:
        return ""
    return (
        f"Deja de pagar {pesos(spared)} de turnos que no salen. Si las camionetas están en panne y "
        "no se van, sus conductores se pagan igual."
    )


def _staying_clp(case: CapacityCase, boards: Sequence[DepotBoard], since: date) -> int:
    costs = {fleet.depot: fleet.own_day_cost_clp for fleet in case.fleets}
    return sum(
        (day.own_paid - day.mix.own) * costs.get(day.depot, 0)
        for board in boards
        for day in board.plan.days
        if day.date >= since
    )


def compared_board(
    name: str,
    boards: Sequence[DepotBoard],
    *,
    since: date = date.min,
    broken_clp: int | None = None,
) -> Compared:
    """A board as one line beside others, of its days from ``since`` on.

    Args:
        name: Of the line.
        boards: Of all depots.
        since: The first day that counts.
        broken_clp: What a promise that is not kept costs; None where nobody said.
    """
    plan = whole_plan(boards)
    days = tuple(day for day in plan.days if day.date >= since)
    return Compared(
        name=name,
        plan=replace(plan, days=days),
        vehicle_days=sum(day.mix.vehicles for day in days),
        gap=sum(day.gap for day in days),
        broken_clp=broken_clp,
    )
