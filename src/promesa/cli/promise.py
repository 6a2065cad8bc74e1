"""`promesa promise`: what can honestly be offered in a comuna on a day, from files, no server."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import click

from promesa.cli.days import DAY, day_words
from promesa.cli.option_kinds import Share
from promesa.cli.plan_inputs import SERVICE_TIME_S, read_rows
from promesa.cli.promise_words import closed_days, offer_lines, offer_values
from promesa.cli.road_options import CityType, InstantType, json_option
from promesa.domain.fleet import Load
from promesa.kernel.clock import SystemClock
from promesa.kernel.errors import InvalidError, NotFoundError
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.desk import IntakePolicy
from promesa.orders.drafts import OrderDraft
from promesa.orders.loads import load_of
from promesa.orders.sheet_reading import read_orders
from promesa.orders.sheets import require_size
from promesa.promising.cell_ways import CellWays
from promesa.promising.coming import COMMON_CV_DEFAULT, FILLS_ORDERS
from promesa.promising.day_book import BookedStop, DayBook, make_book
from promesa.promising.fleet_outlook import (
    SERVICE_S_ASSUMED,
    STEM_S_ASSUMED,
    TRAVEL_S_ASSUMED,
    VAN_STOPS_ASSUMED,
    spread_hours,
)
from promesa.promising.odds import Spread
from promesa.promising.offers import HORIZON_DAYS_MAX, OfferedWindow, OfferTerms
from promesa.promising.quoting import Place, Wanted, make_snapshot, quote
from promesa.promising.repository import HALF_HOURS, DayOutlook
from promesa.promising.usual_work import UsualWork
from promesa.promising.vans_load import VansLoad
from promesa.promising.windows import DAY_FROM, DAY_UNTIL
from promesa.roads.city import City
from promesa.routing.fleetfile import FleetDepot, FleetFile, read_fleet
from promesa.runtime.road_travel import RoadTravel

FLEET_FILE = "fleet.toml"
NOON = time(14, 0)
WINDOWS = (
    OfferedWindow(name="Todo el día", start=DAY_FROM, end=DAY_UNTIL),
    OfferedWindow(name="Mañana", start=DAY_FROM, end=NOON),
    OfferedWindow(name="Tarde", start=NOON, end=DAY_UNTIL),
)
# Asked on the eve, hours before the cut-off.
ASKED_AT = time(12, 0)


class FleetMissingError(InvalidError):
    """The city's folder has no fleet, and none was given."""

    code: ClassVar[str] = "promise_without_fleet"
    message = (
        "Falta saber con qué vehículos: pasa --fleet FLOTA.toml, o pon fleet.toml en la ciudad."
    )


class ComunaUnknownError(NotFoundError):
    """The map has no comuna of that name."""

    code: ClassVar[str] = "comuna_unknown"
    message = "Esa comuna no está en el mapa de la ciudad. Revisa el nombre."


@click.command()
@click.option(
    "--city",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Carpeta de la ciudad, como examples/santiago.",
)
@click.option("--comuna", required=True, help="Dónde se entrega.")
@click.option(
    "--date", "date_", required=True, type=DAY, help="Día de reparto, como 30-11-2026 o 2026-11-30."
)
@click.option(
    "--days",
    type=click.IntRange(1, HORIZON_DAYS_MAX - 1),
    default=1,
    show_default=True,
    help="Cuántos días desde ése.",
)
@click.option(
    "--fleet",
    "fleet_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"Flota en TOML; sin ella, {FLEET_FILE} de la carpeta de la ciudad.",
)
@click.option(
    "--orders",
    "orders_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Planilla con lo ya prometido para esos días.",
)
@click.option(
    "--coming",
    type=click.IntRange(0),
    help="Pedidos que aún llegarán para cada día; sin saberlo se supone que el día se llena.",
)
@click.option(
    "--kept-min",
    type=Share(0.5, 0.99),
    default=0.97,
    show_default=True,
    help="No se ofrece lo que se cumple con menos seguridad; 97% es 0.97.",
)
@click.option(
    "--now",
    type=InstantType(),
    help="Cuándo se pregunta, con desfase: 2026-11-30T10:00:00-03:00; sin ella, la víspera de "
    "--date a las 12:00.",
)
@json_option
def promise(
    *,
    folder: Path,
    comuna: str,
    date_: date,
    days: int,
    fleet_file: Path | None,
    orders_file: Path | None,
    coming: int | None,
    kept_min: float,
    now: datetime | None,
    as_json: bool,
) -> None:
    """Dice qué ventanas se pueden prometer en una comuna, y con qué seguridad.

    De cada día en que no se ofrece nada dice por qué. Se reparte de lunes a sábado, sin feriados
    irrenunciables; se pide hasta las 18:00 del día anterior.

    Ejemplo: promesa promise --city examples/santiago --comuna Ñuñoa --date 1-12-2026 --json
    """
    fleet = _fleet(folder, fleet_file)
    city = CityType().convert(folder, None, None)
    known = city.territory.exact(comuna)
    if known is None or known not in city.addresses.comunas:
        raise ComunaUnknownError(comuna=comuna)
    span = [date_ + timedelta(days=number) for number in range(days)]
    eve = ServiceDay(date_ - timedelta(days=1), fleet.zone).at(ASKED_AT)
    asked_at = now or eve
    today = ServiceDay.of(asked_at, fleet.zone).date
    terms = OfferTerms(
        windows=WINDOWS,
        zone=fleet.zone,
        horizon_days=min(HORIZON_DAYS_MAX, max(1, (span[-1] - today).days)),
        kept_min=kept_min,
    )
    books = _books(city, fleet, orders_file, span)
    snapshot = make_snapshot(
        terms=terms,
        places=[
            Place(depot_id=_depot_id(depot.id), position=depot.position) for depot in fleet.depots
        ],
        days=[
            (books[outlook.depot_id, outlook.date], outlook)
            for day in span
            for outlook in _outlooks(fleet, ServiceDay(day, fleet.zone), _to_come(coming))
        ],
    )
    ways = CellWays(RoadTravel(lambda: city.network, city.center).leg_s, lambda: eve)
    wanted = Wanted(position=known.centre, service_s=SERVICE_TIME_S, comuna=known.name)
    looked_at = quote(snapshot, wanted, ways, asked_at, kept_min=0.0)
    offers = [offer for offer in looked_at.offers if offer.is_sure]
    closed = closed_days(span, looked_at, terms, asked_at)
    if as_json:
        values = offer_values(offers, closed, fleet.zone, asked_at)
        click.echo(json.dumps(values, ensure_ascii=False))
    else:
        for line in offer_lines(offers, closed, known.name, fleet.zone):
            click.echo(line)
    if now is None:
        _tell_eve(ServiceDay.of(eve, fleet.zone), SystemClock().now())
    if coming is None and offers:
        click.echo("Sin --coming se supone que cada día se llena.", err=True)


def _tell_eve(eve: ServiceDay, real_now: datetime) -> None:
    """When it is taken to be asked, as nobody said; and whether that is over by now."""
    past = "" if eve.at(ASKED_AT) > real_now else ", que ya pasó"
    click.echo(
        f"Preguntado la víspera, {day_words(eve.date)} a las {ASKED_AT:%H:%M}{past}; otro momento: "
        "--now.",
        err=True,
    )


def _fleet(folder: Path, fleet_file: Path | None) -> FleetFile:
    path = fleet_file or folder / FLEET_FILE
    if not path.is_file():
        raise FleetMissingError(carpeta=str(folder))
    return read_fleet(path.read_bytes())


def _to_come(coming: int | None) -> Spread:
    """Orders still to come; unknown is not nought: then the day is taken to fill up."""
    if coming is None:
        return Spread(mean=FILLS_ORDERS, sd=0.0)
    return Spread(mean=float(coming), sd=math.hypot(COMMON_CV_DEFAULT * coming, math.sqrt(coming)))


def _depot_id(name: str) -> UUID:
    return derived_id("depot", name)


def _outlooks(fleet: FleetFile, day: ServiceDay, coming: Spread) -> list[DayOutlook]:
    """What each depot's vans serve that day; orders to come are shared as the vans are."""
    vans = fleet.vehicles_on(day)
    found = []
    for number, depot in enumerate(fleet.depots):
        own = [van for van in vans if van.start_depot == number]
        hours = [0.0] * HALF_HOURS
        for van in own:
            rest_s = sum(rest.duration_s for rest in van.breaks)
            start_s = van.shift_start_s + STEM_S_ASSUMED
            for place, seconds in spread_hours(start_s, van.shift_end_s - STEM_S_ASSUMED, rest_s):
                hours[place] += seconds
        share = len(own) / len(vans) if vans else 0.0
        load = VansLoad.of(own, STEM_S_ASSUMED)
        found.append(
            DayOutlook(
                depot_id=_depot_id(depot.id),
                date=day.date,
                hours_s=tuple(hours),
                coming=Spread(mean=coming.mean * share, sd=coming.sd * share),
                usual=UsualWork(
                    orders=max(1.0, len(own) * VAN_STOPS_ASSUMED),
                    service_s=SERVICE_S_ASSUMED,
                    travel_s=TRAVEL_S_ASSUMED,
                ),
                load=load.whole,
                first_load=load.first,
                reload_s=load.reload_s,
                vans=len(own),
            )
        )
    return found


def _books(
    city: City, fleet: FleetFile, orders_file: Path | None, span: Sequence[date]
) -> dict[tuple[UUID, date], DayBook]:
    """What is promised already, each order at the first depot of its day."""
    found = {
        (_depot_id(depot.id), day): DayBook(depot_id=_depot_id(depot.id), date=day)
        for depot in fleet.depots
        for day in span
    }
    if orders_file is None:
        return found
    require_size(orders_file.stat().st_size)
    policy = IntakePolicy(zone=fleet.zone)
    ways = CellWays(
        RoadTravel(lambda: city.network, city.center).leg_s,
        lambda: ServiceDay(span[0], fleet.zone).at(ASKED_AT),
    )
    for day in (ServiceDay(each, fleet.zone) for each in span):
        reading = read_orders(orders_file.read_bytes(), policy=policy, default_day=span[0])
        rows = read_rows(reading, day, city, accepts_street=True)
        stops: dict[UUID, list[BookedStop]] = {}
        for draft, position in rows.sure:
            depot = _nearest(fleet, position, ways)
            stop = _stop(draft, position, day, policy)
            stops.setdefault(_depot_id(depot.id), []).append(stop)
        for depot_id, several in stops.items():
            found[depot_id, day.date] = make_book(depot_id, day.date, several)
    return found


def _nearest(fleet: FleetFile, door: Position, ways: CellWays) -> FleetDepot:
    return min(fleet.depots, key=lambda depot: ways.leg_s(depot.position, door))


def _stop(
    draft: OrderDraft, position: Position, day: ServiceDay, policy: IntakePolicy
) -> BookedStop:
    windows = draft.windows or (policy.workday(day.date),)
    return BookedStop(
        id=derived_id("order", draft.reference),
        position=position,
        start_s=day.second_of(min(window.start for window in windows)),
        end_s=day.second_of(max(window.end for window in windows)),
        service_s=SERVICE_TIME_S if draft.service_time_s is None else draft.service_time_s,
        load=load_of(draft.parcels).peak(Load(parcels=1)),
    )
