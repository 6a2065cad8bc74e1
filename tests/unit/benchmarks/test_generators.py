"""The days and instances that benchmarks make: the same for a seed, and as described."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks import belgium, metropolitan
from promesa.routing.instances.metropolitan import read_metropolitan_hourly
from promesa.routing.instances.reading import read_instance

FREE_FLOW_S = [0, 3773, 2436, 1147]
ALL_DAY, ONE_TO_THREE = [30_600, 63_000], [46_800, 54_000]
WINDOWS_S = [ONE_TO_THREE, ALL_DAY, ALL_DAY, ALL_DAY, ONE_TO_THREE, ALL_DAY]
SERVICES_S = [265, 220, 270, 250, 260, 260]


def test_a_metropolitan_day_is_the_same_for_its_seed_and_another_for_another() -> None:
    once, again, other = (metropolitan.make_day(30, seed) for seed in (1, 1, 2))
    assert all(once[name].tobytes() == again[name].tobytes() for name in once)
    assert once["free_flow_s"].tobytes() != other["free_flow_s"].tobytes()


def test_a_metropolitan_day_keeps_the_order_of_its_draws() -> None:
    """Figures of the first generator; another order of draws would be another city."""
    day = metropolitan.make_day(1_000, 1)
    assert int(day["demand"].sum()) == 1_215
    assert day["free_flow_s"][0, :4].tolist() == FREE_FLOW_S
    assert day["window_s"][2:8].tolist() == WINDOWS_S
    assert day["service_s"][2:8].tolist() == SERVICES_S


def test_a_metropolitan_file_is_read_with_its_breaks(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "day.npz"
    metropolitan.write_day(path, 20, 3)
    instance = read_metropolitan_hourly(path, with_breaks=True, vans=5)
    assert len(instance.problem.stops) == 20
    assert instance.problem.vehicles[0].breaks[0].duration_s == 45 * 60
    assert [stop.windows[0].end_s <= 63_000 for stop in instance.problem.stops] == [True] * 20


@pytest.mark.parametrize(("routes", "capacity"), [("short", 30), ("long", 150)])
def test_a_belgian_instance_is_read_as_it_was_made(
    tmp_path: Path, routes: str, capacity: int
) -> None:
    path = tmp_path / "b.vrp"
    path.write_text(belgium.make_file(200, 5, depot="eccentric", routes=routes))
    instance = read_instance(path)
    assert len(instance.problem.stops) == 200
    assert {van.capacity.parcels for van in instance.problem.vehicles} == {capacity}
    places = belgium.make_places(200, 5, "eccentric")
    travel = instance.problem.travel
    assert travel.distance_m(0, 7, 0) == round(float(np.hypot(*(places[0] - places[7]))))


def test_a_belgian_instance_has_the_known_shares_and_is_the_same_for_its_seed() -> None:
    demands = belgium.make_demands(4_000, 1)
    assert demands[0] == 0
    shares = np.bincount(demands[1:])[1:] / 4_000
    assert np.abs(shares - belgium.DEMAND_SHARES).max() < 0.03
    assert belgium.make_file(300, 1) == belgium.make_file(300, 1)
    assert belgium.make_file(300, 1) != belgium.make_file(300, 2)


def test_a_belgian_depot_is_in_the_middle_or_at_the_edge() -> None:
    middle, edge = (belgium.make_places(1_000, 1, depot) for depot in belgium.DEPOTS)
    assert (middle[1:] == edge[1:]).all()
    apart = [np.hypot(*(places[1:] - places[0]).T).mean() for places in (middle, edge)]
    assert apart[1] > 1.4 * apart[0]
