"""What of the harness can be wrong without being noticed: dealing, judging, measuring, telling."""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from benchmarks import cases, measured, metropolitan
from benchmarks.cputime import CpuBudget, CpuSpending
from benchmarks.judging import judge
from benchmarks.peers.peer import ROSTER, Route
from benchmarks.record import HEAD, Row, line_of, machine, page_of, table_of
from promesa.routing.instances.instance import Instance

CVRP = """NAME : tiny
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 5
NODE_COORD_SECTION
1 0 0
2 0 10
3 0 20
4 0 30
DEMAND_SECTION
1 0
2 5
3 5
4 5
"""


@pytest.fixture(name="day")
def _day(tmp_path: Path) -> Instance:
    """Six stops and three vans, two of them at the first depot."""
    path = tmp_path / "metropolitan-6-1.npz"
    metropolitan.write_day(path, 6, 1)
    return cases.Case(name="day-6-1", kind="day", path=path, vans=3).instance()


def _cvrp(folder: Path) -> cases.Case:
    (folder / "tiny.vrp").write_text(CVRP)
    (folder / "tiny.sol").write_text("Route #1: 1\nCost 100\n")
    return cases.case_of("tiny", folder, folder)


def test_routes_get_vans_of_their_depot_and_then_of_another(day: Instance) -> None:
    """Three routes of a depot that has one van: the other two go to the other depot's."""
    routes = [Route(depot=1, stops=pair) for pair in ((0, 1), (2, 3), (4, 5))]
    verdict = judge(day, routes)
    assert (verdict.routes, verdict.unserved) == (3, 0)


def test_routes_beyond_a_limited_fleet_are_not_driven(day: Instance) -> None:
    """The shortest of four is left without a van, so its stop is unserved."""
    routes = [Route(depot=0, stops=stops) for stops in ((0, 1), (2,), (3, 4), (5,))]
    verdict = judge(day, [*routes])
    assert (verdict.routes, verdict.unserved, verdict.is_kept) == (3, 1, False)


def test_vans_are_added_where_the_instance_limits_none(tmp_path: Path) -> None:
    """What we offer is our own guess; a solver that takes more is no worse for it."""
    case = _cvrp(tmp_path)
    instance = case.instance()
    one_van = replace(instance.problem, vehicles=instance.problem.vehicles[:1])
    verdict = judge(
        replace(instance, problem=one_van), [Route(depot=0, stops=(stop,)) for stop in range(3)]
    )
    assert (verdict.cost, verdict.routes, verdict.broken) == (20 + 40 + 60, 3, {})


def test_too_much_load_and_late_visits_are_counted(tmp_path: Path) -> None:
    instance = _cvrp(tmp_path).instance()
    verdict = judge(instance, [Route(depot=0, stops=(0, 1)), Route(depot=0, stops=(2,))])
    assert verdict.broken == {"capacity": 1}
    path = tmp_path / "metropolitan-4-1.npz"
    arrays = metropolitan.make_day(4, 1)
    arrays["window_s"][2:] = (30_600, 30_601)
    np.savez(path, allow_pickle=False, **arrays)
    hourly = cases.Case(name="hourly-4-1", kind="hourly", path=path).instance()
    verdict = judge(hourly, [Route(depot=0, stops=(0, 1, 2, 3))])
    assert verdict.late == verdict.broken["window_missed"] == 4


def test_the_best_known_cost_is_read_beside_the_file(tmp_path: Path) -> None:
    assert _cvrp(tmp_path).best_known() == 100.0


def test_what_is_named_after_a_seed_is_made_once(tmp_path: Path) -> None:
    first = cases.case_of("metropolitan-12-3", tmp_path, tmp_path)
    written = first.path.stat().st_mtime_ns
    again = cases.case_of("day-12-3", tmp_path, tmp_path)
    assert (again.path, again.path.stat().st_mtime_ns) == (first.path, written)
    assert (len(first.instance().problem.stops), again.vans) == (12, 2)
    assert len(cases.case_of("belgium-40-1", tmp_path, tmp_path).instance().problem.stops) == 40
    with pytest.raises(FileNotFoundError):
        cases.case_of("nowhere", tmp_path, tmp_path)


def test_our_engine_runs_in_its_own_process_and_is_measured(tmp_path: Path) -> None:
    case = _cvrp(tmp_path)
    found = measured.run("promesa", case, seconds=0.2, seed=1, processes=1)
    assert found.error == ""
    assert judge(case.instance(), found.routes).cost == 20 + 40 + 60
    assert found.memory_mb > 20
    assert found.setup_cpu_s > 0
    assert found.search_cpu_s > 0


def test_a_solver_that_fails_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    case = _cvrp(tmp_path)
    case.path.write_text("NAME : broken\n")
    found = measured.run("promesa", case, seconds=0.1, seed=1, processes=1)
    assert "DIMENSION" in found.error
    assert found.routes == ()


def test_a_solver_that_never_ends_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measured, "OVERTIME", 0.0)
    monkeypatch.setattr(measured, "SETUP_S", 0.3)
    found = measured.run("promesa", _cvrp(tmp_path), seconds=3_600, seed=1, processes=1)
    assert "no answer" in found.error


def test_cpu_seconds_pass_only_while_working() -> None:
    spending = CpuSpending(0.05)
    assert spending.share(0) < 1
    while not spending(0):
        sum(range(1_000))
    assert spending.share(0) >= 1
    assert CpuBudget(1.0).start().share(0) < 1


def _row(**fields: object) -> Row:
    known: dict[str, object] = {
        "case": "c", "solver": "s", "budget_s": 10.0, "seed": 1, "processes": 1, "load": 0.5,
    }  # fmt: skip
    return Row(**{**known, **fields})  # type: ignore[arg-type]


def test_a_search_that_others_kept_waiting_is_marked() -> None:
    busy = _row(cost=5.0, search_cpu_s=6.0, search_wall_s=10.0, broken={})
    assert "6.0 †" in line_of(busy)
    assert "†" not in line_of(replace(busy, search_cpu_s=9.8))
    # One that gave up early was not kept waiting.
    assert "†" not in line_of(replace(busy, search_wall_s=6.0))


def test_every_row_has_the_columns_of_the_head() -> None:
    rows = [_row(cost=1.0, broken={"capacity": 2}), _row(error="no answer in 60 s")]
    lines = table_of(rows).splitlines()
    assert {line.count("|") for line in lines} == {HEAD.splitlines()[0].count("|")}
    assert "capacity 2" in lines[2]
    assert "no answer in 60 s" in lines[3]


def test_a_page_says_what_its_figures_depend_on() -> None:
    about = machine(datetime(2026, 11, 28, tzinfo=UTC), ["promesa", "no-such-package"])
    page = page_of(about, [_row(cost=1.0, load=0.5), _row(cost=1.0, load=7.25)])
    assert "2026-11-28" in page
    assert "0.5 to 7.25" in page
    assert "promesa 0.1" in page
    assert "no-such-package" not in page


def test_no_peer_is_imported_before_its_own_process() -> None:
    assert not {module for module in ROSTER.values() if module in sys.modules}
    assert json.dumps(ROSTER)
