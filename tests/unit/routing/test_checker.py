"""A good plan passes; each rule, broken on purpose, is caught with its amount."""

from dataclasses import replace

from promesa.domain.fleet import Load
from promesa.routing.checker import check
from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.plan import Plan, PlannedRoute
from promesa.routing.problem import NOTHING, Problem
from promesa.routing.schedule import make_plan, time_route
from tests.support.routing_days import MINUTE_S, at, day, line, pickup, stop, van, window

STOPS = [stop(10, windows=(window(0, 30),)), pickup(15), stop(20)]
VANS = [van("V-1"), van("V-2")]
GOOD = day(STOPS, VANS)


def _plan(problem: Problem = GOOD) -> Plan:
    return make_plan(problem, {0: (0, 1, 2)})


def _with_route(plan: Plan, route: PlannedRoute) -> Plan:
    return replace(plan, routes=(route,))


def _only(violations: tuple[Violation, ...], rule: Rule) -> Violation:
    assert {violation.rule for violation in violations} == {rule}
    return violations[0]


def test_a_good_plan_has_no_violations() -> None:
    assert check(GOOD, _plan()) == ()


def test_a_stop_with_no_fate_is_missing() -> None:
    plan = make_plan(GOOD, {0: (0, 1)})
    found = _only(check(GOOD, replace(plan, unserved=())), Rule.STOP_MISSING)
    assert found.stop == "P-20"


def test_a_stop_served_and_left_out_at_once_is_repeated() -> None:
    found = _only(check(GOOD, replace(_plan(), unserved=(1,))), Rule.STOP_REPEATED)
    assert (found.stop, found.amount) == ("P-15", 1)


def test_a_stop_nobody_asked_for_is_unknown() -> None:
    _only(check(GOOD, replace(_plan(), unserved=(7,))), Rule.STOP_UNKNOWN)


def test_a_vehicle_drives_one_route() -> None:
    first, second = time_route(GOOD, 0, (0, 1)), time_route(GOOD, 0, (2,))
    costs = first.cost_clp + second.cost_clp
    plan = replace(_plan(), routes=(first, second), cost_clp=costs)
    assert _only(check(GOOD, plan), Rule.VEHICLE_REPEATED).vehicle == "V-1"


def test_a_vehicle_must_exist() -> None:
    route = replace(_plan().routes[0], vehicle=9)
    _only(check(GOOD, _with_route(_plan(), route)), Rule.VEHICLE_UNKNOWN)


def test_a_missing_skill_is_named() -> None:
    problem = day([stop(1, skills=frozenset({"cold", "heavy"}))], [van(skills={"heavy"})])
    found = _only(check(problem, make_plan(problem, {0: (0,)})), Rule.SKILL_MISSING)
    assert "cold" in found.sentence


def test_a_pinned_stop_stays_with_its_vehicle() -> None:
    problem = day([stop(1, pinned_vehicle="V-2")], VANS)
    _only(check(problem, make_plan(problem, {0: (0,)})), Rule.PIN_BROKEN)


def test_too_many_stops_are_counted() -> None:
    problem = day(STOPS, [van(stops_max=1)])
    assert _only(check(problem, _plan(problem)), Rule.STOPS_MAX).amount == 2


def test_each_measure_of_the_load_has_its_limit() -> None:
    for capacity, unit, amount in (
        (Load(parcels=1, weight_g=10_000, volume_ml=100_000), "bultos", 1),
        (Load(parcels=9, weight_g=1_500, volume_ml=100_000), "g", 500),
        (Load(parcels=9, weight_g=10_000, volume_ml=8_000), "ml", 2_000),
    ):
        problem = day(STOPS, [van(capacity=capacity)])
        found = _only(check(problem, _plan(problem)), Rule.CAPACITY)
        assert (found.unit, found.amount) == (unit, amount)


def test_pickups_count_together_with_what_is_still_to_deliver() -> None:
    """Two deliveries aboard fill the van; a pickup before either is one parcel too many."""
    room = Load(parcels=2, weight_g=9_000, volume_ml=90_000)
    problem = day([pickup(1), stop(2), stop(3)], [van(capacity=room)])
    assert _only(check(problem, make_plan(problem, {0: (0, 1, 2)})), Rule.CAPACITY).amount == 1
    assert check(problem, make_plan(problem, {0: (1, 0, 2)})) == ()


def test_a_load_that_does_not_add_up_is_caught() -> None:
    route = replace(_plan().routes[0], load_start=NOTHING)
    assert {found.rule for found in check(GOOD, _with_route(_plan(), route))} == {Rule.LOAD_WRONG}


def test_leaving_before_the_shift_is_caught() -> None:
    problem = day(STOPS, [van(shift_start_s=at(5))])
    found = _only(check(problem, _plan()), Rule.SHIFT_START)
    assert found.amount == 5 * MINUTE_S


def test_coming_back_after_the_shift_is_caught() -> None:
    end_s = _plan().routes[0].end_s
    problem = day(STOPS, [van(shift_end_s=end_s - 90)])
    assert _only(check(problem, _plan(problem)), Rule.SHIFT_END).amount == 90


def test_a_missed_window_is_caught_on_both_sides() -> None:
    """The plan reaches P-20 at minute 24, fitting neither half an hour before nor after."""
    for span, amount in ((window(0, 20), 4), (window(30, 40), 6)):
        problem = day([*STOPS[:2], stop(20, windows=(span,))], VANS)
        found = _only(check(problem, _plan()), Rule.WINDOW_MISSED)
        assert (found.stop, found.amount) == ("P-20", amount * MINUTE_S)


def test_driving_faster_than_the_roads_allow_is_caught() -> None:
    slower = line(range(21), factors=[1.5])
    violations = check(day(STOPS, VANS, travel=slower), _plan())
    assert _only(violations, Rule.TRAVEL_TIME).amount == 5 * MINUTE_S
    assert len(violations) == 4


def test_an_unreachable_leg_is_caught() -> None:
    island = line(range(21))
    island.seconds[0, 15, 20] = -1
    rules = {found.rule for found in check(day(STOPS, VANS, travel=island), _plan())}
    assert rules == {Rule.UNREACHABLE, Rule.TRAVEL_TIME}


def test_a_shortened_service_is_caught() -> None:
    problem = day([*STOPS[:2], stop(20, service_time_s=5 * MINUTE_S)], VANS)
    found = _only(check(problem, _plan()), Rule.SERVICE_TIME)
    assert (found.stop, found.amount) == ("P-20", 3 * MINUTE_S)


def test_service_that_begins_before_arriving_is_caught() -> None:
    route = _plan().routes[0]
    early = replace(route.visits[2], start_s=route.visits[2].start_s - 30)
    wrong = replace(route, visits=(*route.visits[:2], early))
    _only(check(GOOD, _with_route(_plan(), wrong)), Rule.SERVICE_TIME)


def test_wrong_kilometres_are_caught() -> None:
    route = replace(_plan().routes[0], distance_m=1)
    assert _only(check(GOOD, _with_route(_plan(), route)), Rule.DISTANCE_WRONG).amount == 19_999


def test_a_wrong_cost_is_caught_in_the_route_and_in_the_plan() -> None:
    route = replace(_plan().routes[0], cost_clp=1)
    assert len(check(GOOD, _with_route(_plan(), route))) == 2
    assert _only(check(GOOD, replace(_plan(), cost_clp=0)), Rule.COST_WRONG).amount > 0
