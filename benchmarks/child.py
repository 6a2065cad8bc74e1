"""One run in a process of its own: reads the case, lets the peer search, writes what it found.

    python -m benchmarks.child JOB.json OUT.json

Called by benchmarks.measured. It judges nothing.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import cast

from benchmarks.cases import Case
from benchmarks.cputime import process_cpu_s
from benchmarks.peers.peer import ROSTER, Peer, Task
from promesa.kernel.clock import stopwatch_s


def main(job_path: Path, out_path: Path) -> None:
    """Runs the job and writes its answer."""
    job = json.loads(job_path.read_text(encoding="utf-8"))
    peer = cast("Peer", importlib.import_module(ROSTER[job["peer"]]))
    imported_s = process_cpu_s()
    case = Case(name=job["name"], kind=job["kind"], path=Path(job["path"]), vans=job["vans"])
    task = Task(
        instance=case.instance(),
        seconds=job["seconds"],
        seed=job["seed"],
        processes=job["processes"],
    )
    read_s = process_cpu_s()
    peer.prepare(task)
    prepared_s, began_s = process_cpu_s(), stopwatch_s()
    answer = peer.solve(task)
    found = {
        **asdict(answer),
        "import_cpu_s": imported_s,
        "read_cpu_s": read_s - imported_s,
        "prepare_cpu_s": prepared_s - read_s,
        "search_cpu_s": process_cpu_s() - prepared_s,
        "search_wall_s": stopwatch_s() - began_s,
    }
    out_path.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
