"""The private server: who runs it, with which programs, and what it survives."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
import stat
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import asyncpg
import pytest

from promesa.kernel.clock import pause_s
from promesa.storage import binaries
from promesa.storage import postgres as private
from promesa.storage.account import Account, choose_account
from promesa.storage.binaries import Binaries, NoServerError
from promesa.storage.postgres import SOCKET_NAME, BinariesFinder, PrivateServer
from promesa.storage.postmaster import PID_FILE, postmaster_pid, processes_of
from tests.support.postgres import is_root, passable_folder, remove_folder

NOBODY = pwd.getpwnam("nobody")


@pytest.fixture
def home() -> Iterator[Path]:
    folder = passable_folder()
    yield folder
    kill_processes(folder / "postgres" / "data")
    remove_folder(folder)


def kill_processes(data: Path) -> None:
    for pid in processes_of(data):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def machine(account: Account, _home: Path) -> Iterator[Binaries]:
    yield from binaries.machine_binaries(account)


def wheel(account: Account, home: Path) -> Iterator[Binaries]:
    yield from binaries.wheel_binaries(account, copies=home / "server")


def copied_wheel(site: Path, account: Account, _home: Path) -> Iterator[Binaries]:
    """The wheel as an unprivileged user finds it: in packages that this user may read."""
    yield from binaries.wheel_binaries(account, copies=Path("unused"), site=site)


def finder_of(source: str, home: Path, *, for_nobody: bool) -> BinariesFinder:
    if source == "machine":
        if not list(binaries.machine_binaries(choose_account(home))):
            pytest.skip("this machine has no PostgreSQL of its own")
        return machine
    if not for_nobody:
        return wheel
    site = binaries._wheel_site()
    assert site is not None
    return partial(copied_wheel, binaries.readable_copy(site, home / "site"))


def as_nobody(work: Callable[[], None], home: Path) -> None:
    """Runs ``work`` in a child that gave root away for good."""
    asyncio.run(asyncio.to_thread(str))  # Loads what the child may no longer read from disk.
    os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
    trace = home / "trace"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(NOBODY.pw_gid)
            os.setuid(NOBODY.pw_uid)
            work()
            code = 0
        except Exception:  # noqa: BLE001  Whatever it is, the parent reports it.
            trace.write_text(traceback.format_exc())
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert status == 0, trace.read_text() if trace.exists() else status


async def note(server: PrivateServer, text: str) -> None:
    connection = await asyncpg.connect(server.owner_dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS note (line text)")
    await connection.execute("INSERT INTO note VALUES ($1)", text)
    await connection.close()


async def notes(server: PrivateServer) -> list[str]:
    connection = await asyncpg.connect(server.owner_dsn)
    rows = await connection.fetch("SELECT line FROM note ORDER BY line")
    await connection.close()
    return [row["line"] for row in rows]


async def kill_everything(server: PrivateServer) -> None:
    """Kill -9 of the postmaster and of each of its children, as a power cut would."""
    kill_processes(server.data)
    while processes_of(server.data):
        await pause_s(0.01)


async def outlive_restart_and_kill(home: Path, finder: BinariesFinder, origin: str) -> None:
    server = await PrivateServer.start(home, finder=finder)
    assert server.binaries is not None
    assert server.binaries.origin == origin
    await note(server, "1 before the restart")
    await server.stop()
    assert not processes_of(server.data)

    server = await PrivateServer.start(home, finder=finder)
    assert await notes(server) == ["1 before the restart"]
    await note(server, "2 before the kill")
    await kill_everything(server)

    again = await PrivateServer.start(home, finder=finder)
    assert await notes(again) == ["1 before the restart", "2 before the kill"]
    await server.stop()
    await again.stop()


@pytest.mark.parametrize("source", ["machine", "wheel"])
def test_data_survive_a_restart_and_a_kill_9_under_the_user_of_the_tests(
    source: str, home: Path
) -> None:
    finder = finder_of(source, home, for_nobody=False)
    asyncio.run(outlive_restart_and_kill(home, finder, source))


@pytest.mark.skipif(not is_root(), reason="the tests already run without root")
@pytest.mark.parametrize("source", ["machine", "wheel"])
def test_data_survive_a_restart_and_a_kill_9_without_root(source: str, home: Path) -> None:
    finder = finder_of(source, home, for_nobody=True)
    as_nobody(lambda: asyncio.run(outlive_restart_and_kill(home, finder, source)), home)
    assert (home / "postgres" / "data").stat().st_uid == NOBODY.pw_uid


@pytest.mark.skipif(not is_root(), reason="only root lends another user")
def test_root_lends_a_user_without_groups_of_its_own(home: Path) -> None:
    server = asyncio.run(PrivateServer.start(home))
    status = Path(f"/proc/{postmaster_pid(server.data)}/status").read_text()
    asyncio.run(server.stop())
    lines = dict(line.split(":", 1) for line in status.splitlines())
    assert "0" not in lines["Uid"].split()
    assert lines["Groups"].strip() == ""


def test_the_server_listens_on_a_private_socket_alone_and_syncs(home: Path) -> None:
    async def look() -> tuple[str, str, int]:
        server = await PrivateServer.start(home)
        connection = await asyncpg.connect(server.owner_dsn)
        listen = await connection.fetchval("SHOW listen_addresses")
        fsync = await connection.fetchval("SHOW fsync")
        await connection.close()
        mode = (home / "postgres" / "run").stat().st_mode
        assert (home / "postgres" / "run" / SOCKET_NAME).is_socket()
        await server.stop()
        return listen, fsync, stat.S_IMODE(mode)

    assert asyncio.run(look()) == ("", "on", 0o700)


def test_a_pid_file_that_names_another_program_does_not_stop_the_start(home: Path) -> None:
    async def start_over_a_strangers_pid() -> list[str]:
        server = await PrivateServer.start(home)
        await note(server, "kept")
        pid_file = server.data / PID_FILE
        lines = pid_file.read_text().splitlines()
        await kill_everything(server)
        await server.stop()
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        server = await PrivateServer.start(home)
        kept = await notes(server)
        await server.stop()
        return kept

    assert asyncio.run(start_over_a_strangers_pid()) == ["kept"]


def test_orphans_of_a_killed_postmaster_do_not_stop_the_start(home: Path) -> None:
    async def start_over_orphans() -> list[str]:
        server = await PrivateServer.start(home)
        await note(server, "kept")
        busy = await asyncpg.connect(server.owner_dsn)
        query = asyncio.ensure_future(busy.execute("SELECT pg_sleep(60)"))
        await pause_s(0.1)
        pid = postmaster_pid(server.data)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        again = await PrivateServer.start(home)
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await query
        kept = await notes(again)
        await server.stop()
        await again.stop()
        return kept

    assert asyncio.run(start_over_orphans()) == ["kept"]


def test_a_second_user_joins_and_the_last_one_stops_the_server(home: Path) -> None:
    async def share() -> None:
        first = await PrivateServer.start(home)
        second = await PrivateServer.start(home)
        pid = postmaster_pid(first.data)
        await first.stop()
        assert postmaster_pid(second.data) == pid
        await second.stop()
        assert postmaster_pid(second.data) is None

    asyncio.run(share())


def test_a_home_with_a_long_name_keeps_its_socket_elsewhere(home: Path) -> None:
    async def start_far_down() -> int:
        deep = home / ("long-" * 20)
        server = await PrivateServer.start(deep)
        await note(server, "reached")
        await server.stop()
        remove_folder(server._sockets)
        return len(str(server._sockets / SOCKET_NAME))

    assert asyncio.run(start_far_down()) < 100


def test_a_cluster_opens_only_under_its_own_major_version() -> None:
    newer = Binaries(folder=Path("/newer"), major=18, origin="machine")
    same = Binaries(folder=Path("/same"), major=15, origin="wheel")
    assert binaries.choose_binaries(iter([newer, same]), cluster_major=15) == same
    assert binaries.choose_binaries(iter([newer, same]), cluster_major=None) == newer
    with pytest.raises(NoServerError, match="PostgreSQL 16"):
        binaries.choose_binaries(iter([newer, same]), cluster_major=16)


async def test_a_server_that_is_too_slow_to_stop_is_cut_short_and_loses_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No time at all for the fast stop: an immediate one, then the log is replayed."""
    assert private.FAST_STOP_LIMIT_S + private.IMMEDIATE_STOP_LIMIT_S < 5, "the whole budget"
    monkeypatch.setattr(private, "FAST_STOP_LIMIT_S", 0.0)
    server = await PrivateServer.start(home)
    connection = await asyncpg.connect(server.owner_dsn)
    await connection.execute("CREATE TABLE notes (word text); INSERT INTO notes VALUES ('kept')")
    await server.stop()
    again = await PrivateServer.start(home)
    connection = await asyncpg.connect(again.owner_dsn)
    assert await connection.fetchval("SELECT word FROM notes") == "kept"
    await connection.close()
    await again.stop()
    assert not processes_of(server.data)
