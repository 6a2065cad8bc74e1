"""Rules of breaks, trips, overtime, duty, bonds and exclusions, each broken on purpose."""

from __future__ import annotations

from dataclasses import replace

from promesa.domain.fleet import Load
from promesa.routing.checker import check
from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.plan import RELOAD, Plan, PlannedRoute, Sequences
from promesa.routing.problem import Balance, Bond, Break, Depot, Problem
from promesa.routing.schedule import make_plan
from tests.support.routing_days import MINUTE_S, at, day, stop, van, window

# Between P-10, sharp at 20, and P-20, sharp at 80, half an hour within [22-75]: from 22 to 52.
REST = Break(start_s=at(22), end_s=at(75), duration_s=30 * MINUTE_S)
APART = [stop(10, windows=(window(20, 20),)), stop(20, windows=(window(80, 80),))]
RESTED = day(APART, [van(breaks=(REST,))])
TWICE = day([stop(5), stop(10)], [van(trips_max=2, loading_time_s=15 * MINUTE_S)])


def _with(plan: Plan, route: PlannedRoute) -> Plan:
    return replace(plan, routes=(route,), cost_clp=route.cost_clp)


def _only(violations: tuple[Violation, ...], rule: Rule) -> Violation:
    assert [violation.rule for violation in violations] == [rule]
    return violations[0]


def _rules(problem: Problem, plan: Plan) -> set[Rule]:
    return {violation.rule for violation in check(problem, plan)}


def test_breaks_trips_and_bonds_that_are_kept_break_nothing() -> None:
    assert check(RESTED, make_plan(RESTED, {0: (0, 1)})) == ()
    assert check(TWICE, make_plan(TWICE, {0: (0, RELOAD, 1)})) == ()
    bound = replace(TWICE, bonds=(Bond(stops=(1, 0), in_order=True, carried=Load(parcels=2)),))
    assert check(bound, make_plan(bound, {0: (1, 0)})) == ()


def test_a_break_with_no_place_is_missed() -> None:
    """The same route, by a driver who is to rest within [30-65], on the road to and at P-20."""
    plan = make_plan(day(APART), {0: (0, 1)})
    hungry = day(APART, [van(breaks=(replace(REST, start_s=at(30), end_s=at(65)),))])
    assert _only(check(hungry, plan), Rule.BREAK_MISSED).amount == 1


def test_a_break_may_be_had_before_leaving_or_once_back() -> None:
    plan = make_plan(day(APART), {0: (0, 1)})
    assert (plan.routes[0].departure_s, plan.routes[0].end_s) == (at(10), at(102))
    for span in ((-60, 10), (90, 140)):
        early_or_late = Break(start_s=at(span[0]), end_s=at(span[1]), duration_s=30 * MINUTE_S)
        assert check(day(APART, [van(breaks=(early_or_late,))]), plan) == ()


def test_a_break_of_another_length_or_hour_is_wrong() -> None:
    plan = make_plan(RESTED, {0: (0, 1)})
    longer = day(APART, [van(breaks=(replace(REST, duration_s=31 * MINUTE_S),))])
    assert _rules(longer, plan) == {Rule.BREAK_WRONG, Rule.BREAK_MISSED}
    later = day(APART, [van(breaks=(replace(REST, start_s=at(23)),))])
    assert _rules(later, plan) == {Rule.BREAK_WRONG, Rule.BREAK_MISSED}
    nobodys = day(APART, [van()])
    assert _only(check(nobodys, plan), Rule.BREAK_WRONG).amount == 1


def test_a_break_during_the_service_is_wrong() -> None:
    plan = make_plan(RESTED, {0: (0, 1)})
    route = plan.routes[0]
    (pause,) = route.pauses
    for wrong in (
        replace(pause, is_before=True),
        replace(pause, visit=7),
        replace(pause, is_at_depot=True),
    ):
        assert Rule.BREAK_WRONG in _rules(RESTED, _with(plan, replace(route, pauses=(wrong,))))


def test_a_break_left_out_of_the_plan_leaves_time_nobody_explains() -> None:
    plan = make_plan(RESTED, {0: (0, 1)})
    without = _with(plan, replace(plan.routes[0], pauses=()))
    assert _rules(RESTED, without) == {Rule.SERVICE_TIME, Rule.BREAK_MISSED}


def test_trips_too_many_are_counted() -> None:
    once = day([stop(5), stop(10)], [van(loading_time_s=15 * MINUTE_S)])
    plan = make_plan(TWICE, {0: (0, RELOAD, 1)})
    assert _only(check(once, plan), Rule.TRIPS_MAX).amount == 1


def test_loading_takes_its_time_while_the_depot_is_open() -> None:
    plan = make_plan(TWICE, {0: (0, RELOAD, 1)})
    hasty = day([stop(5), stop(10)], [van(trips_max=2, loading_time_s=20 * MINUTE_S)])
    assert _only(check(hasty, plan), Rule.RELOAD_WRONG).amount == 5 * MINUTE_S
    early = [Depot(id="CD", location=0, close_s=at(26))]
    shut = day([stop(5), stop(10)], [van(trips_max=2, loading_time_s=900)], depots=early)
    late = [found for found in check(shut, plan) if found.rule is Rule.RELOAD_WRONG]
    assert [found.amount for found in late] == [MINUTE_S]


def test_a_return_stands_between_two_trips() -> None:
    plan = make_plan(TWICE, {0: (0, RELOAD, 1)})
    route = plan.routes[0]
    for visit in (0, 2):
        moved = replace(route, reloads=(replace(route.reloads[0], visit=visit),))
        assert Rule.RELOAD_WRONG in _rules(TWICE, _with(plan, moved))


def test_each_trip_has_the_whole_capacity_and_no_more() -> None:
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    tight = day([stop(5), stop(10)], [van(capacity=room, trips_max=2)])
    assert check(tight, make_plan(tight, {0: (0, RELOAD, 1)})) == ()
    assert _only(check(tight, make_plan(tight, {0: (0, 1)})), Rule.CAPACITY).amount == 1
    plan = make_plan(tight, {0: (0, RELOAD, 1)})
    full = replace(plan.routes[0].reloads[0], load_start=Load(parcels=2))
    found = check(tight, _with(plan, replace(plan.routes[0], reloads=(full,))))
    assert {each.rule for each in found} == {Rule.LOAD_WRONG}


def test_what_a_bond_carries_takes_room_from_its_first_stop_to_its_last() -> None:
    bond = Bond(stops=(0, 2), in_order=True, carried=Load(parcels=9))
    problem = replace(day([stop(1), stop(2), stop(3)]), bonds=(bond,))
    plan = make_plan(problem, {0: (0, 1, 2)})
    assert _only(check(problem, plan), Rule.CAPACITY).amount == 1


def test_overtime_is_a_rule_only_beyond_its_limit_and_is_noted_right() -> None:
    """P-10 and back take until 22; the shift ends at 10."""
    plan = make_plan(day([stop(10)]), {0: (0,)})
    route = replace(plan.routes[0], overtime_s=12 * MINUTE_S)
    enough = day([stop(10)], [van(shift_end_s=at(10), overtime_max_s=12 * MINUTE_S)])
    assert check(enough, _with(plan, route)) == ()
    scarce = day([stop(10)], [van(shift_end_s=at(10), overtime_max_s=10 * MINUTE_S)])
    assert _only(check(scarce, _with(plan, route)), Rule.OVERTIME).amount == 2 * MINUTE_S
    assert _only(check(enough, plan), Rule.OVERTIME_WRONG).amount == 12 * MINUTE_S
    paid = day(
        [stop(10)],
        [van(shift_end_s=at(10), overtime_max_s=720, overtime_hour_cost_clp=5_000)],
    )
    assert _only(check(paid, _with(plan, route)), Rule.COST_WRONG).amount == 1_000


def test_leaving_after_the_latest_start_is_caught() -> None:
    plan = make_plan(day([stop(10, windows=(window(60, 70),))]), {0: (0,)})
    prompt = day([stop(10, windows=(window(60, 70),))], [van(latest_start_s=at(45))])
    assert _only(check(prompt, plan), Rule.LATEST_START).amount == 5 * MINUTE_S


def test_driving_and_duty_have_their_most() -> None:
    plan = make_plan(day([stop(10)]), {0: (0,)})
    short = day([stop(10)], [van(driving_max_s=19 * MINUTE_S)])
    assert _only(check(short, plan), Rule.DRIVING_MAX).amount == MINUTE_S
    brief = day([stop(10)], [van(duty_max_s=20 * MINUTE_S)])
    assert _only(check(brief, plan), Rule.DUTY_MAX).amount == 2 * MINUTE_S
    less = replace(plan.routes[0], driving_s=0)
    found = _only(check(day([stop(10)]), _with(plan, less)), Rule.DRIVING_WRONG)
    assert found.amount == 20 * MINUTE_S


def test_an_excluded_vehicle_is_caught() -> None:
    problem = day([stop(10, excluded_vehicles=frozenset({"V-1", "V-9"}))])
    found = _only(check(problem, make_plan(problem, {0: (0,)})), Rule.EXCLUDED)
    assert (found.vehicle, found.stop) == ("V-1", "P-10")


def test_bound_stops_in_two_vans_two_trips_or_half_left_out_are_split() -> None:
    vans = [van(trips_max=2), van("V-2")]
    bound = replace(day([stop(5), stop(10)], vans), bonds=(Bond(stops=(0, 1)),))
    apart: tuple[Sequences, ...] = ({0: (0,), 1: (1,)}, {0: (0, RELOAD, 1)}, {0: (0,)})
    for sequences in apart:
        found = _only(check(bound, make_plan(bound, sequences)), Rule.BOND_SPLIT)
        assert (found.amount, found.stop) == (1, "P-5")
    assert check(bound, make_plan(bound, {})) == ()
    assert check(bound, make_plan(bound, {0: (1, 0)})) == ()


def test_bound_stops_out_of_order_are_caught() -> None:
    bound = replace(day([stop(5), stop(10)]), bonds=(Bond(stops=(0, 1), in_order=True),))
    assert _only(check(bound, make_plan(bound, {0: (1, 0)})), Rule.BOND_ORDER).amount == 1


def test_an_open_route_ends_where_its_last_stop_is() -> None:
    problem = day([stop(10)], [van(end_depot=None)])
    plan = make_plan(problem, {0: (0,)})
    assert check(problem, plan) == ()
    longer = replace(plan.routes[0], end_s=plan.routes[0].end_s + 60)
    assert Rule.TRAVEL_TIME in _rules(problem, _with(plan, longer))
    assert Rule.TRAVEL_TIME in _rules(day([stop(10)]), plan)


def test_a_route_that_leaves_a_closed_depot_is_caught() -> None:
    stops = [stop(10, windows=(window(60, 90),))]
    plan = make_plan(day(stops, [van(end_depot=None)]), {0: (0,)})
    assert plan.routes[0].departure_s == at(50)
    depots = [Depot(id="CD", location=0, open_s=at(0), close_s=at(30))]
    closed = day(stops, [van(end_depot=None)], depots=depots)
    assert _only(check(closed, plan), Rule.LATEST_START).amount == 20 * MINUTE_S


def test_a_service_put_off_for_no_reason_is_caught() -> None:
    problem = day([stop(10), stop(20)])
    slow = day([stop(10, windows=(window(20, 30),)), stop(20)], [van(latest_start_s=at(0))])
    plan = make_plan(slow, {0: (0, 1)})
    assert _only(check(problem, plan), Rule.SERVICE_TIME).amount == 10 * MINUTE_S


def test_uneven_work_and_unknown_parts_of_town_break_nothing() -> None:
    """They are prices of the search, and nobody pays them."""
    strangers = [van(areas=frozenset({"sur"}), unfamiliar_price_clp=9_000)]
    balance = Balance(stop_price_clp=1_000, hour_price_clp=1_000)
    problem = replace(day([stop(10, area="norte")], strangers), balance=balance)
    assert check(problem, make_plan(problem, {0: (0,)})) == ()
