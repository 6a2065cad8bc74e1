"""A rehearsal from the capacity board: the planner's own forecast, fleet and terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from promesa.domain.fleet import MEAL_BREAK_S_MIN
from promesa.planning.capacity.board_case import BoardCase, BoardInputs
from promesa.planning.capacity.peaks import PEAK_RATIO, with_peaks
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.scenarios import Scenarios, Volume, draw_scenarios
from promesa.planning.capacity.streets import NamedDepot
from promesa.planning.demand.series import SEPARATOR
from promesa.planning.forecast.overriding import overridden
from promesa.planning.forecast.totals import add_up
from promesa.promising.calibration import Calibration
from promesa.promising.offers import OfferTerms
from promesa.promising.rehearsal.ground import Ground, make_ground
from promesa.promising.rehearsal.making import SHIFT_FROM, Surroundings
from promesa.roads.city import City

SCENARIOS = 200
# The same scenarios each time, so that a large Cyber stays the same one from day to day.
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RehearsalInputs:
    """What a planner's rehearsal is made from."""

    board: BoardInputs
    terms: OfferTerms
    calibration: Calibration


def order_scenarios(inputs: BoardInputs, made: BoardCase) -> Scenarios:
    """Ways in which the orders of the board's zones may come, from today on."""
    outlook = inputs.outlook
    forecast = overridden(outlook.forecast(), made.serving.placed(outlook.series), inputs.overrides)
    named = _event_names(inputs)
    volumes = []
    for zone, columns in made.columns.items():
        total = add_up(forecast, columns)
        parts = (each.tolist() for each in (total.mean, total.p10, total.p50, total.p90))
        for day, mean, p10, p50, p90 in zip(forecast.days, *parts, strict=True):
            if day >= inputs.first_day:
                volumes.append(
                    Volume(
                        series=zone,
                        date=day,
                        mean=mean,
                        p10=p10,
                        p50=p50,
                        p90=p90,
                        event=named.get(day, ""),
                    )
                )
    return draw_scenarios(with_peaks(volumes), SEED, count=SCENARIOS, name="orders")


def _event_names(inputs: BoardInputs) -> dict[date, str]:
    """Days of events that lift demand by as much as a peak does, with the largest event of each.

    Paydays and busy Saturdays are no peak to rehearse.
    """
    found: dict[date, tuple[float, str]] = {}
    for used in inputs.outlook.events:
        if used.factor >= PEAK_RATIO:
            found[used.day] = max(found.get(used.day, (0.0, "")), (used.factor, used.name))
    return {day: name for day, (_, name) in found.items()}


def surroundings(
    inputs: RehearsalInputs, case: CapacityCase, made: BoardCase, city: City
) -> Surroundings:
    """Everything but what is asked; the streets are asked for their times, some seconds."""
    board = inputs.board
    orders = order_scenarios(board, made)
    comuna_of = {name: name.rpartition(SEPARATOR)[0] for name in made.columns}
    used = {work.id for work in case.depots}
    return Surroundings(
        capacity=case,
        orders=orders,
        comuna_of=comuna_of,
        targets={each.code: board.terms_of(each).target for each in board.depots},
        ground=_ground(board, city, sorted(set(comuna_of.values())), used, orders.days[0]),
        terms=inputs.terms,
        calibration=inputs.calibration,
        hours=board.outlook.hours.shares,
        is_hours_known=board.outlook.hours.days > 0,
        starts={
            each.code: _start(board, each.id, inputs.terms.zone)
            for each in board.depots
            if each.code in used
        },
        rest_s=_rest_s(board),
    )


def _ground(
    board: BoardInputs, city: City, comunas: list[str], used: set[str], first: date
) -> Ground:
    depots = [
        NamedDepot(id=each.code, position=each.position)
        for each in board.depots
        if each.code in used
    ]
    # Streets of a Sunday are no working day's.
    working = first + timedelta(days=max(0, 7 - first.weekday()) if first.weekday() > 4 else 0)
    return make_ground(city, comunas, depots, usual_day=working, seed=SEED)


def _start(board: BoardInputs, depot_id: object, zone: str) -> time:
    """When most vans of the depot leave."""
    starts = sorted(
        shift.start.astimezone(ZoneInfo(zone)).time()
        for shift in board.fleet.shifts
        if shift.depot_id == depot_id
    )
    return starts[len(starts) // 2] if starts else SHIFT_FROM


def _rest_s(board: BoardInputs) -> int:
    rests = [each.meal_break.duration_s for each in board.fleet.drivers if each.meal_break]
    return round(median(rests)) if rests else MEAL_BREAK_S_MIN
