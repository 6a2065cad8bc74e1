"""`promesa serve` as a process of its own, with a database of its own on the disk, fsync on.

It can be killed like a machine that loses power over the server and its database at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from promesa.kernel.clock import stopwatch_s
from promesa.storage.account import PUBLIC_MODE
from promesa.storage.postmaster import processes_of
from tests.support.operation import PASSWORD
from tests.support.postgres import remove_folder
from tests.support.vendors import free_port

EMAIL = "admin@servidor.test"
START_LIMIT_S = 120.0
LOOK_S = 0.05
STOP_LIMIT_S = 20.0


@dataclass(slots=True)
class ServerProcess:
    """A server that can be started, stopped and killed; its home and port stay."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """The cluster of its database."""
        return self.home / "postgres" / "data"

    def start(self) -> float:
        """Starts it and waits until it serves; returns the seconds that took."""
        began = stopwatch_s()
        environment = os.environ | {
            "PROMESA_DATABASE_DIRECTORY": str(self.home),
            "PROMESA_ADMIN_EMAIL": EMAIL,
            "PROMESA_ADMIN_PASSWORD": PASSWORD,
        }
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "promesa", "serve", "--port", str(self.port)],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        # One client for all looks: each new one reads every certificate of the machine.
        with httpx.Client(base_url=self.url, timeout=5) as client:
            while stopwatch_s() - began < START_LIMIT_S:
                assert self.process.poll() is None, self.last_words()
                with suppress(httpx.HTTPError):
                    if client.get("/readyz").is_success:
                        return stopwatch_s() - began
                threading.Event().wait(LOOK_S)
        raise AssertionError(f"no server in {START_LIMIT_S} s: {self.last_words()}")

    def kill(self) -> None:
        """Kill -9 of the server, its workers and its database, at once."""
        assert self.process is not None
        database = processes_of(self.data)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for pid in sorted(database):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(STOP_LIMIT_S)

    def kill_database(self) -> None:
        """Kill -9 of the database alone."""
        for pid in sorted(processes_of(self.data)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def terminate(self) -> float:
        """SIGTERM; returns the seconds until it ended."""
        assert self.process is not None
        began = stopwatch_s()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(STOP_LIMIT_S)
        return stopwatch_s() - began

    def last_words(self) -> str:
        """The end of its log."""
        return (self.home / "serve.log").read_text(errors="replace")[-2000:]


@contextmanager
def server_process() -> Iterator[ServerProcess]:
    """A server that is ready; nothing of it is left at the end."""
    home = Path(tempfile.mkdtemp(prefix="promesa-server-", dir="/tmp"))
    home.chmod(PUBLIC_MODE)
    server = ServerProcess(home, free_port())
    server.start()
    try:
        yield server
    finally:
        server.kill()
        remove_folder(home)
