"""Own, contracted and spot vehicles: who is paid when, and which mix is cheapest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from promesa.planning.capacity.sources import (
    Contract,
    DepotFleet,
    Mix,
    Spot,
    cheapest_mix,
    mean_cost_clp,
    spot_called,
)

FLEET = DepotFleet(
    depot="QUI",
    own=4,
    own_day_cost_clp=70,
    contracts=(Contract(name="Ruta Sur", vehicles_max=3, day_cost_clp=90),),
    spot=(
        Spot(name="caro", vehicles_max=2, day_cost_clp=200),
        Spot(name="barato", vehicles_max=1, day_cost_clp=150),
    ),
)


def test_own_vehicles_go_out_first_then_the_contract() -> None:
    always_six = np.full(10, 6.0)
    assert cheapest_mix(FLEET, 6, always_six) == Mix(own=4, contracted=(2,), spot=(0, 0))


def test_a_vehicle_that_is_seldom_needed_is_called_and_not_hired() -> None:
    """Five vehicles always, a sixth one day in ten: 90 every day, or 150 one day in ten."""
    need = np.array([5.0] * 9 + [6.0])
    assert cheapest_mix(FLEET, 6, need) == Mix(own=4, contracted=(1,), spot=(0, 1))


def test_the_cheapest_spot_vehicle_comes_first() -> None:
    mix = Mix(own=4, contracted=(0,), spot=(2, 1))
    called = spot_called(FLEET, mix, np.array([4.0, 4.2, 6.0, 9.0]))
    assert called.tolist() == [[0, 0], [0, 1], [1, 1], [2, 1]]


def test_spot_vehicles_cost_only_when_they_come_and_the_others_always() -> None:
    mix = Mix(own=2, contracted=(1,), spot=(0, 1))
    assert mean_cost_clp(FLEET, mix, np.array([1.0, 4.0])) == 2 * 70 + 90 + 150 / 2


def test_no_more_than_there_is_can_be_ready() -> None:
    mix = cheapest_mix(FLEET, 50, np.full(4, 50.0))
    assert mix == Mix(own=4, contracted=(3,), spot=(2, 1))


def test_doors_hold_vehicles_back() -> None:
    held = DepotFleet(depot="QUI", own=4, own_day_cost_clp=70, departures_max=3)
    assert cheapest_mix(held, 4, np.full(4, 4.0)).vehicles == 3


def test_a_spot_vehicle_cheaper_than_an_own_one_is_called() -> None:
    """Spot at 60 beats own at 70 even when it always comes: price decides, not habit."""
    fleet = DepotFleet(
        depot="QUI",
        own=2,
        own_day_cost_clp=70,
        spot=(Spot(name="s", vehicles_max=1, day_cost_clp=60),),
    )
    assert cheapest_mix(fleet, 2, np.full(4, 2.0)) == Mix(own=1, contracted=(), spot=(1,))


def test_among_hundreds_of_spot_vehicles_the_cheapest_number_is_found() -> None:
    """Of 30 vehicles 20 are needed on half of the days only: called at 150, or firm at 90."""
    fleet = DepotFleet(
        depot="QUI",
        own=5,
        own_day_cost_clp=50,
        contracts=(Contract(name="c", vehicles_max=400, day_cost_clp=90),),
        spot=(Spot(name="s", vehicles_max=900, day_cost_clp=150),),
    )
    need = np.array([10.0, 30.0])
    mix = cheapest_mix(fleet, 30, need)
    assert (mix.own, mix.contracted, mix.spot) == (5, (5,), (20,))
    dearer = replace(fleet, spot=(replace(fleet.spot[0], day_cost_clp=190),))
    assert cheapest_mix(dearer, 30, need).spot == (0,)


def test_own_vehicles_with_a_shift_drive_before_one_that_is_seldom_called() -> None:
    """Two always, a third one day in ten: 15 on average if it is called, nothing if it is there."""
    need = np.array([2.0] * 9 + [3.0])
    seldom = replace(FLEET, contracts=(), spot=(FLEET.spot[1],))
    assert cheapest_mix(seldom, 3, need) == Mix(own=2, contracted=(), spot=(1,))
    assert cheapest_mix(replace(seldom, rostered=4), 3, need) == Mix(
        own=3, contracted=(), spot=(0,)
    )


def test_own_vehicles_with_a_shift_drive_before_a_cheaper_contract() -> None:
    cheap = replace(FLEET, contracts=(replace(FLEET.contracts[0], day_cost_clp=10),))
    assert cheapest_mix(cheap, 3, np.full(4, 3.0)).contracted == (3,)
    rostered = cheapest_mix(replace(cheap, rostered=2), 4, np.full(4, 4.0))
    assert rostered == Mix(own=2, contracted=(2,), spot=(0, 0))


def test_a_vehicle_with_a_shift_is_paid_though_it_stays() -> None:
    """Two drive of the four that are paid; a hire is not one of them."""
    mix = Mix(own=2, contracted=(1,), spot=(0, 0))
    assert mean_cost_clp(replace(FLEET, rostered=4), mix, np.full(4, 3.0)) == 4 * 70 + 90


def test_fewer_vehicles_are_fewer_with_a_shift() -> None:
    fleet = replace(FLEET, own=5, own_by_day=(5, 5), rostered_by_day=(4, 0)).fewer(2)
    assert (fleet.own_by_day, fleet.rostered_by_day) == ((3, 3), (3, 0))
