from dataclasses import replace

from promesa.domain.fleet import Load
from promesa.routing.course import Start
from promesa.routing.insertion import find_insertion, list_insertions, spread
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD
from promesa.routing.problem import Bond, Break, Depot
from tests.support.routing_days import MINUTE_S, at, day, line, pickup, stop, van, window


def test_a_stop_on_the_way_adds_only_its_service() -> None:
    """CD ---5--- 10 ---15: the stop at 5 lies on the way out."""
    problem = day([stop(5), stop(10), stop(15)])
    found = find_insertion(problem, [OpenRoute(vehicle=0, stops=(1, 2))], 0)
    assert found is not None
    assert found.timed.stops in {(0, 1, 2), (1, 2, 0)}
    assert (found.added_s, found.added_cost_clp) == (120, 6_000 * 2 // 60)


def test_a_frozen_beginning_stays_as_it_is() -> None:
    problem = day([stop(5), stop(10), stop(15)])
    route = OpenRoute(vehicle=0, stops=(1, 2), frozen=2)
    found = find_insertion(problem, [route], 0)
    assert found is not None
    assert found.timed.stops == (1, 2, 0)


def test_nobody_gets_later_than_their_window_for_it() -> None:
    """Going by 20 first would reach 10 at minute 32, after its window."""
    problem = day([stop(10, windows=(window(0, 15),)), stop(20)])
    found = find_insertion(problem, [OpenRoute(vehicle=0, stops=(0,))], 1)
    assert found is not None
    assert found.timed.stops == (0, 1)


def test_a_route_that_is_late_already_may_take_a_stop_after_it() -> None:
    problem = day([stop(10, windows=(window(0, 5),)), stop(12)])
    found = find_insertion(problem, [OpenRoute(vehicle=0, stops=(0,))], 1)
    assert found is not None
    assert found.timed.stops == (0, 1)


def test_what_does_not_fit_is_not_inserted() -> None:
    full = van(capacity=Load(parcels=1, weight_g=9_000, volume_ml=90_000))
    problem = day([stop(1), stop(2)], [full])
    assert find_insertion(problem, [OpenRoute(vehicle=0, stops=(0,))], 1) is None


def test_a_full_van_takes_a_pickup_after_its_delivery() -> None:
    full = van(capacity=Load(parcels=1, weight_g=9_000, volume_ml=90_000))
    problem = day([stop(5), pickup(2)], [full])
    found = find_insertion(problem, [OpenRoute(vehicle=0, stops=(0,))], 1)
    assert found is not None
    assert found.timed.stops == (0, 1)


def test_offers_come_cheapest_first_and_one_per_route() -> None:
    problem = day([stop(5), stop(6), stop(9)], [van("V-1"), van("V-2")])
    routes = [OpenRoute(vehicle=0, stops=(0,)), OpenRoute(vehicle=1, stops=(2,))]
    offers = list_insertions(problem, routes, 1)
    assert [offer.route for offer in offers] == [1, 0]
    assert offers[0].added_cost_clp < offers[1].added_cost_clp


def test_a_broken_vans_stops_are_spread_over_routes_under_way() -> None:
    """V-1 stands at 4, V-2 at 20; the stops at 5 and 21 go to the van beside each."""
    problem = day([stop(5), stop(21), stop(6), stop(22)], [van("V-1"), van("V-2")])
    routes = [
        OpenRoute(vehicle=0, stops=(2,), start=Start(location=4, ready_s=at(60)), frozen=1),
        OpenRoute(vehicle=1, stops=(3,), start=Start(location=20, ready_s=at(60)), frozen=1),
    ]
    result = spread(problem, routes, [0, 1])
    assert [route.stops for route in result.routes] == [(2, 0), (3, 1)]
    assert result.left == ()


def test_who_has_one_choice_goes_before_who_has_two() -> None:
    """One place is left in the cold van: the cold parcel gets it, the other finds V-2."""
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    cold = frozenset({"cold"})
    vans = [van("V-1", capacity=room, skills=cold), van("V-2", capacity=room)]
    problem = day([stop(5), stop(6, skills=cold)], vans)
    result = spread(problem, [OpenRoute(vehicle=0), OpenRoute(vehicle=1)], [0, 1])
    assert [route.stops for route in result.routes] == [(1,), (0,)]


def test_what_fits_nowhere_is_left_and_told() -> None:
    problem = day([stop(5, windows=(window(0, 2),))])
    assert spread(problem, [OpenRoute(vehicle=0)], [0]).left == (0,)


def test_an_empty_way_between_two_depots_that_is_too_long_excuses_nothing() -> None:
    """A --30-- P --30-- B, and half an hour's driving at most: the stop between fits no better."""
    depots = [Depot(id="A", location=0), Depot(id="B", location=60)]
    far = van(start_depot=0, end_depot=1, driving_max_s=30 * MINUTE_S)
    problem = day([stop(30)], [far], travel=line(range(61)), depots=depots)
    assert find_insertion(problem, [OpenRoute(vehicle=0)], 0) is None


def test_a_stop_is_put_where_the_drivers_break_still_fits() -> None:
    """P-10 sharp at 10, P-20 sharp at 60, a break [12-50] between: P-15 has no time before 60."""
    stops = [
        stop(10, windows=(window(10, 10),)),
        stop(20, windows=(window(60, 60),)),
        stop(15),
    ]
    colacion = Break(start_s=at(12), end_s=at(50), duration_s=37 * MINUTE_S)
    for breaks, expected in (((), (0, 2, 1)), ((colacion,), (0, 1, 2))):
        problem = day(stops, [van(breaks=breaks, latest_start_s=at(0))])
        found = find_insertion(problem, [OpenRoute(vehicle=0, stops=(0, 1))], 2)
        assert found is not None
        assert found.timed.stops == expected
        assert found.timed.breaks_missed == 0


def test_a_full_van_takes_a_stop_on_a_trip_of_its_own() -> None:
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    problem = day([stop(5), stop(10)], [van(capacity=room, trips_max=2)])
    found = find_insertion(problem, [OpenRoute(vehicle=0, stops=(0,))], 1)
    assert found is not None
    assert found.timed.sequence in {(0, RELOAD, 1), (1, RELOAD, 0)}
    assert found.added_cost_clp == 6_000 * 22 // 60 + 100 * 10
    result = spread(problem, [OpenRoute(vehicle=0)], [0, 1])
    assert (len(result.routes[0].stops), result.left) == (3, ())
    once = day([stop(5), stop(10)], [van(capacity=room)])
    assert find_insertion(once, [OpenRoute(vehicle=0, stops=(0,))], 1) is None


def test_a_stop_finds_room_on_the_trip_that_has_it() -> None:
    """Two parcels fit: the first trip is full, the second has one place left."""
    room = Load(parcels=2, weight_g=9_000, volume_ml=90_000)
    problem = day([stop(5), stop(6), stop(9), stop(4)], [van(capacity=room, trips_max=2)])
    found = find_insertion(problem, [OpenRoute(vehicle=0, stops=(0, 1, RELOAD, 2))], 3)
    assert found is not None
    assert found.timed.sequence in {(0, 1, RELOAD, 3, 2), (0, 1, RELOAD, 2, 3)}


def test_bound_stops_are_put_in_together_and_in_order() -> None:
    """From P-9 something goes to P-3: out first, then back by P-3, whatever lies between."""
    bond = Bond(stops=(1, 2), in_order=True, carried=Load(parcels=9))
    problem = replace(day([stop(6), stop(9), stop(3)]), bonds=(bond,))
    for asked in (1, 2):
        found = find_insertion(problem, [OpenRoute(vehicle=0, stops=(0,))], asked)
        assert found is not None
        assert (found.stops, found.timed.stops) == ((1, 2), (0, 1, 2))
    result = spread(problem, [OpenRoute(vehicle=0, stops=(0,))], [1, 2])
    assert ([made.stops for made in result.insertions], result.left) == ([(1, 2)], ())


def test_bound_stops_that_do_not_fit_together_are_both_left() -> None:
    bond = Bond(stops=(0, 1))
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    problem = replace(day([stop(5), stop(6)], [van(capacity=room)]), bonds=(bond,))
    assert spread(problem, [OpenRoute(vehicle=0)], [0, 1]).left == (0, 1)


def test_a_stop_goes_where_the_one_bound_to_it_is() -> None:
    bond = Bond(stops=(0, 1))
    problem = replace(day([stop(5), stop(6), stop(6, id="Q")], [van(), van("V-2")]), bonds=(bond,))
    routes = [OpenRoute(vehicle=0, stops=(2,)), OpenRoute(vehicle=1, stops=(0,))]
    offers = list_insertions(problem, routes, 1)
    assert [(offer.route, offer.stops) for offer in offers] == [(1, (1,))]


def test_after_the_last_stop_of_an_open_route_nobody_drives_home() -> None:
    problem = day([stop(5), stop(20)], [van(end_depot=None)])
    found = find_insertion(problem, [OpenRoute(vehicle=0, stops=(0,))], 1)
    assert found is not None
    assert (found.timed.stops, found.added_s) == ((0, 1), 17 * MINUTE_S)


def test_who_needs_a_trip_of_his_own_is_offered_it_again_once_another_went_in() -> None:
    """P-2 fits beside P-1; P-3 fills the van, and is no position of the route there is."""
    full = Load(parcels=3, weight_g=3_000, volume_ml=15_000)
    problem = day([stop(1), stop(2), stop(3, delivered=full)], [van(capacity=full, trips_max=2)])
    start = Start(location=0, ready_s=at(0))
    result = spread(problem, [OpenRoute(vehicle=0, stops=(0,), start=start)], [1, 2])
    assert result.left == ()
    (route,) = result.routes
    assert route.stops[2:] == (RELOAD, 2)
