"""Orders and a fleet from files as one routing problem on the city's roads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from promesa.cli.days import day_words
from promesa.cli.plan_places import PlacedDraft, place_drafts, refusals
from promesa.domain.fleet import Load
from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.drafts import OrderDraft
from promesa.orders.sheet_reading import SheetReading
from promesa.planning.crews import Crews
from promesa.planning.profiles import profile_of
from promesa.planning.terms import bonds_of, on_terms
from promesa.planning.travel import DayMap
from promesa.roads.city import City
from promesa.roads.vehicles import VAN
from promesa.routing.fleetfile import FleetFile
from promesa.routing.problem import Problem, Stop, Window

# Kerb to door and back with a signature, where the order says nothing (assumed).
SERVICE_TIME_S = 240
# What a parcel weighs and fills where the order says nothing (assumed: a shoe box).
PARCEL_WEIGHT_G = 1_500
PARCEL_VOLUME_ML = 9_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRows:
    """What a file says of a day.

    Attributes:
        placed: The orders of the day, planned or not, as the file has them.
        faults: Rows that cannot be planned, and why, in the order of the file.
    """

    placed: tuple[PlacedDraft, ...]
    faults: tuple[FieldFault, ...]

    @property
    def sure(self) -> list[tuple[OrderDraft, Position]]:
        """The orders whose place is sure enough, or accepted."""
        return [(each.draft, each.position) for each in self.placed if each.position is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDay:
    """A day read from files.

    Attributes:
        day_map: Where the problem's locations are.
    """

    problem: Problem
    day_map: DayMap
    crews: Crews


def read_rows(
    reading: SheetReading, day: ServiceDay, city: City, *, accepts_street: bool
) -> FileRows:
    """The rows of that day with their places, and what is wrong with the others."""
    of_the_day = [draft for draft in reading.drafts if draft.date in {None, day.date}]
    placed = place_drafts(of_the_day, city, accepts_street=accepts_street)
    other_days = [draft for draft in reading.drafts if draft.date not in {None, day.date}]
    faults = [*reading.faults, *refusals(placed, city), *_of_other_days(other_days)]
    ordered = sorted(faults, key=lambda fault: (fault.row or 0, fault.field))
    return FileRows(placed=placed, faults=tuple(ordered))


def build_file_day(rows: FileRows, fleet: FleetFile, day: ServiceDay, city: City) -> FileDay:
    """The problem of the rows whose place is sure enough, or accepted."""
    sure = rows.sure
    depots = {depot.id: depot.position for depot in fleet.depots}
    points = tuple(dict.fromkeys([*depots.values(), *(position for _, position in sure)]))
    location = {point: number for number, point in enumerate(points)}
    vehicles = fleet.vehicles_on(day)
    crews = Crews(
        shifts=(),
        vehicles=vehicles,
        profiles=tuple(
            profile_of(group.kind, group.size) for group in fleet.vehicles for _ in group.ids
        ),
        codes=tuple(vehicle.id for vehicle in vehicles),
    )
    day_map = DayMap.between(
        points,
        day,
        city.network,
        start_s=min((vehicle.shift_start_s for vehicle in vehicles), default=0),
        end_s=max((van.shift_end_s + van.overtime_max_s for van in vehicles), default=0),
        depots=len(set(depots.values())),
        profiles=crews.profiles or (VAN,),
    )
    problem = Problem(
        travel=day_map.travel,
        depots=fleet.depots_at({name: location[at] for name, at in depots.items()}, day),
        vehicles=vehicles,
        stops=tuple(
            on_terms(_stop(draft, location[position], day), draft.terms, crews, day_map)
            for draft, position in sure
        ),
        bonds=bonds_of([(draft.merchant_id, draft.terms) for draft, _ in sure]),
    )
    return FileDay(problem=problem, day_map=day_map, crews=crews)


def _of_other_days(drafts: Iterable[OrderDraft]) -> list[FieldFault]:
    return [
        FieldFault(field="date", reason=f"Es para el {day_words(draft.date)}.", row=draft.row)
        for draft in drafts
        if draft.date is not None
    ]


def _stop(draft: OrderDraft, location: int, day: ServiceDay) -> Stop:
    weights = [PARCEL_WEIGHT_G if p.weight_g is None else p.weight_g for p in draft.parcels]
    volumes = [PARCEL_VOLUME_ML if p.volume_ml is None else p.volume_ml for p in draft.parcels]
    return Stop(
        id=draft.reference,
        location=location,
        delivered=Load(parcels=len(draft.parcels), weight_g=sum(weights), volume_ml=sum(volumes)),
        windows=tuple(
            Window(start_s=max(0, day.second_of(w.start)), end_s=day.second_of(w.end))
            for w in draft.windows
        ),
        service_time_s=SERVICE_TIME_S if draft.service_time_s is None else draft.service_time_s,
        skills=draft.skills,
        unserved_price_clp=draft.terms.leave_out_price_clp,
        area=draft.comuna or "",
    )
