"""The processes of a cluster, told apart by the cluster name in their command lines.

A pid in postmaster.pid proves nothing: after a kill -9 or a reboot it may be nobody's, another
program's, or a zombie's that no one collects (a container without an init). Command lines are
used since any user may read them; the current folder of a process would be the surer sign, but
root in a container may not read it.
"""

from __future__ import annotations

import hashlib
import os
import signal
from contextlib import suppress
from pathlib import Path

from promesa.kernel.clock import pause_s, stopwatch_s

PROCESSES = Path("/proc")
PID_FILE = "postmaster.pid"
# Orphans of a killed postmaster notice within milliseconds, unless they are mid-query.
ORPHANS_LIMIT_S = 20.0
POLL_S = 0.02


def cluster_name(data: Path) -> str:
    """The name that the server of ``data`` is started with and all its processes show."""
    return f"promesa-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]}"


def postmaster_pid(data: Path) -> int | None:
    """The pid of the postmaster that serves ``data`` now; None when there is none."""
    recorded = _recorded_pid(data)
    if recorded is None:
        return None
    is_ours = recorded in processes_of(data) if PROCESSES.is_dir() else _is_alive(recorded)
    return recorded if is_ours else None


def processes_of(data: Path) -> set[int]:
    """Pids of the server processes of ``data``, the postmaster's included; zombies are none.

    Empty on a system without /proc.
    """
    name = cluster_name(data).encode()
    argument, title = b"cluster_name=" + name, b"postgres: " + name
    pids: set[int] = set()
    if not PROCESSES.is_dir():
        return pids
    for entry in PROCESSES.iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):  # It ended while we looked.
            command = (entry / "cmdline").read_bytes()
            if argument in command.split(b"\0") or command.startswith(title):
                pids.add(int(entry.name))
    return pids


async def end_orphans(data: Path) -> None:
    """Ends what a killed postmaster left running, as it would have done itself on a crash.

    A new server can't start while they still write to the old one's shared memory.
    """
    deadline_s = stopwatch_s() + ORPHANS_LIMIT_S
    while (orphans := processes_of(data)) and stopwatch_s() < deadline_s:
        for pid in orphans:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        await pause_s(POLL_S)


def remove_stale_locks(data: Path, socket_lock: Path) -> None:
    """Removes postmaster.pid and the socket's lock when no process of the cluster is left.

    The server does it itself for a dead pid, but takes a reused or a zombie's pid for its own.
    Without /proc its check stands alone.
    """
    if PROCESSES.is_dir() and not processes_of(data):
        (data / PID_FILE).unlink(missing_ok=True)
        socket_lock.unlink(missing_ok=True)


def _recorded_pid(data: Path) -> int | None:
    try:
        first_line = (data / PID_FILE).read_text().partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(first_line) if first_line.isdigit() else None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
