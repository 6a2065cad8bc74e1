"""What if: fewer vans, another cut-off, a depot more. Cost and promises kept, side by side.

Every change is judged in the very scenarios of the case it changes (common random numbers), so
that what differs is the change and not the luck of the draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from promesa.kernel.errors import InvalidError
from promesa.kernel.seeds import stream
from promesa.planning.capacity.hires import Loan
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.plan import CapacityCase, plan_capacity
from promesa.planning.capacity.route_length import is_too_far
from promesa.planning.capacity.scenarios import Counts
from promesa.planning.capacity.sizing import FleetPlan
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.words import long_day_name, per_cent
from promesa.planning.capacity.zones import Zone
from promesa.routing.words import pesos

CHANGES_MAX = 20
HOURS = 24
# Which parcels change their day is drawn alike each time.
SEED = 1


class ChangeInvalidError(InvalidError):
    """A what-if cannot be tried on this case."""

    code: ClassVar[str] = "capacity_change_invalid"
    message: ClassVar[str] = "Ese cambio no se puede probar en este plan. Revísalo."


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A case beside the others.

    Attributes:
        vehicle_days: Ready over all depots and days.
        gap: Vehicles missing for the target, over all of them.
    """

    name: str
    plan: FleetPlan
    vehicle_days: int
    gap: int


def compare(
    case: CapacityCase, changes: Mapping[str, CapacityCase], target: float
) -> tuple[Compared, ...]:
    """The case as it is, and each changed one, in the same scenarios.

    Args:
        case: As it is.
        changes: By name, made of it by the functions below.
        target: Share of promises to keep.

    Raises:
        ChangeInvalidError: More than CHANGES_MAX at once.
    """
    if len(changes) > CHANGES_MAX:
        raise ChangeInvalidError(f"Se prueban hasta {CHANGES_MAX} cambios a la vez.")
    cases = {"Como está": case, **changes}
    return tuple(_compared(name, each, target) for name, each in cases.items())


def _compared(name: str, case: CapacityCase, target: float) -> Compared:
    plan = plan_capacity(case, target).plan
    return Compared(
        name=name,
        plan=plan,
        vehicle_days=sum(day.mix.vehicles for day in plan.days),
        gap=sum(day.gap for day in plan.days),
    )


def without_vehicles(case: CapacityCase, depot: str, count: int) -> CapacityCase:
    """So many own vehicles fewer at a depot.

    Raises:
        ChangeInvalidError: There is no such depot, or it has fewer.
    """
    fleet = next((each for each in case.fleets if each.depot == depot), None)
    if fleet is None:
        raise ChangeInvalidError(f"El CD {depot} no está en el plan.")
    if not 0 <= count <= fleet.own:
        raise ChangeInvalidError(f"El CD {depot} tiene {fleet.own} camionetas propias.")
    fewer = fleet.fewer(count)
    fleets = tuple(fewer if each.depot == depot else each for each in case.fleets)
    return replace(case, fleets=fleets)


def moved_share(orders_by_hour: Sequence[float], *, before: float, after: float) -> float:
    """Share of a day's orders that go a day later when the cut-off moves; negative: a day sooner.

    Args:
        orders_by_hour: How many come in each hour of the day, 24 numbers of any scale; within an
            hour they come evenly.
        before: Hour of the cut-off as it is; 14.5 is half past two.
        after: Hour it moves to.

    Raises:
        ChangeInvalidError: There are no 24 hours, or no orders in them.
    """
    if len(orders_by_hour) != HOURS or min(orders_by_hour) < 0 or not sum(orders_by_hour):
        raise ChangeInvalidError("El perfil de pedidos por hora debe traer 24 números.")
    if not (0 <= before <= HOURS and 0 <= after <= HOURS):
        raise ChangeInvalidError("La hora de corte va de 0 a 24.")
    first, last = sorted((before, after))
    between = sum(
        orders * max(0.0, min(hour + 1, last) - max(hour, first))
        for hour, orders in enumerate(orders_by_hour)
    )
    share = between / sum(orders_by_hour)
    return share if after < before else -share


def with_cut_off(case: CapacityCase, share: float, *, shift_lost_min: float = 0.0) -> CapacityCase:
    """Another cut-off: some of each day's parcels leave a day of deliveries later, or sooner.

    What comes from before the first day, or goes past the last, is taken to be like that day's.

    Args:
        case: As it is.
        share: Of the parcels, as `moved_share` gives it.
        shift_lost_min: Minutes the vans leave later, where they wait for the day's own orders.

    Raises:
        ChangeInvalidError: The share is none, or nothing is left of a shift.
    """
    if not -1 <= share <= 1:
        raise ChangeInvalidError("La parte de los pedidos que se mueve va de −1 a 1.")
    if any(depot.limits.shift_min <= shift_lost_min for depot in case.depots):
        raise ChangeInvalidError("Con esa hora de corte no queda jornada para repartir.")
    depots = tuple(
        replace(
            depot,
            limits=replace(depot.limits, shift_min=depot.limits.shift_min - shift_lost_min),
        )
        for depot in case.depots
    )
    parcels = _moved(case.scenarios.parcels, share)
    return replace(case, depots=depots, scenarios=replace(case.scenarios, parcels=parcels))


def _moved(parcels: Counts, share: float) -> Counts:
    """Parcels that change their day, over the days on which anything is delivered at all."""
    open_days = np.flatnonzero(parcels.sum(axis=(0, 2)))
    there = parcels[:, open_days]
    going = _drawn(there, abs(share))
    if share >= 0:
        coming = np.concatenate([going[:, :1], going[:, :-1]], axis=1)
    else:
        coming = np.concatenate([going[:, 1:], going[:, -1:]], axis=1)
    moved = parcels.copy()
    moved[:, open_days] = there - going + coming
    return moved


def _drawn(there: Counts, share: float) -> Counts:
    """Whole parcels that change their day: the share of each day's over all scenarios together.

    Rounded cell by cell, a comuna of two parcels a day would never give any. So a day's cells are
    laid end to end, those of a scenario in drawn order, and every time another whole parcel is
    reached one of that cell goes.
    """
    draws = np.random.default_rng(stream(SEED, "cut-off").getrandbits(64))
    order = draws.permuted(np.broadcast_to(np.arange(there.shape[2]), there.shape), axis=2)
    line = np.take_along_axis(there, order, axis=2).transpose(1, 0, 2)
    reached = share * line.reshape(len(line), -1).cumsum(axis=1) + draws.random((len(line), 1))
    whole = np.diff(np.floor(reached), axis=1, prepend=0).astype(np.int64).reshape(line.shape)
    going = np.empty_like(there)
    np.put_along_axis(going, order, whole.transpose(1, 0, 2), axis=2)
    return np.minimum(going, there)


def with_depot(
    case: CapacityCase, depot: DepotWork, fleet: DepotFleet, hauls: Mapping[str, float]
) -> CapacityCase:
    """A depot more: it takes the zones that are nearer to it by road.

    Args:
        case: As it is.
        depot: What a vehicle and a stop are there; its own zones are those it takes.
        fleet: What it can put on the road.
        hauls: Road minutes from it, one way, by zone.

    Raises:
        ChangeInvalidError: There is one of that id, or no zone is nearer to it.
    """
    if any(each.id == depot.id for each in case.depots):
        raise ChangeInvalidError(f"Ya hay un CD {depot.id}.")
    taken = [
        replace(zone, depot=depot.id, haul_min=hauls[zone.name])
        for each in case.depots
        for zone in each.zones
        if hauls.get(zone.name, np.inf) < zone.haul_min
    ]
    near = [zone for zone in taken if not is_too_far(zone, depot.limits)]
    if not near:
        raise ChangeInvalidError(f"Ninguna zona queda más cerca de {depot.name}.")
    gone = {zone.name for zone in near}
    kept = [_without(each, gone) for each in case.depots]
    pairs = [(each, own) for each, own in zip(kept, case.fleets, strict=True) if each.zones]
    return replace(
        case,
        depots=(*(each for each, _ in pairs), replace(depot, zones=tuple(near))),
        fleets=(*(own for _, own in pairs), fleet),
        loans=_loans_left(case, gone, [each for each, _ in pairs]),
    )


def _without(depot: DepotWork, gone: set[str]) -> DepotWork:
    left: tuple[Zone, ...] = tuple(zone for zone in depot.zones if zone.name not in gone)
    return replace(depot, zones=left)


def _loans_left(
    case: CapacityCase, gone: set[str], depots: Sequence[DepotWork]
) -> tuple[Loan, ...]:
    ids = {depot.id for depot in depots}
    return tuple(
        loan for loan in case.loans if loan.zone not in gone and {loan.home, loan.other} <= ids
    )


def compared_sentences(compared: Sequence[Compared]) -> tuple[str, ...]:
    """One sentence each, those after the first with what they change."""
    return tuple(_sentence(each, compared[0]) for each in compared)


def _sentence(each: Compared, base: Compared) -> str:
    told = (
        f"{each.name}: {pesos(round(each.plan.cost_clp))} y se cumple {per_cent(each.plan.kept, 1)}"
    )
    if each is not base:
        cost = round(each.plan.cost_clp - base.plan.cost_clp)
        told += f" ({difference_words(cost, kept=each.plan.kept - base.plan.kept)})"
    worst = each.plan.worst
    if worst is None:
        return f"{told}."
    day = f"{long_day_name(worst.date)}, {per_cent(worst.kept, 1)}"
    return f"{told}. Peor día: {day}; {_missing(each.gap)}."


def difference_words(cost_clp: int, *, kept: float) -> str:
    """As ``$120.000 más, −2,5 puntos``: what a change costs more and keeps more or less."""
    more = f"{pesos(cost_clp)} más" if cost_clp >= 0 else f"{pesos(-cost_clp)} menos"
    sign = "+" if kept >= 0 else "−"
    points = f"{abs(kept * 100):.1f}".replace(".", ",")
    return f"{more}, {sign}{points} puntos"


def _missing(gap: int) -> str:
    if not gap:
        return "no falta ninguna camioneta"
    return f"{'falta' if gap == 1 else 'faltan'} {gap} camionetas-día"
