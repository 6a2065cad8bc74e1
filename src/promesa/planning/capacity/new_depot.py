"""What if a depot more: where it would stand, with whose vans, and which comunas it would take.

Its vans are like those of the depot they come from, else like those of the largest. What the place
itself costs is not known here, and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from promesa.kernel.geo import Position
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.streets import NamedDepot, measure_zones
from promesa.planning.capacity.what_if import ChangeInvalidError, with_depot, without_vehicles
from promesa.planning.capacity.words import vans
from promesa.planning.demand.series import SEPARATOR
from promesa.roads.city import City

NEW_DEPOT = "CD nuevo"


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


def with_new_depot(case: CapacityCase, new: NewDepot, hauls: Mapping[str, float]) -> CapacityCase:
    """The case with it; the zones that are nearer to it by road are its own.

    Args:
        case: As it is.
        new: With at least one vehicle.
        hauls: As `hauls_from` finds them.

    Raises:
        ChangeInvalidError: No way leads there, nothing is nearer to it, or the vans are not there.
    """
    if not hauls:
        raise ChangeInvalidError("No hay calles hasta ese lugar en este mapa: elige otro.")
    changed = case
    if new.moved_from is not None:
        changed = without_vehicles(case, new.moved_from, new.vehicles)
    place = _place_of(case, new.moved_from)
    like, before = case.depots[place], case.fleets[place]
    fleet = DepotFleet(
        depot=NEW_DEPOT,
        own=new.vehicles,
        own_day_cost_clp=before.own_day_cost_clp,
        own_by_day=_by_day(before, new),
    )
    return with_depot(changed, replace(like, id=NEW_DEPOT, name=NEW_DEPOT), fleet, hauls)


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


def _by_day(before: DepotFleet, new: NewDepot) -> tuple[int, ...]:
    """Vans that move work on the days on which they worked."""
    if new.moved_from is None:
        return ()
    return tuple(min(new.vehicles, there) for there in before.own_by_day)


def _comuna(zone: str) -> str:
    return zone.rpartition(SEPARATOR)[0]
