"""Runs one peer on one case in its own process, and measures it from outside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cases import Case
from benchmarks.peers.peer import Route
from promesa.kernel.clock import stopwatch_s

# A solver that looks at its limit late may take so much longer before it is stopped.
OVERTIME = 3.0
# Reading, importing and compiling on a busy machine.
SETUP_S = 180.0
SAMPLE_S = 0.5
ERROR_CHARACTERS = 300
_KB = 1_024
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a run took, and what came of it.

    Attributes:
        error: Why there are no routes; empty if there are.
        search_cpu_s: User and system time of the search, worker processes included.
        setup_cpu_s: Process start, imports, reading and compiling.
        memory_mb: Most of all processes together (proportional set size, sampled), or of the
            largest one if that is more.
    """

    routes: tuple[Route, ...] = ()
    error: str = ""
    iterations: int | None = None
    search_cpu_s: float = 0.0
    search_wall_s: float = 0.0
    setup_cpu_s: float = 0.0
    memory_mb: float = 0.0


def run(peer: str, case: Case, *, seconds: float, seed: int, processes: int) -> Measured:
    """Runs to the end, or stops it and says so."""
    job = {
        "peer": peer,
        "name": case.name,
        "kind": case.kind,
        "path": str(case.path.resolve()),
        "vans": case.vans,
        "seconds": seconds,
        "seed": seed,
        "processes": processes,
    }
    with tempfile.TemporaryDirectory() as folder:
        job_path, out_path = Path(folder, "job.json"), Path(folder, "out.json")
        log_path = Path(folder, "log.txt")
        job_path.write_text(json.dumps(job), encoding="utf-8")
        command = [sys.executable, "-m", "benchmarks.child", str(job_path), str(out_path)]
        with log_path.open("wb") as log:
            child = subprocess.Popen(
                command, cwd=_ROOT, stdout=log, stderr=log, start_new_session=True
            )
            watch = _Watch(child, OVERTIME * seconds + SETUP_S)
            watch.until_it_ends()
        if out_path.exists():
            return _measured(json.loads(out_path.read_text(encoding="utf-8")), watch)
        said = log_path.read_text(encoding="utf-8", errors="replace").strip()
    reason = said.splitlines()[-1] if said else f"exit {watch.exit_code}"
    if watch.was_stopped:
        reason = f"no answer in {watch.limit_s:.0f} s"
    return Measured(error=reason[:ERROR_CHARACTERS], memory_mb=watch.memory_mb)


class _Watch:
    """Waits for a child, samples its memory, and stops it when it takes too long."""

    def __init__(self, child: subprocess.Popen[bytes], limit_s: float) -> None:
        self._child = child
        self.limit_s = limit_s
        self.was_stopped = False
        self.exit_code: int | None = None
        self.cpu_s = 0.0
        self.memory_mb = 0.0

    def until_it_ends(self) -> None:
        """Returns when the child and what it started are gone."""
        end_s = stopwatch_s() + self.limit_s
        pause = threading.Event()
        while True:
            ended, status, usage = os.wait4(self._child.pid, os.WNOHANG)
            if ended:
                break
            self.memory_mb = max(self.memory_mb, _together_mb(self._child.pid))
            if stopwatch_s() >= end_s:
                self.was_stopped = True
                os.killpg(self._child.pid, signal.SIGKILL)
                end_s += self.limit_s
            pause.wait(SAMPLE_S)
        self.exit_code = self._child.returncode = os.waitstatus_to_exitcode(status)
        self.cpu_s = usage.ru_utime + usage.ru_stime
        self.memory_mb = max(self.memory_mb, usage.ru_maxrss / _KB)


def _measured(found: dict[str, Any], watch: _Watch) -> Measured:
    setup_s = found["import_cpu_s"] + found["read_cpu_s"] + found["prepare_cpu_s"]
    return Measured(
        routes=tuple(
            Route(depot=route["depot"], stops=tuple(route["stops"])) for route in found["routes"]
        ),
        iterations=found["iterations"],
        # Workers that ended only with the child are in its own sum alone.
        search_cpu_s=max(found["search_cpu_s"], watch.cpu_s - setup_s),
        search_wall_s=found["search_wall_s"],
        setup_cpu_s=setup_s,
        memory_mb=watch.memory_mb,
    )


def _together_mb(session: int) -> float:
    """Proportional memory of all processes of the child's session; 0 where /proc is missing."""
    return sum(_proportional_kb(pid) for pid in _processes(session)) / _KB


def _processes(session: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It ended meanwhile.
        if int(words[3]) == session:
            found.append(int(stat.parent.name))
    return found


def _proportional_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
