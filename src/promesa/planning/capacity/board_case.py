"""The newest forecast and the fleet as one case of capacity: what the board is made from.

Deliveries, not orders, fill vans: each comuna's orders, corrections included, moved by their
depot's lead time. One order is taken for one stop, as nobody counts parcels of orders that have not
come; how long it lasts, and how slow the roads are, its own routes say where there are enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from uuid import UUID

from promesa.domain.fleet import Depot
from promesa.domain.order import SERVICE_TIME_S_DEFAULT
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.board_fleets import depot_fleet
from promesa.planning.capacity.driven import DrivenRoute, LearntRoutes, learn_routes
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.own_fleet import FleetOfDays, OwnFleet, own_fleet
from promesa.planning.capacity.peaks import with_peaks
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.route_length import StopWork, is_too_far
from promesa.planning.capacity.scenarios import Volume, draw_scenarios
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.streets import MeasuredZones, NamedDepot, measure_zones
from promesa.planning.capacity.terms import DepotTerms
from promesa.planning.capacity.zones import Zone
from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.overrides import DemandOverride
from promesa.planning.demand.series import SEPARATOR
from promesa.planning.demand.serving import AS_NAMED, ServingDepots
from promesa.planning.forecast.deliveries import deliveries
from promesa.planning.forecast.forecast import Forecast
from promesa.planning.forecast.outlook import Outlook
from promesa.planning.forecast.overriding import overridden
from promesa.roads.city import City

# The board is looked at again and again: the same draws each time, and half of the default, whose
# vehicles differ by one at most on one day in twenty.
SCENARIOS = 200
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoardInputs:
    """What a board is made from.

    Attributes:
        outlook_id: Of the forecast; with the rest it tells whether a board is still true.
        overrides: Those that stand.
        terms: Of the depots somebody saved some of.
        first_day: The day that is under way; days before it are left out.
        rule: Of the operator's deliveries.
        driven: Routes of the last weeks that are over.
        broken_clp: What a promise that is not kept costs; None where nobody said.
    """

    outlook_id: UUID
    outlook: Outlook
    overrides: tuple[DemandOverride, ...]
    depots: tuple[Depot, ...]
    fleet: FleetOfDays
    terms: tuple[DepotTerms, ...]
    first_day: date
    rule: DeliveryRule
    driven: tuple[DrivenRoute, ...] = ()
    broken_clp: int | None = None

    def terms_of(self, depot: Depot) -> DepotTerms:
        """As saved; without contract, spot or doors where nobody saved any."""
        saved = next((each for each in self.terms if each.depot_id == depot.id), None)
        return saved or DepotTerms(depot_id=depot.id)

    @property
    def comunas(self) -> tuple[str, ...]:
        """Those of the forecast, by name."""
        return tuple(sorted({key.comuna for key in self.outlook.series}))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoardCase:
    """A case with what is told beside it; depots go by their code.

    Attributes:
        case: None where no comuna of the forecast can be served, or it is over.
        own: Of each depot of the case.
        learnt: Likewise, of its routes.
        faults: Comunas left out, and why.
        columns: Of the forecast's series, by the zone they fill.
        nearest: Road minutes to each zone from whichever depot is nearest to it.
        deliveries: Expected of each depot and day, as the forecast says them: the mean of the
            scenarios, which are few, is some percent off.
        left_out: Likewise of each day, of the comunas that are left out.
        serving: Which depot serves a series.
    """

    case: CapacityCase | None
    own: Mapping[str, OwnFleet]
    faults: tuple[str, ...]
    learnt: Mapping[str, LearntRoutes] = field(default_factory=dict)
    columns: Mapping[str, Sequence[int]] = field(default_factory=dict)
    nearest: Mapping[str, float] = field(default_factory=dict)
    deliveries: Mapping[tuple[str, date], float] = field(default_factory=dict)
    left_out: Mapping[date, float] = field(default_factory=dict)
    serving: ServingDepots = AS_NAMED


def measure_comunas(comunas: Sequence[str], depots: Sequence[Depot], city: City) -> MeasuredZones:
    """Comunas on the city's streets, with the way from each depot."""
    named = [NamedDepot(id=each.code, position=each.position) for each in depots]
    return measure_zones(city, comunas, named, {}, SEED)


def make_board_case(inputs: BoardInputs, measured: MeasuredZones) -> BoardCase:
    """The case of what the forecast's comunas need of the fleet that there is."""
    outlook = inputs.outlook
    days = [day for day in outlook.days if day >= inputs.first_day]
    found = {each.code: own_fleet(each.id, days, inputs.fleet) for each in inputs.depots}
    own = {code: each for code, each in found.items() if each is not None}
    if not own or not days:
        return BoardCase(case=None, own={}, faults=())
    serving = ServingDepots(codes=frozenset(own), by_comuna=measured.sized)
    columns, faults = _columns(inputs, measured, serving)
    zones = _zones(columns, measured)
    far = {
        name
        for name, zone in zones.items()
        if zone.depot in own and is_too_far(zone, own[zone.depot].limits)
    }
    faults += [_far_words(zones[name], inputs.depots) for name in sorted(far)]
    served = {name: own_columns for name, own_columns in columns.items() if name not in far}
    if not served:
        return BoardCase(case=None, own={}, faults=tuple(faults))
    made = overridden(outlook.forecast(), serving.placed(outlook.series), inputs.overrides)
    volumes = _volumes(inputs, made, served, days)
    used = {zones[name].depot for name in served}
    depots = [each for each in inputs.depots if each.code in used]
    learnt = {each.code: _learnt(each, inputs.driven, measured) for each in depots}
    case = CapacityCase(
        scenarios=draw_scenarios(with_peaks(volumes), SEED, count=SCENARIOS),
        depots=tuple(
            _work(each, own[each.code], [zones[name] for name in served], learnt[each.code])
            for each in depots
        ),
        fleets=_fleets(depots, own, inputs, days),
    )
    kept = {each.code: own[each.code] for each in depots}
    return BoardCase(
        case=case,
        own=kept,
        faults=tuple(faults),
        learnt=learnt,
        columns=served,
        nearest=_nearest(served, measured),
        deliveries=_by_depot(volumes, zones),
        left_out=_left_out(inputs, made, served, days),
        serving=serving,
    )


def settled(inputs: BoardInputs) -> BoardInputs:
    """Without the shifts to come: what a case needs of them is only how many vans are there."""
    fleet = inputs.fleet
    put = tuple(shift for shift in fleet.shifts if shift.date <= inputs.first_day)
    return replace(inputs, fleet=replace(fleet, shifts=put))


def with_shifts(made: BoardCase, inputs: BoardInputs) -> BoardCase | None:
    """The case of the settled inputs with the shifts that are put; None where it is another.

    So a roster that is changed cell by cell has its scenarios drawn once.
    """
    if made.case is None:
        return None
    days = made.case.scenarios.days
    depots = [each for each in inputs.depots if each.code in made.own]
    found = {each.code: own_fleet(each.id, days, inputs.fleet) for each in depots}
    own = {code: each for code, each in found.items() if each is not None}
    if any(own[code].limits != before.limits for code, before in made.own.items()):
        return None
    fleets = _fleets(depots, own, inputs, days)
    return replace(made, case=replace(made.case, fleets=fleets), own=own)


def _fleets(
    depots: Sequence[Depot],
    own: Mapping[str, OwnFleet],
    inputs: BoardInputs,
    days: Sequence[date],
) -> tuple[DepotFleet, ...]:
    return tuple(
        depot_fleet(each, own[each.code], inputs.terms_of(each), inputs.fleet.shifts, days)
        for each in depots
    )


def _columns(
    inputs: BoardInputs, measured: MeasuredZones, serving: ServingDepots
) -> tuple[dict[str, list[int]], list[str]]:
    """Columns of the forecast by zone, named after comuna and depot; and what has no zone."""
    columns: dict[str, list[int]] = defaultdict(list)
    faults: dict[str, str] = {}
    names = {each.code: each.name for each in inputs.depots}
    for column, key in enumerate(inputs.outlook.series):
        depot = serving.of(key)
        if not all(isfinite(value) for value in inputs.outlook.mean[column]):
            faults[key.comuna] = f"El pronóstico de {key.comuna} no trae números: hazlo de nuevo."
        elif not depot or key.comuna in measured.faults:
            faults[key.comuna] = measured.faults.get(key.comuna, "")
        elif (key.comuna, depot) not in measured.hauls:
            place = names.get(depot, depot)
            faults[key.comuna] = f"No hay camino entre {key.comuna} y {place} en este mapa."
        else:
            columns[f"{key.comuna}{SEPARATOR}{depot}"].append(column)
    return dict(columns), [reason for _, reason in sorted(faults.items())]


def _zones(columns: Mapping[str, Sequence[int]], measured: MeasuredZones) -> dict[str, Zone]:
    by_comuna = {zone.name: zone for zone in measured.zones}
    found = {}
    for name in columns:
        comuna, _, depot = name.rpartition(SEPARATOR)
        haul_min = measured.hauls[comuna, depot]
        found[name] = replace(by_comuna[comuna], name=name, depot=depot, haul_min=haul_min)
    return found


def _far_words(zone: Zone, depots: Sequence[Depot]) -> str:
    """As ``Curacaví queda a 250 min de CD San Joaquín: no cabe en la jornada.``."""
    comuna = zone.name.rpartition(SEPARATOR)[0]
    place = next(each.name for each in depots if each.code == zone.depot)
    return f"{comuna} queda a {zone.haul_min:.0f} min de {place}: no cabe en la jornada."


def _volumes(
    inputs: BoardInputs, made: Forecast, columns: Mapping[str, Sequence[int]], days: Sequence[date]
) -> list[Volume]:
    outlook = inputs.outlook
    skipped = len(made.days) - len(days)
    volumes = []
    for name, own in columns.items():
        found = deliveries(outlook, made, own, inputs.rule)
        quantiles = zip(found.mean, found.p10, found.p50, found.p90, strict=True)
        for day, (mean, p10, p50, p90) in zip(days, list(quantiles)[skipped:], strict=True):
            volumes.append(Volume(series=name, date=day, mean=mean, p10=p10, p50=p50, p90=p90))
    return volumes


def _nearest(names: Iterable[str], measured: MeasuredZones) -> dict[str, float]:
    found: dict[str, float] = {}
    for (comuna, _), way_min in measured.hauls.items():
        found[comuna] = min(way_min, found.get(comuna, way_min))
    return {name: found[name.rpartition(SEPARATOR)[0]] for name in names}


def _by_depot(
    volumes: Sequence[Volume], zones: Mapping[str, Zone]
) -> dict[tuple[str, date], float]:
    found: dict[tuple[str, date], float] = defaultdict(float)
    for volume in volumes:
        found[zones[volume.series].depot, volume.date] += volume.mean
    return dict(found)


def _left_out(
    inputs: BoardInputs, made: Forecast, served: Mapping[str, Sequence[int]], days: Sequence[date]
) -> dict[date, float]:
    outlook = inputs.outlook
    counted = {column for columns in served.values() for column in columns}
    left = [
        column
        for column in range(len(outlook.series))
        if column not in counted and all(isfinite(value) for value in outlook.mean[column])
    ]
    found = deliveries(outlook, made, left, inputs.rule)
    return {day: count for day, count in zip(made.days, found.mean, strict=True) if day in days}


def _learnt(depot: Depot, driven: Sequence[DrivenRoute], measured: MeasuredZones) -> LearntRoutes:
    own = [route for route in driven if route.depot_id == depot.id]
    return learn_routes(own, depot.code, measured)


def _work(depot: Depot, own: OwnFleet, zones: Sequence[Zone], learnt: LearntRoutes) -> DepotWork:
    service_min = learnt.service_min or SERVICE_TIME_S_DEFAULT / MINUTE_S
    return DepotWork(
        id=depot.code,
        name=depot.name,
        zones=tuple(zone for zone in zones if zone.depot == depot.code),
        limits=own.limits,
        work=StopWork(service_min=service_min),
        coefficients=learnt.coefficients,
    )
