"""Finds the PostgreSQL server, or starts a private one on a Unix socket.

In order: a database URL, server programs on the machine, those of the wheel. The private server
has no TCP, lives in a folder only its user may enter, keeps fsync on, and is found again after a
restart or a kill -9. It is stopped by the last process of ours that uses it.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from typing import IO
from urllib.parse import quote

import asyncpg

from promesa.kernel.clock import pause_s, stopwatch_s
from promesa.kernel.errors import UnavailableError
from promesa.storage.account import PUBLIC_MODE, Account, choose_account
from promesa.storage.binaries import Binaries, choose_binaries, find_binaries
from promesa.storage.postmaster import (
    cluster_name,
    end_orphans,
    postmaster_pid,
    remove_stale_locks,
)

SUPERUSER = "postgres"
OWNER_ROLE = "promesa_owner"
APP_ROLE = "promesa_app"
DATABASE = "promesa"
PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
# sun_path holds 108 bytes on Linux and 104 on macOS; libpq refuses longer ones.
SOCKET_PATH_CHARS_MAX = 100
# Recovery after a kill -9 replays the log since the last checkpoint, 5 minutes by default.
START_LIMIT_S = 120.0
# A stop is promised in 5 s, the drain of requests before it included. What a fast one has not
# written by then is written at the next start, from the log: nothing committed is lost.
FAST_STOP_LIMIT_S = 2.0
IMMEDIATE_STOP_LIMIT_S = 1.0
LAUNCHES_MAX = 2
POLL_S = 0.02
LOG_BYTES_MAX = 10_000_000
LAST_WORDS_CHARS = 500

# Statement texts and DETAIL lines carry personal data, so the log never has them.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
    "jit": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}

BinariesFinder = Callable[[Account, Path], Iterator[Binaries]]


class _State(Enum):
    """What a look at the server finds."""

    READY = auto()
    COMING = auto()
    DOWN = auto()


class ServerNotStartedError(UnavailableError):
    """The private server did not come up."""

    code = "postgresql_not_started"
    message = "PostgreSQL no partió. Mira server.log en la carpeta de datos."


def default_home() -> Path:
    """Where data live when nothing else is said: the system's folder for root, the user's else."""
    if os.geteuid() == 0:
        return Path("/var/lib/promesa")
    return Path.home() / ".local" / "share" / "promesa"


def all_binaries(account: Account, home: Path) -> Iterator[Binaries]:
    """The machine's programs, then the wheel's, copied under ``home`` when root lends them."""
    yield from find_binaries(account, copies=home / "server")


class PrivateServer:
    """A running server of our own; ``start`` makes it, ``stop`` lets it go."""

    def __init__(self, home: Path, account: Account, finder: BinariesFinder) -> None:
        self._home = home
        self._folder = home / "postgres"
        self._account = account
        self._finder = finder
        self._sockets = _socket_folder(home, account)
        self._process: subprocess.Popen[bytes] | None = None
        self._use: IO[bytes] | None = None
        self.binaries: Binaries | None = None

    @classmethod
    async def start(
        cls, home: Path | None = None, *, finder: BinariesFinder = all_binaries
    ) -> PrivateServer:
        """Starts the server of ``home``, or joins it if it runs already.

        Raises:
            NoServerError: No programs fit the cluster.
            ServerNotStartedError: It did not answer in time.
        """
        home = home or default_home()
        _make_home(home)
        account = choose_account(home / "postgres" / "data")
        server = cls(home, account, finder)
        async with server._alone():
            server._use = server._share_use()
            await server._bring_up()
            await server._make_roles_and_database()
        return server

    @property
    def data(self) -> Path:
        """The cluster's folder."""
        return self._folder / "data"

    @property
    def owner_dsn(self) -> str:
        """For migrations: the role that owns the tables and passes by row-level security."""
        return self.dsn(OWNER_ROLE)

    @property
    def app_dsn(self) -> str:
        """For everything else: the role that row-level security binds."""
        return self.dsn(APP_ROLE)

    def dsn(self, role: str, database: str = DATABASE) -> str:
        """A connection address for ``role`` over the private socket."""
        return f"postgresql://{role}@/{database}?host={quote(str(self._sockets), safe='')}"

    async def revive(self) -> None:
        """Starts the server again if it died, whoever had started it.

        Raises:
            ServerNotStartedError: It did not answer in time.
        """
        async with self._alone():
            await self._bring_up()

    def crash(self) -> bool:
        """Kills the server as a power cut would (kill -9); whether there was one to kill."""
        pid = postmaster_pid(self.data)
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    async def stop(self) -> None:
        """Shuts the server down, unless another process of ours still uses it."""
        if self._use is None:
            return
        async with self._alone():
            is_last = _try_lock(self._use, fcntl.LOCK_EX)
            self._use.close()
            self._use = None
            if is_last:
                await self._shut_down()
        if self._process is not None:
            self._process.poll()  # Collects it, should it have ended otherwise.
            self._process = None

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """One launcher at a time: two would both see no server and start one each."""
        self._account.own(self._folder)
        with (self._folder / "launcher.lock").open("ab") as lock:
            deadline_s = stopwatch_s() + START_LIMIT_S
            while not _try_lock(lock, fcntl.LOCK_EX):
                if stopwatch_s() > deadline_s:
                    raise ServerNotStartedError
                await pause_s(POLL_S)
            yield

    def _share_use(self) -> IO[bytes]:
        """Marks this process as a user of the server; the mark vanishes with the process."""
        use = (self._folder / "users.lock").open("ab")
        _try_lock(use, fcntl.LOCK_SH)
        return use

    def _prepare(self) -> Binaries:
        """Chooses the programs and makes the cluster if there is none. Blocking."""
        version = self.data / "PG_VERSION"
        cluster_major = int(version.read_text()) if version.exists() else None
        found = self._finder(self._account, self._home)
        binaries = choose_binaries(found, cluster_major=cluster_major)
        if cluster_major is None:
            self._make_cluster(binaries)
        return binaries

    def _make_cluster(self, binaries: Binaries) -> None:
        """Runs initdb in a folder beside, so a run that was cut short leaves no half cluster."""
        unfinished = self._folder / "initdb-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        command: list[str | Path] = [
            binaries.program("initdb"),
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=libc",
            "--auth-local=trust",
            "--auth-host=reject",
            "--data-checksums",
        ]
        answer = self._account.run(command)
        if answer.returncode != 0:
            raise ServerNotStartedError(
                f"initdb falló: {answer.stderr.strip()[-LAST_WORDS_CHARS:]}"
            )
        unfinished.rename(self.data)

    async def _bring_up(self) -> None:
        """Starts what is down and waits for what is coming up.

        A server found alive may die before it answers, so looking and starting share one loop.
        """
        deadline_s = stopwatch_s() + START_LIMIT_S
        launches = 0
        while (state := await self._look()) is not _State.READY:
            if stopwatch_s() > deadline_s or (state is _State.DOWN and launches == LAUNCHES_MAX):
                log_path = self._folder / "server.log"
                last_words = log_path.read_text(errors="replace")[-LAST_WORDS_CHARS:]
                raise ServerNotStartedError(f"PostgreSQL no partió. Mira {log_path}: {last_words}")
            if state is _State.DOWN:
                launches += 1
                self.binaries = await asyncio.to_thread(self._prepare)
                await self._launch(self.binaries)
            await pause_s(POLL_S)

    async def _launch(self, binaries: Binaries) -> None:
        await end_orphans(self.data)
        remove_stale_locks(self.data, self._sockets / f"{SOCKET_NAME}.lock")
        self._account.own(self._sockets)
        settings = SETTINGS | {
            "cluster_name": cluster_name(self.data),
            "unix_socket_directories": f'"{self._sockets}"',
        }
        options = [part for name in settings for part in ("-c", f"{name}={settings[name]}")]
        command: list[str | Path] = [binaries.program("postgres"), "-D", self.data, *options]
        log_path = self._folder / "server.log"
        if log_path.exists() and log_path.stat().st_size > LOG_BYTES_MAX:
            log_path.replace(log_path.with_suffix(".old.log"))
        with log_path.open("ab") as log:
            self._process = self._account.spawn(command, log=log)

    async def _look(self) -> _State:
        """How the server is; in another container of this machine it answers all the same."""
        try:
            connection = await asyncpg.connect(self.dsn(SUPERUSER, "postgres"))
        except asyncpg.CannotConnectNowError:
            return _State.COMING
        except (OSError, asyncpg.ConnectionDoesNotExistError):
            is_child_alive = self._process is not None and self._process.poll() is None
            is_alive = is_child_alive or postmaster_pid(self.data) is not None
            return _State.COMING if is_alive else _State.DOWN
        await connection.close()
        return _State.READY

    async def _make_roles_and_database(self) -> None:
        connection = await asyncpg.connect(self.dsn(SUPERUSER, "postgres"))
        try:
            roles = {row[0] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
            if OWNER_ROLE not in roles:
                await connection.execute(f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB CREATEROLE")
            if not await connection.fetch("SELECT 1 FROM pg_database WHERE datname=$1", DATABASE):
                await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
        finally:
            await connection.close()

    async def _shut_down(self) -> None:
        """Asks for a fast shutdown, then an immediate one, from which a start recovers."""
        requests = ((signal.SIGINT, FAST_STOP_LIMIT_S), (signal.SIGQUIT, IMMEDIATE_STOP_LIMIT_S))
        for request, limit_s in requests:
            pid = postmaster_pid(self.data)
            if pid is None:
                break
            os.kill(pid, request)
            deadline_s = stopwatch_s() + limit_s
            while postmaster_pid(self.data) == pid and stopwatch_s() < deadline_s:
                await pause_s(POLL_S)
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, IMMEDIATE_STOP_LIMIT_S)


def _make_home(home: Path) -> None:
    """Makes the folder so that a lent user can pass through it, whatever the umask."""
    if not home.exists():
        home.mkdir(parents=True, mode=PUBLIC_MODE)
        home.chmod(PUBLIC_MODE)


def _socket_folder(home: Path, account: Account) -> Path:
    """Beside the data, or in the system's temporary folder when that path is too long.

    Raises:
        ServerNotStartedError: Somebody else made the temporary folder before us.
    """
    beside = home / "postgres" / "run"
    if len(str(beside / SOCKET_NAME)) < SOCKET_PATH_CHARS_MAX:
        return beside
    digest = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"promesa-{digest}"
    account.own(short)
    found = short.lstat()
    if found.st_uid != account.user_id or found.st_mode & 0o077:
        raise ServerNotStartedError(f"La carpeta {short} no es nuestra. Bórrala y vuelve a partir.")
    return short


def _try_lock(file: IO[bytes], kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
