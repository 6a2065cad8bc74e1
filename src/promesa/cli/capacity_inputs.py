"""A forecast, a fleet and a city as one case of capacity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import numpy as np

from promesa.dispatch.forecast_file import ForecastReading
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.geo import Position
from promesa.planning.capacity.fleet import depot_fleet, depot_works, require_fleet
from promesa.planning.capacity.loans import make_loans
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.peaks import with_peaks
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.route_length import is_too_far
from promesa.planning.capacity.scenarios import draw_scenarios
from promesa.planning.capacity.streets import NamedDepot, measure_zones
from promesa.roads.city import City
from promesa.roads.snapping import Plane
from promesa.routing.fleetfile import FleetDepot, FleetFile

LAT_MAX = 90.0
# From here on a distance is told in kilometres.
KM_FROM_M = 1_000


class NothingToSizeError(InvalidError):
    """No series of the forecast can be served."""

    code: ClassVar[str] = "capacity_without_zones"
    message: ClassVar[str] = (
        "Ninguna serie del pronóstico es una comuna con calles en esta ciudad. "
        "Revisa los nombres y la ciudad; si traen CD o clase, pronostica con --by-comuna."
    )


class DepotOffMapError(InvalidError):
    """A depot stands where the city has no street."""

    code: ClassVar[str] = "capacity_depot_off_map"
    message: ClassVar[str] = (
        "Hay un CD lejos de toda calle de esta ciudad. Corrige su lon y su lat en la flota, o usa "
        "la ciudad donde está."
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileCase:
    """What files ask for.

    Attributes:
        faults: Rows and series left out, and why, in the file's order.
        parcels: Expected a day, of the series that are served.
        left_out: Expected over all days, by series without a zone, the largest first.
        idle: Names of depots that serve none of the series.
    """

    case: CapacityCase
    faults: tuple[FieldFault, ...]
    parcels: Mapping[date, float]
    left_out: Mapping[str, float]
    idle: tuple[str, ...]


def make_case(
    reading: ForecastReading, fleet: FleetFile, city: City, *, seed: int, scenarios: int
) -> FileCase:
    """The case of the series that have a zone.

    Raises:
        FleetEmptyError: There are no depots, or nowhere to take a vehicle from.
        DepotOffMapError: A depot is too far from every street.
        NothingToSizeError: No series has a zone.
    """
    require_fleet(fleet)
    _require_streets(fleet, city)
    depots = [NamedDepot(id=depot.id, position=depot.position) for depot in fleet.depots]
    measured = measure_zones(city, sorted(reading.lines), depots, fleet.zones, seed)
    works = depot_works(fleet, measured.zones)
    refused = dict(measured.faults) | _too_far(works)
    served = {zone.name for depot in works for zone in depot.zones} - refused.keys()
    faults = [
        *reading.faults,
        *(
            FieldFault(row=reading.lines[name], field="series", reason=reason)
            for name, reason in refused.items()
        ),
    ]
    ordered = tuple(sorted(faults, key=lambda fault: fault.row or 0))
    volumes = [volume for volume in reading.volumes if volume.series in served]
    if not volumes:
        raise NothingToSizeError(faults=ordered)
    kept = depot_works(fleet, [zone for zone in measured.zones if zone.name in served])
    means = _mean_stops(kept, reading)
    case = CapacityCase(
        scenarios=draw_scenarios(with_peaks(volumes), seed, count=scenarios),
        depots=kept,
        fleets=tuple(depot_fleet(fleet, depot.id) for depot in kept),
        loans=make_loans(kept, measured.hauls, means),
    )
    totals: dict[str, float] = defaultdict(float)
    parcels: dict[date, float] = defaultdict(float)
    for volume in reading.volumes:
        if volume.series in served:
            parcels[volume.date] += volume.mean
        else:
            totals[volume.series] += volume.mean
    used = {depot.id for depot in kept}
    return FileCase(
        case=case,
        faults=ordered,
        parcels=dict(sorted(parcels.items())),
        left_out=dict(sorted(totals.items(), key=lambda each: (-each[1], each[0]))),
        idle=tuple(depot.name or depot.id for depot in fleet.depots if depot.id not in used),
    )


def _require_streets(fleet: FleetFile, city: City) -> None:
    """Refuses depots that stand in the sea, or in another city."""
    faults = tuple(
        FieldFault(row=row, field="depots.lon", reason=_off_map(depot, city))
        for row, depot in enumerate(fleet.depots, start=1)
        if city.network.snap(depot.position) is None
    )
    if faults:
        raise DepotOffMapError(faults=faults)


def _off_map(depot: FleetDepot, city: City) -> str:
    there, graph = depot.position, city.network.graph
    plane = Plane(there.lat)
    here = plane.metres(np.array([there.lon]), np.array([there.lat]))
    gap_m = np.hypot(*(plane.metres(graph.lons, graph.lats) - here).T).min()
    name = depot.name or depot.id
    told = f"{name} está a {_gap_words(float(gap_m))} de la calle más cercana."
    if abs(depot.lon) <= LAT_MAX and city.network.snap(Position(lon=depot.lat, lat=depot.lon)):
        return f"{told} ¿Están cambiadas lon y lat?"
    return told


def _gap_words(gap_m: float) -> str:
    return f"{gap_m / 1_000:.0f} km" if gap_m >= KM_FROM_M else f"{gap_m:.0f} m"


def _too_far(works: Sequence[DepotWork]) -> dict[str, str]:
    return {
        zone.name: f"{zone.name} queda a {zone.haul_min:.0f} min de {depot.name}: no cabe en la "
        "jornada. Asígnala a otro CD en [zones] o alarga la jornada."
        for depot in works
        for zone in depot.zones
        if is_too_far(zone, depot.limits)
    }


def _mean_stops(works: Sequence[DepotWork], reading: ForecastReading) -> dict[str, float]:
    """Stops of a day by zone, on average over the forecast."""
    return {
        zone.name: float(
            np.mean([each.mean for each in reading.volumes if each.series == zone.name])
        )
        / depot.work.parcels
        for depot in works
        for zone in depot.zones
    }
