"""The server as a process: it drains in time with streams open, and says when it cannot serve."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from promesa.storage.postmaster import processes_of
from tests.support.operation import PASSWORD
from tests.support.server_process import EMAIL, ServerProcess, server_process

# The promise of the product; a busy machine gets no grace on top.
DRAIN_LIMIT_S = 5.0

LEAVING = """
import atexit, subprocess, sys, time, multiprocessing
from promesa.cli.serve import leave
helper = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
helper.start()
atexit.register(print, "torn down")
sys.stdout.write("said last")
sys.stderr.write(str(helper.pid))
leave()
"""

LEAVING_LOCKS = """
import multiprocessing
from promesa.cli.serve import leave
lock = multiprocessing.get_context("spawn").Lock()
leave()
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with server_process() as made:
        yield made


@contextmanager
def signed_in(server: ServerProcess) -> Iterator[httpx.Client]:
    body = {"email": EMAIL, "password": PASSWORD}
    with httpx.Client(base_url=server.url, timeout=30) as client:
        client.post("/v1/session", json=body).raise_for_status()
        yield client


def test_a_server_with_open_streams_ends_within_five_seconds(server: ServerProcess) -> None:
    streams = 5
    opened, ended = threading.Barrier(streams + 1), []

    def listen() -> None:
        with signed_in(server) as client, client.stream("GET", "/v1/stream") as stream:
            lines = stream.iter_lines()
            next(lines)
            opened.wait(30)
            ended.append(sum(1 for _ in lines))

    threads = [threading.Thread(target=listen) for _ in range(streams)]
    for thread in threads:
        thread.start()
    opened.wait(60)
    took_s = server.terminate()
    for thread in threads:
        thread.join(10)
    assert took_s < DRAIN_LIMIT_S, server.last_words()
    assert len(ended) == streams, "each stream ended as a stream does, and was not cut"
    assert server.process is not None
    assert server.process.returncode == 0
    assert not processes_of(server.data), "the database stopped with it"


def test_leaving_takes_nothing_apart_and_leaves_nobody_behind() -> None:
    """What the interpreter would do at its end took seconds, with a city in memory."""
    done = subprocess.run(
        [sys.executable, "-c", LEAVING], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "said last"
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stderr), 0)


def test_leaving_gives_back_what_was_shared_with_the_helpers() -> None:
    """A semaphore has a name, and somebody complains of each that nobody took back."""
    done = subprocess.run(
        [sys.executable, "-c", LEAVING_LOCKS],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_was_there_is_there_after_a_restart(server: ServerProcess) -> None:
    server.start()
    with signed_in(server) as client:
        assert client.get("/v1/session").json()["actor"]["name"] == EMAIL.split("@")[0]


def test_a_database_that_was_killed_comes_back_by_itself(server: ServerProcess) -> None:
    """Ready or not ready is said, never a traceback; then the server is ready again."""
    server.kill_database()
    seen = []
    for _ in range(200):
        answer = httpx.get(f"{server.url}/readyz", timeout=60)
        seen.append(answer.status_code)
        if answer.status_code == 200:
            break
        assert answer.json()["code"]
    assert set(seen) <= {200, 503}
    assert seen[-1] == 200
