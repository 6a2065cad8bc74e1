"""`promesa demo`: a Cyber Monday in Santiago, already planned and running, on this machine."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import socket
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click
import httpx

from promesa.cli.serve import Server, server_config
from promesa.cli.staging import EMAIL, Staging, cast_day
from promesa.kernel.clock import ScaledClock, pause_s, stopwatch_s
from promesa.kernel.errors import UnavailableError
from promesa.kernel.ids import Ids
from promesa.kernel.serviceday import ServiceDay
from promesa.runtime.bootstrap import Founding, found
from promesa.runtime.demo import Demo
from promesa.runtime.observe import configure_logs
from promesa.runtime.places import default_city_directory, demo_home
from promesa.runtime.platform import Platform
from promesa.runtime.settings import Settings, load_settings
from promesa.runtime.wiring import Circumstances, open_platform
from promesa.simulator.client import SimulationError
from promesa.simulator.day import SimulatedDay, begins_at, ends_at

OPERATOR = "Reparto Mapocho"
LABEL = "Cyber Monday"
# The Monday of the last event with a sourced date, a year on; simulated all the same.
DEMO_DAY = date(2026, 10, 5)
# In the middle of the day: a third delivered, most of it still at stake.
OPENS_AT = time(12, 30)
ITERATIONS = 400
REVIEWS_LEFT = 12
ANSWER_LIMIT_S = 300.0
# The clock jumps over a night and a morning; a visitor should not be signed out by that.
SESSION_H = 24 * 30
LOOK_S = 0.05
# Simulated time the day may be behind its clock before the clock waits.
BEHIND_MAX = timedelta(seconds=45)
# Asked for with --host, never the default.
EVERYWHERE = "0.0.0.0"  # noqa: S104  Compared, not bound.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """What was asked for."""

    host: str
    port: int
    orders: int
    seed: int
    speed: float
    for_s: float | None

    @property
    def url(self) -> str:
        """Where a browser on this machine opens it."""
        host = "127.0.0.1" if self.host in LOOPBACK | {EVERYWHERE} else self.host
        return f"http://{host}:{self.port}"


@click.command()
@click.option(
    "--orders",
    default=600,
    show_default=True,
    type=click.IntRange(20, 5000),
    help="Cuántos pedidos.",
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0), help="Semilla del azar."
)
@click.option("--speed", default=60.0, show_default=True, help="Segundos simulados por segundo.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Dirección donde escucha; con otra que la de este equipo pide un código.",
)
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Puerto."
)
@click.option("--for-s", default=None, type=float, help="Se detiene sola a los N segundos.")
def demo(orders: int, seed: int, speed: float, host: str, port: int, for_s: float | None) -> None:
    """Muestra un Cyber Monday en Santiago, planificado y en marcha. Todo es simulado.

    Ejemplo: promesa demo --orders 600
    """
    configure_logs("error")
    show = Show(host=host, port=port, orders=orders, seed=seed, speed=speed, for_s=for_s)
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(show))


async def _run(show: Show) -> None:
    """The platform in a loop, since a visitor may let it fall; the day goes on beside it."""
    settings = load_settings()
    settings = replace(settings, server=replace(settings.server, session_h=SESSION_H))
    clock = ScaledClock(begins_at(DEMO_DAY), speed=0)
    _require_port(show)
    home = demo_home(show.port)
    shutil.rmtree(home, ignore_errors=True)
    stage = _Stage(show, settings, clock, home)
    ends_s = stopwatch_s() + show.for_s if show.for_s else None
    while not stage.is_over:
        await stage.serve_once(ends_s)
    await stage.end()


class PortTakenError(UnavailableError):
    """Somebody listens there already, another demo perhaps."""

    code = "port_taken"
    message = "Ese puerto ya está en uso. Cierra el otro programa o usa --port con otro número."


def _require_port(show: Show) -> None:
    """Before anything is wiped: the other demo's data are in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((show.host, show.port))
        except OSError as error:
            raise PortTakenError(port=show.port) from error


class _Stage:
    """Everything that outlives a server that falls."""

    def __init__(self, show: Show, settings: Settings, clock: ScaledClock, home: Path) -> None:
        self._show = show
        self._settings = settings
        self._clock = clock
        self._home = home
        self._password = secrets.token_urlsafe(16)
        self._demo: Demo | None = None
        self._day: asyncio.Task[None] | None = None
        self.is_over = False

    async def serve_once(self, ends_s: float | None) -> None:
        """Opens the platform and serves until it is to fall, or to end."""
        circumstances = Circumstances(
            clock=self._clock, ids=Ids(self._clock), public_url=self._show.url, home=self._home
        )
        async with open_platform(self._settings, circumstances, say=_say) as platform:
            platform.demo = await self._prepare(platform)
            server = Server(server_config(platform, self._show.host, self._show.port), platform)
            serving = asyncio.create_task(server.serve())
            if self._day is None:
                await _wait_for(server)
                self._announce(platform.demo)
                self._day = asyncio.create_task(self._play(platform))
            await self._watch(server, platform.demo, ends_s)
            server.should_exit = True
            platform.hub.close()
            await serving
            if server.was_asked_to_stop:
                self.is_over = True
        if not self.is_over:
            _say("El servidor cayó; parte de nuevo…")

    async def _prepare(self, platform: Platform) -> Demo:
        if self._demo is None:
            founding = Founding(
                tenant=OPERATOR,
                email=EMAIL,
                name="Visita",
                password=self._password,
                is_simulated=True,
            )
            tenant, user = await found(platform, founding)
            code = None if self._show.host in LOOPBACK else secrets.token_urlsafe(6)
            self._demo = Demo(
                clock=self._clock, tenant_id=tenant.id, user_id=user.id, code=code, label=LABEL
            )
        return self._demo

    async def _watch(self, server: Server, demo: Demo, ends_s: float | None) -> None:
        """Until somebody asks to stop, the time is over, or the visitor lets it fall."""
        demo.restart.clear()
        while not server.should_exit and not demo.restart.is_set():
            if ends_s is not None and stopwatch_s() >= ends_s:
                self.is_over = True
                return
            if self._day is not None and self._day.done() and self._day.exception():
                self.is_over = True
                return
            await pause_s(LOOK_S)
        if server.should_exit:
            self.is_over = True

    async def _play(self, platform: Platform) -> None:
        """The day: quickly up to noon, then at the pace of the clock."""
        show = self._show
        assert self._demo is not None
        demo = self._demo
        staging = Staging(
            city=Path(self._settings.city.directory or default_city_directory()),
            orders=show.orders,
            day=DEMO_DAY,
            seed=show.seed,
            iterations=ITERATIONS,
            spared=1,
            reviews_left=REVIEWS_LEFT,
        )
        casting = cast_day(
            platform,
            staging,
            password=self._password,
            open_client=self._open_client,
            settle=_nothing,
            chores=_nothing,
        )
        day = SimulatedDay(casting)
        day.raise_curtain()
        opens_at = ServiceDay(DEMO_DAY).at(OPENS_AT)
        planned_at = begins_at(DEMO_DAY)

        def move(instant: datetime) -> None:
            self._clock.move_to(instant)
            demo.progress = max(0.0, (instant - planned_at) / (opens_at - planned_at))
            if day.cast.spared and demo.driver_id is None:
                demo.driver_id = day.spared_driver()
                demo.phase = "Adelantando la mañana"

        await day.run_until(opens_at, move)
        demo.phase, demo.progress = "En marcha", 1.0
        _say(f"Son las {OPENS_AT:%H:%M} del {LABEL} simulado; el reloj corre a {show.speed:g}×.")
        demo.run_at(show.speed)
        await self._go_on(day, demo)

    async def _go_on(self, day: SimulatedDay, demo: Demo) -> None:
        """Does what is due by the running clock; a machine too slow for the pace holds it."""
        last = ends_at(DEMO_DAY)
        while self._clock.now() < last:
            now, waiting = self._clock.now(), day.timeline.next_at
            is_behind = waiting is not None and now - waiting > BEHIND_MAX
            if is_behind:
                demo.hold()
            await day.run_until(now, lambda _: None)
            if is_behind:
                demo.go_on()
            await pause_s(LOOK_S)
        demo.run_at(0)

    def _open_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self._show.url,
            timeout=ANSWER_LIMIT_S,
            trust_env=False,
            # A server that falls comes back within seconds, and phones try again.
            transport=_Patient(),
        )

    def _announce(self, demo: Demo) -> None:
        url, code = self._show.url, f"?code={demo.code}" if demo.code else ""
        _say("")
        _say("Promesa está en marcha. Todo lo que muestra es simulado.")
        _say(f"  Torre      {url}/demo/enter{code}")
        _say(f"  Conductor  {url}/conductor/")
        _say(f"  Cliente    {url}/seguimiento/")
        _say("La torre te da el enlace de tu furgón y el de quien espera. Ctrl-C para detener.")

    async def end(self) -> None:
        """Ends the day; tells why when it ended by itself."""
        if self._day is None:
            return
        failed = self._day.done() and self._day.exception()
        self._day.cancel()
        with suppress(asyncio.CancelledError):
            await self._day
        if failed:
            raise SimulationError from failed


class _Patient(httpx.AsyncHTTPTransport):
    """Tries again while the server is away, as a phone's outbox does."""

    TRIES_MAX = 120

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, when there is somebody to give it."""
        for _ in range(self.TRIES_MAX):
            try:
                answer = await super().handle_async_request(request)
            except httpx.TransportError:
                await pause_s(0.5)
                continue
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            await answer.aclose()
            await pause_s(0.5)
        return await super().handle_async_request(request)


async def _nothing() -> None:
    """The platform runs by itself and needs no help."""


async def _wait_for(server: Server) -> None:
    while not server.started and not server.should_exit:
        await pause_s(LOOK_S)


def _say(line: str) -> None:
    click.echo(line, err=True)
