"""What if a depot more: where it would stand, with whose vans, and which comunas it would take.

Its vans are like those of the depot they come from, else like those of the largest. What the place
itself costs is not known here, and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from promesa.kernel.geo import Position
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.streets import NamedDepot, measure_zones
from promesa.planning.capacity.what_if import ChangeInvalidError, with_depot, without_vehicles
from promesa.planning.capacity.words import vans
from promesa.planning.capacity.zones import Zone
from promesa.planning.demand.series import SEPARATOR
from promesa.roads.city import City

NEW_DEPOT = "CD nuevo"
# A comuna changes its depot for so much of a way. Less is within what the few doors that are timed
# of a comuna can say, and its parcels would move for nothing.
NEARER_MIN = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDepot:
    """A depot that is thought of.

    Attributes:
        label: What people call the place.
        vehicles: Of its own.
        moved_from: Code of the depot they come from; None for vehicles more.
    """

    position: Position
    label: str
    vehicles: int
    moved_from: str | None = None

    def named(self, names: Mapping[str, str]) -> str:
        """As ``CD nuevo en Maipú con 8 camionetas de CD Quilicura``; ``names`` are by code."""
        whose = "nueva" if self.vehicles == 1 else "nuevas"
        if self.moved_from:
            whose = f"de {names.get(self.moved_from, self.moved_from)}"
        return f"{NEW_DEPOT} en {self.label} con {vans(self.vehicles)} {whose}"


def hauls_from(city: City, case: CapacityCase, position: Position, seed: int) -> dict[str, float]:
    """Road minutes one way from a place to each zone of the case that has a way, by zone."""
    comuna_of = {zone.name: _comuna(zone.name) for each in case.depots for zone in each.zones}
    place = NamedDepot(id=NEW_DEPOT, position=position)
    measured = measure_zones(city, sorted(set(comuna_of.values())), [place], {}, seed)
    return {
        zone: measured.hauls[comuna, NEW_DEPOT]
        for zone, comuna in comuna_of.items()
        if (comuna, NEW_DEPOT) in measured.hauls
    }


def with_new_depot(
    case: CapacityCase,
    new: NewDepot,
    hauls: Mapping[str, float],
    nearest: Mapping[str, float] | None = None,
) -> CapacityCase:
    """The case with it; zones that are nearer to it by road, by NEARER_MIN at least, are its own.

    Args:
        case: As it is.
        new: With at least one vehicle.
        hauls: As `hauls_from` finds them.
        nearest: From whichever depot there is that is nearest to a zone: a comuna that two share is
            not the new one's for being far from the wrong one of them. As it is served without.

    Raises:
        ChangeInvalidError: No way leads there, nothing is nearer to it, or the vans are not there.
    """
    if not hauls:
        raise ChangeInvalidError("No hay calles hasta ese lugar en este mapa: elige otro.")
    near = {
        zone.name: hauls[zone.name]
        for each in case.depots
        for zone in each.zones
        if hauls.get(zone.name, inf) + NEARER_MIN <= _nearest_min(zone, nearest)
    }
    changed = case
    if new.moved_from is not None:
        changed = without_vehicles(case, new.moved_from, new.vehicles)
    place = _place_of(case, new.moved_from)
    like, before = case.depots[place], case.fleets[place]
    fleet = DepotFleet(
        depot=NEW_DEPOT,
        own=new.vehicles,
        own_day_cost_clp=before.own_day_cost_clp,
        own_by_day=_moved(before.own_by_day, new),
        rostered_by_day=_moved(before.rostered_by_day, new),
    )
    return with_depot(changed, replace(like, id=NEW_DEPOT, name=NEW_DEPOT), fleet, near)


def untaken_words(
    comuna: str, case: CapacityCase, hauls: Mapping[str, float], nearest: Mapping[str, float]
) -> str | None:
    """Why the comuna in which it stands is not its own; None where it is, or has no orders."""
    ways = [
        (hauls[zone.name], _nearest_min(zone, nearest))
        for each in case.depots
        for zone in each.zones
        if _comuna(zone.name) == comuna and each.id != NEW_DEPOT and zone.name in hauls
    ]
    if not ways:
        return None
    way, other = min(ways)
    return (
        f"No toma {comuna}: sus calles en este mapa quedan a {way:.0f} min, y a {other:.0f} min "
        "del CD que las atiende."
    )


def _nearest_min(zone: Zone, nearest: Mapping[str, float] | None) -> float:
    return min(zone.haul_min, (nearest or {}).get(zone.name, inf))


def taken_comunas(case: CapacityCase) -> tuple[str, ...]:
    """What the depot thought of serves, by name; nothing in a case without it."""
    zones = (each.zones for each in case.depots if each.id == NEW_DEPOT)
    return tuple(sorted(_comuna(zone.name) for own in zones for zone in own))


def _place_of(case: CapacityCase, depot: str | None) -> int:
    """Of the depot that is named, else of that with most vans."""
    codes = [each.depot for each in case.fleets]
    if depot is not None:
        return codes.index(depot)
    return max(range(len(codes)), key=lambda place: case.fleets[place].own)


def _moved(by_day: Sequence[int], new: NewDepot) -> tuple[int, ...]:
    """Vans that move work on the days on which they worked."""
    if new.moved_from is None:
        return ()
    return tuple(min(new.vehicles, there) for there in by_day)


def _comuna(zone: str) -> str:
    return zone.rpartition(SEPARATOR)[0]
