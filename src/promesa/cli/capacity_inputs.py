"""A forecast, a fleet and a city as one case of capacity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from promesa.kernel.errors import FieldFault, InvalidError
from promesa.planning.capacity.fleet import depot_fleet, depot_works, require_fleet
from promesa.planning.capacity.forecast_file import ForecastReading
from promesa.planning.capacity.loans import make_loans
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.peaks import with_peaks
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.route_length import is_too_far
from promesa.planning.capacity.scenarios import draw_scenarios
from promesa.planning.capacity.streets import NamedDepot, measure_zones
from promesa.roads.city import City
from promesa.routing.fleetfile import FleetFile


class NothingToSizeError(InvalidError):
    """No series of the forecast can be served."""

    code: ClassVar[str] = "capacity_without_zones"
    message: ClassVar[str] = (
        "Ninguna serie del pronóstico es una comuna con calles en esta ciudad. "
        "Revisa los nombres y la ciudad."
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileCase:
    """What files ask for.

    Attributes:
        faults: Rows and series left out, and why, in the file's order.
    """

    case: CapacityCase
    faults: tuple[FieldFault, ...]


def make_case(
    reading: ForecastReading, fleet: FleetFile, city: City, *, seed: int, scenarios: int
) -> FileCase:
    """The case of the series that have a zone.

    Raises:
        FleetEmptyError: There are no depots or no vehicles.
        NothingToSizeError: No series has a zone.
    """
    require_fleet(fleet)
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
    return FileCase(case=case, faults=ordered)


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
