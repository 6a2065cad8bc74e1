"""The capacity board as it goes over the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum

from promesa.api.decoding import View
from promesa.domain.fleet import Depot
from promesa.domain.order import SERVICE_TIME_S_DEFAULT
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.board import DepotBoard
from promesa.planning.capacity.board_case import BoardCase, BoardInputs
from promesa.planning.capacity.board_words import depot_sentence
from promesa.planning.capacity.door_words import blocked_words, doors_missing
from promesa.planning.capacity.driven import DAYS_MIN, LearntRoutes
from promesa.planning.capacity.events_delivered import events_delivered
from promesa.planning.capacity.next_door import FreeVans, free_sentence
from promesa.planning.capacity.own_fleet import CostFrom, OwnFleet, OwnFrom
from promesa.planning.capacity.replaced_vans import called_words
from promesa.planning.capacity.roster_words import lack_sentence
from promesa.planning.capacity.shift_gaps import DayLack, Lack
from promesa.planning.capacity.sizing import DayPlan
from promesa.planning.capacity.terms import DepotTerms


class Lacking(StrEnum):
    """Why there is no board."""

    FORECAST = "forecast"
    FORECAST_UNDER_WAY = "forecast_under_way"
    DEPOTS = "depots"
    VEHICLES = "vehicles"
    ZONES = "zones"


class CapacityTermsView(View):
    """What a planner keeps of a depot; version 0 and no author while nobody saved any.

    ``departures_max`` is how many vans the doors let out on a day; null without a limit.
    """

    depot: str
    contract_vehicles: int
    contract_carrier: str
    contract_day_cost_clp: int
    contract_days_min: int
    spot_vehicles: int
    spot_day_cost_clp: int
    doors: int | None
    loading_min: int
    loading_span_min: int
    departures_max: int | None
    target: float
    version: int
    author: str | None
    saved_at: datetime | None


class CapacityDayView(View):
    """One depot and day.

    ``ready`` vehicles keep the target; ``own``, ``contracted`` and ``spot`` are those it is planned
    with, ``gap`` those that are missing. ``own_there`` is how many own ones there are, ``own_from``
    what that number rests on, ``own_paid`` those in the cost: who has a shift is paid if they stay.
    ``idle`` are those in use that nobody gave a shift beside others that have one.
    ``doors_missing`` are doors that lack where they hold ``held`` of the missing vans back;
    ``doors_note`` says how many would leave in time where vans lack that nobody has.
    ``shifts_lack`` says which shift lacks drivers while the day's vans suffice; it is empty where
    none does, and at a target other than the depot's own. ``kept`` is the share kept at least on
    average, ``kept_bad_day`` what 19 scenarios in 20 keep at least. ``event`` is the one whose
    orders are delivered that day.
    """

    day: date
    deliveries: float
    needed_p50: int
    needed_p97: int
    ready: int
    own: int
    own_there: int
    own_from: OwnFrom
    own_paid: int
    idle: int
    contracted: int
    spot: int
    gap: int
    cost_clp: int
    cost_assumed_clp: int
    kept: float
    kept_bad_day: float
    held: int
    doors_missing: int
    doors_note: str
    shifts_lack: str
    spot_why: str
    event: str | None


class CapacityCurvePointView(View):
    """What a target comes to over all days."""

    target: float
    cost_clp: int
    kept: float
    gap: int


class LearntView(View):
    """What minutes of routes rest on.

    ``routes`` on ``days`` of its own taught the depot's roads; 0 while the general formula is
    used, with ``days_missing`` until it is not. ``service_min`` of a visit was seen in ``visits``;
    0 visits while it is the usual one.
    """

    days: int
    routes: int
    days_missing: int
    service_min: float
    visits: int


class DeliveryDaysView(View):
    """When an operator delivers, as the terms of offer say it.

    An order placed by ``cut_off`` arrives ``lead_days`` later, weekday 0 is Monday. ``closed`` are
    the days of the board without deliveries that their weekday would have.
    """

    cut_off: time
    lead_days: int
    weekdays: list[int]
    closed: list[date]


class DepotCapacityView(View):
    """A depot's days at its target; ``worst_day`` is null where every day keeps all of it.

    ``curve`` is empty where a contract lasts several days, as each target then takes a search.
    ``own_day_cost_clp`` is the mean of the vehicles that have a price, ``own_cost_from`` says
    whose; the others are taken to cost the same, and ``cost_assumed_clp`` of the cost is theirs.
    ``vehicle_days`` are what all its days take.
    """

    depot: str
    name: str
    target: float
    vehicle_parcels: int
    vehicle_work_min: int
    own_day_cost_clp: int
    own_cost_from: CostFrom
    vehicles: int
    vehicles_priced: int
    vehicle_days: int
    learnt: LearntView
    cost_clp: int
    cost_assumed_clp: int
    kept: float
    gap: int
    worst_day: date | None
    sentence: str
    days: list[CapacityDayView]
    curve: list[CapacityCurvePointView]
    terms: CapacityTermsView


class LeftOutView(View):
    """Deliveries of a day in comunas that are left out."""

    day: date
    deliveries: float


class FreeVansView(View):
    """Vans of depot ``home`` that stay there on a day on which ``other`` hires, or lacks some.

    ``vehicles`` of them would help; moving them saves ``saved_clp``, negative for what it costs
    more. ``sentence`` is one of the board's.
    """

    day: date
    home: str
    other: str
    vehicles: int
    saved_clp: int
    sentence: str


class CapacityView(View):
    """The board; ``lacking`` says why it is empty. Faults are comunas left out, and why.

    ``left_out`` has the days on which they have deliveries: with those of the depots, they are all
    that the forecast of demand says of the day. ``doors_day`` is the day on which doors hold most
    vans back, null where they hold none; ``shifts_day`` the first on which a shift lacks drivers
    while the vans suffice.
    ``cost_assumed_clp`` is what of the cost is of vehicles without a price.
    """

    lacking: Lacking | None
    made_at: datetime | None
    target: float | None
    cost_clp: int
    cost_assumed_clp: int
    kept: float
    gap: int
    headline: str
    sentences: list[str]
    doors_day: date | None
    shifts_day: date | None
    free: list[FreeVansView]
    faults: list[str]
    left_out: list[LeftOutView]
    delivery: DeliveryDaysView | None
    depots: list[DepotCapacityView]


def view_free(found: FreeVans, names: Mapping[str, str]) -> FreeVansView:
    """Free vans with their sentence."""
    return FreeVansView(
        day=found.day,
        home=found.moved.home,
        other=found.moved.other,
        vehicles=found.moved.vehicles,
        saved_clp=found.saved_clp,
        sentence=free_sentence(found, names),
    )


def view_terms(depot: Depot, terms: DepotTerms, author: str | None) -> CapacityTermsView:
    """Terms of a depot, with who wrote them."""
    return CapacityTermsView(
        depot=depot.code,
        contract_vehicles=terms.contract_vehicles,
        contract_carrier=terms.contract_carrier,
        contract_day_cost_clp=terms.contract_day_cost_clp,
        contract_days_min=terms.contract_days_min,
        spot_vehicles=terms.spot_vehicles,
        spot_day_cost_clp=terms.spot_day_cost_clp,
        doors=terms.doors,
        loading_min=terms.loading_min,
        loading_span_min=terms.loading_span_min,
        departures_max=terms.departures_max,
        target=terms.target,
        version=terms.version,
        author=author,
        saved_at=terms.saved_at,
    )


def view_depot(
    board: DepotBoard,
    made: BoardCase,
    inputs: BoardInputs,
    terms: CapacityTermsView,
    lacks: Sequence[DayLack] = (),
) -> DepotCapacityView:
    """A depot with its days; of ``lacks`` those of its shifts are told on them."""
    own, plan = made.own[board.depot], board.plan
    depot = next(each for each in inputs.depots if each.code == board.depot)
    worst = plan.worst
    events = events_delivered(inputs, board.depot)
    uneven = {
        each.date: lack_sentence(each, inputs.terms_of(depot))
        for each in lacks
        if each.kind is Lack.SHIFT and each.depot.depot.code == board.depot
    }
    return DepotCapacityView(
        depot=board.depot,
        name=board.name,
        target=plan.target,
        vehicle_parcels=own.limits.parcels,
        vehicle_work_min=round(own.limits.shift_min),
        own_day_cost_clp=own.day_cost_clp,
        own_cost_from=own.cost_from,
        vehicles=own.vehicles,
        vehicles_priced=own.priced,
        vehicle_days=sum(day.ready for day in plan.days),
        learnt=_learnt(made.learnt[board.depot]),
        cost_clp=round(plan.cost_clp),
        cost_assumed_clp=round(own.assumed_clp(sum(day.own_paid for day in plan.days))),
        kept=plan.kept,
        gap=board.gap,
        worst_day=worst.date if worst and worst.kept < 1 else None,
        sentence=depot_sentence(board),
        days=[
            _day(
                day,
                own,
                place,
                event=events.get(day.date),
                deliveries=made.deliveries.get((board.depot, day.date), 0.0),
                doors_missing=(
                    doors_missing(day.blocked, inputs.terms_of(depot))
                    if day.is_held_by_doors
                    else 0
                ),
                doors_note=(
                    ""
                    if day.is_held_by_doors or not day.gap
                    else blocked_words(day, inputs.terms_of(depot))
                ),
                shifts_lack=uneven.get(day.date, ""),
            )
            for place, day in enumerate(plan.days)
        ],
        curve=[
            CapacityCurvePointView(
                target=each.target, cost_clp=round(each.cost_clp), kept=each.kept, gap=each.gap
            )
            for each in board.curve
        ],
        terms=terms,
    )


def view_delivery(inputs: BoardInputs) -> DeliveryDaysView:
    """The rule, and what it closes of the board's days."""
    rule = inputs.rule
    return DeliveryDaysView(
        cut_off=rule.cut_off.at,
        lead_days=rule.cut_off.days,
        weekdays=sorted(rule.weekdays),
        closed=[
            day
            for day in inputs.outlook.days
            if day >= inputs.first_day and day.weekday() in rule.weekdays and not rule.is_open(day)
        ],
    )


def _learnt(learnt: LearntRoutes) -> LearntView:
    usual_min = SERVICE_TIME_S_DEFAULT / MINUTE_S
    return LearntView(
        days=learnt.coefficients.days,
        routes=learnt.coefficients.routes,
        days_missing=max(0, DAYS_MIN - learnt.days_known),
        service_min=usual_min if learnt.service_min is None else learnt.service_min,
        visits=learnt.visits,
    )


def _day(
    day: DayPlan,
    own: OwnFleet,
    place: int,
    *,
    event: str | None,
    deliveries: float,
    doors_missing: int,
    doors_note: str,
    shifts_lack: str,
) -> CapacityDayView:
    return CapacityDayView(
        day=day.date,
        deliveries=deliveries,
        needed_p50=day.vehicles_p50,
        needed_p97=day.vehicles_p97,
        ready=day.ready,
        own=day.mix.own,
        own_there=own.by_day[place],
        own_from=own.sources[place],
        own_paid=day.own_paid,
        idle=own.without_shift[place],
        contracted=sum(day.mix.contracted),
        spot=sum(day.mix.spot),
        gap=day.gap,
        cost_clp=round(day.cost_clp),
        cost_assumed_clp=round(own.assumed_clp(day.own_paid)),
        kept=day.kept,
        kept_bad_day=day.kept_p05,
        held=day.held,
        doors_missing=doors_missing,
        doors_note=doors_note,
        shifts_lack=shifts_lack,
        spot_why=called_words(day, own.by_day[place] - day.own_paid + own.without_shift[place]),
        event=event,
    )
