"""Workers: real processes, and what they leave behind."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from promesa.kernel.clock import stopwatch_s
from promesa.routing import solver
from promesa.routing.budget import Budget
from promesa.routing.checker import check
from promesa.routing.parts.rounds import Cuts, search_in_parts
from promesa.routing.parts.workers import ALONE, Here, Workers, processes
from promesa.routing.problem import Problem
from tests.meta.tree import ROOT
from tests.support.routing_days import day, stop, van, window

GONE_WITHIN_S = 20.0
STARTS_WORKERS = """
import os, sys, time
from promesa.routing.parts.workers import processes
if __name__ == "__main__":
    with processes(2) as workers:
        print(*{workers.executor.submit(os.getpid).result() for _ in range(9)}, flush=True)
        time.sleep(600)
"""


def _day() -> Problem:
    windows = (window(0, 200), window(100, 400))
    stops = [stop(place, windows=(windows[place % 2],)) for place in range(1, 41)]
    return day(stops, [van(f"V-{number}", stops_max=9) for number in range(8)])


def _found(problem: Problem, workers: Workers) -> object:
    return search_in_parts(
        problem,
        [50_000] * len(problem.stops),
        20,
        Budget(iterations=4_000),
        7,
        workers=workers,
        cuts=Cuts(part_stops=10),
    )


def test_processes_find_what_one_process_finds() -> None:
    problem = _day()
    with processes(2) as workers:
        assert isinstance(workers.executor, Here) is False
        assert _found(problem, workers) == _found(problem, ALONE)


def test_a_big_day_is_planned_in_parts_and_a_small_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem, budget = _day(), Budget(iterations=4_000)
    with ThreadPoolExecutor(2) as pool:
        workers = Workers(executor=pool, count=2)
        small = solver.solve(problem, budget, 7, workers=workers)
        assert pool._threads == set()
        monkeypatch.setattr(solver, "BIG_STOPS", 40)
        big = solver.solve(problem, budget, 7, workers=workers)
        assert pool._threads
    assert check(problem, small) == check(problem, big) == ()
    assert (small.unserved, big.unserved) == ((), ())
    assert big.iterations > 3_000


def test_one_process_is_this_one() -> None:
    with processes(1) as workers:
        assert workers.executor.submit(os.getpid).result() == os.getpid()


def test_what_fails_in_this_process_is_told_at_once() -> None:
    with pytest.raises(ZeroDivisionError):
        Here().submit(divmod, 1, 0)


def test_workers_end_with_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTS_WORKERS], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert pids
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    end_s = stopwatch_s() + GONE_WITHIN_S
    while any(_is_alive(pid) for pid in pids):
        assert stopwatch_s() < end_s, "workers outlive whoever started them"


def _is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
