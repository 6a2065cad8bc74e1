"""A forecast of comunas of the sample city and who delivers them, as the board takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from promesa.domain.fleet import Depot, Load, Vehicle
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.planning.capacity.board_case import (
    BoardCase,
    BoardInputs,
    make_board_case,
    measure_comunas,
)
from promesa.planning.capacity.own_fleet import FleetOfDays
from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.lead_time import CutOff
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import Basis
from promesa.planning.forecast.outlook import Outlook
from promesa.roads.city import City

# A week that holds a leap day, from Monday on.
MONDAY = date(2028, 2, 28)
MONDAY_TO_SATURDAY = DeliveryRule(cut_off=CutOff(at=time(18), days=1), weekdays=frozenset(range(6)))
CENTRE = Depot(
    id=derived_id("depot"), code="CD", name="CD Centro", position=Position(lon=-70.65, lat=-33.45)
)
ARICA = Depot(
    id=derived_id("arica"), code="ARI", name="CD Arica", position=Position(lon=-70.3, lat=-18.48)
)


def an_outlook(*comunas: str, mean: float = 200.0, depot: str = "", days: int = 7) -> Outlook:
    """So many orders each day of each comuna; those of a day are delivered on the next."""

    def table(share: float) -> tuple[tuple[float, ...], ...]:
        return tuple((mean * share,) * days for _ in comunas)

    return Outlook(
        origin=MONDAY - timedelta(days=1),
        days=tuple(MONDAY + timedelta(days=number) for number in range(days)),
        series=tuple(SeriesKey(comuna=comuna, depot=depot) for comuna in comunas),
        mean=table(1),
        p10=table(0.8),
        p50=table(1),
        p90=table(1.2),
        shared_sd=(0.05,) * days,
        events=(),
        basis=Basis(days=400, boosted=False, calibrated=3, low=0, amounts=()),
        judged={},
        past=tuple((mean,) for _ in comunas),
        lead_times={},
    )


def some_vans(count: int, depot: Depot = CENTRE, **changes: object) -> tuple[Vehicle, ...]:
    van = Vehicle(
        id=derived_id("van"), code="V", plate="V", depot_id=depot.id, capacity=Load(parcels=100)
    )
    named = [
        replace(van, id=derived_id("van", depot.code, str(number)), code=f"V{number}")
        for number in range(count)
    ]
    return tuple(replace(each, **changes) for each in named)  # type: ignore[arg-type]


def board_inputs(
    outlook: Outlook,
    *,
    depots: Sequence[Depot] = (CENTRE,),
    vehicles: Sequence[Vehicle] = (),
    first_day: date = MONDAY,
    rule: DeliveryRule = MONDAY_TO_SATURDAY,
) -> BoardInputs:
    return BoardInputs(
        outlook_id=derived_id("outlook"),
        outlook=outlook,
        overrides=(),
        depots=tuple(depots),
        fleet=FleetOfDays(vehicles=tuple(vehicles), drivers=(), shifts=()),
        terms=(),
        first_day=first_day,
        rule=rule,
    )


def a_board_case(city: City, inputs: BoardInputs) -> BoardCase:
    return make_board_case(inputs, measure_comunas(inputs.comunas, inputs.depots, city))
