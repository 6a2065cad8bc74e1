"""The demo's stage: a platform that may fall and come back, and the day that goes on beside it."""

from __future__ import annotations

import asyncio
import secrets
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import httpx

import promesa
from promesa.cli.demo_ahead import plan_ahead
from promesa.cli.demo_memory import Memory, forget, keep_memory
from promesa.cli.demo_past import take_in_past
from promesa.cli.demo_sales import sells_from, with_sales
from promesa.cli.demo_show import Show
from promesa.cli.patience import PatientTransport
from promesa.cli.serve import Server, server_config
from promesa.cli.staging import EMAIL, Staging, cast_day
from promesa.kernel.clock import ScaledClock, pause_s, stopwatch_s
from promesa.kernel.ids import Ids
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.routing.budget import QUICK_ITERATIONS
from promesa.runtime.bootstrap import Founding, found
from promesa.runtime.demo import Demo, DemoPhase
from promesa.runtime.jobs import warm_up
from promesa.runtime.places import default_city_directory
from promesa.runtime.platform import Platform
from promesa.runtime.recount import Comparison, Recount, compare, recount
from promesa.runtime.settings import Settings
from promesa.runtime.wiring import Circumstances, open_platform
from promesa.simulator.client import SimulationError
from promesa.simulator.day import Casting, SimulatedDay, begins_at, ends_at

OPERATOR = "Reparto Mapocho"
LABEL = "Cyber Monday"
# The Monday of the last event with a sourced date, a year on; simulated all the same.
DEMO_DAY = date(2026, 10, 5)
# In the middle of the day: a third delivered, most of it still at stake.
OPENS_AT = time(12, 30)
REVIEWS_LEFT = 12
ANSWER_LIMIT_S = 300.0
LOOK_S = 0.05
REMEMBER_GAP_S = 1.0
# Simulated time the day may be behind its clock before the clock waits.
BEHIND_MAX = timedelta(seconds=45)
# What waits to be sent leaves before the clock skips so much: a message of the evening is read
# as one of the evening, and not as one sent in the quiet hours.
JUMP_MIN = timedelta(minutes=30)
PASSWORD_BYTES, CODE_BYTES = 16, 6


class Stage:
    """Everything that outlives a server that falls."""

    def __init__(self, show: Show, settings: Settings, home: Path, kept: Memory | None) -> None:
        self._show = show
        self._settings = settings
        self._home = home
        self._kept = kept
        self._password = kept.password if kept else secrets.token_urlsafe(PASSWORD_BYTES)
        self._clock = ScaledClock(kept.clock_at if kept else sells_from(DEMO_DAY), speed=0)
        self._demo: Demo | None = None
        self._day: asyncio.Task[None] | None = None
        self._before: Recount | None = None
        self._fell_s = 0.0
        self._was_killed = False
        self._fault: BaseException | None = None
        self._playing: SimulatedDay | None = None
        self.is_over = False

    async def serve_once(self, ends_s: float | None) -> None:
        """Opens the platform and serves until it is to fall, or to end."""
        circumstances = Circumstances(
            clock=self._clock,
            ids=Ids(self._clock),
            public_url=self._show.public_url,
            home=self._home,
        )
        async with open_platform(self._settings, circumstances, say=say) as platform:
            demo = platform.demo = await self._prepare(platform)
            comparison = await self._compare(platform, demo)
            server = Server(server_config(platform, self._show.host, self._show.port), platform)
            serving = asyncio.create_task(server.serve())
            await _wait_for(server)
            if self._day is None:
                warm_up(platform.executor)
                self._announce(demo)
                self._day = asyncio.create_task(self._play(platform, demo))
            elif comparison is not None:
                self._come_back(demo, comparison)
            await self._watch(server, demo, ends_s)
            if self.is_over:
                # Before what it asks is closed: a request cut halfway would look like a fault.
                await self._stop_day()
            else:
                await self._fall(platform, demo)
            server.should_exit = True
            platform.hub.close()
            await serving
            self.is_over |= server.was_asked_to_stop

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
            self._demo = Demo(
                clock=self._clock,
                tenant_id=tenant.id,
                user_id=user.id,
                label=LABEL,
                draw_code=None if self._show.is_private else _draw_code,
            )
            if self._kept is not None:
                await self._catch_up(platform, self._demo)
        return self._demo

    async def _catch_up(self, platform: Platform, demo: Demo) -> None:
        """The clock goes on after the last thing that happened, not before it."""
        now = self._clock.now()
        async with platform.transaction(demo.tenant_id) as tx:
            later = await tx.events.list_between(now, ends_at(DEMO_DAY))
        self._clock.move_to(max((event.recorded_at for event in later), default=now))

    async def _watch(self, server: Server, demo: Demo, ends_s: float | None) -> None:
        """Until somebody asks to stop, the time is over, or the visitor lets it fall."""
        code, remembered_s = demo.code, stopwatch_s()
        while not server.should_exit and not demo.restart.is_set():
            if ends_s is not None and stopwatch_s() >= ends_s:
                break
            if self._day is not None and self._day.done() and self._day.exception():
                break
            if demo.code != code:
                code = demo.code
                say(f"Alguien entró con el código. El próximo: {self._enter_url(demo)}")
            if demo.wheel is not None and stopwatch_s() - remembered_s >= REMEMBER_GAP_S:
                remembered_s = stopwatch_s()
                self._remember()
            await pause_s(LOOK_S)
        self.is_over = not demo.restart.is_set()

    def _remember(self) -> None:
        kept = Memory(
            promesa=promesa.__version__,
            orders=self._show.orders,
            seed=self._show.seed,
            password=self._password,
            clock_at=self._clock.now(),
        )
        keep_memory(self._home, kept)

    async def _fall(self, platform: Platform, demo: Demo) -> None:
        """Counts what there is, then kills the database; the server ends with it."""
        demo.restart.clear()
        async with platform.transaction(demo.tenant_id) as tx:
            self._before = await recount(tx, self._clock.now())
        demo.hold()
        self._fell_s = stopwatch_s()
        self._was_killed = platform.database.crash()
        say("Base de datos muerta (kill -9) y servidor abajo; parten de nuevo…")

    async def _compare(self, platform: Platform, demo: Demo) -> Comparison | None:
        """Counts again before anybody can add to it; None when nothing fell."""
        if self._before is None:
            return None
        async with platform.transaction(demo.tenant_id) as tx:
            after = await recount(tx, self._clock.now())
        before, self._before = self._before, None
        return compare(
            before, after, away_s=stopwatch_s() - self._fell_s, was_killed=self._was_killed
        )

    def _come_back(self, demo: Demo, comparison: Comparison) -> None:
        demo.last_fall = comparison
        demo.falls += 1
        demo.go_on()
        say(
            f"De vuelta a los {comparison.away_s:.1f} s: {comparison.orders} pedidos, "
            f"{comparison.deliveries} entregas, {comparison.facts} hechos; "
            f"perdidos {comparison.lost}, repetidos {comparison.doubled}."
        )

    async def _play(self, platform: Platform, demo: Demo) -> None:
        """The day: quickly up to noon, or from where it was left, then at the pace of the clock."""
        opens_at = ServiceDay(DEMO_DAY).at(OPENS_AT)
        casting = with_sales(self._cast(platform), opens_at=opens_at)
        day = self._playing = SimulatedDay(casting)
        if self._kept is None:
            await self._rush(platform, day, demo)
        else:
            demo.phase = DemoPhase.RESUMING
            day.pick_up(self._clock.now())
            await day.run_until(self._clock.now(), lambda _: None)
            demo.has_plan = True
        demo.phase, demo.progress, demo.wheel = DemoPhase.RUNNING, 1.0, day
        hour, pace = hour_of(self._clock.now()), f"{self._show.speed:g}×"
        say(f"Son las {hour} del {LABEL} simulado; el reloj corre a {pace}.")
        demo.run_at(self._show.speed)
        await self._go_on(day, demo)
        demo.wheel, demo.phase = None, DemoPhase.OVER
        forget(self._home)
        say("El día simulado terminó. Mira el informe, o parte otro: promesa demo --fresh")

    def _cast(self, platform: Platform) -> Casting:
        return cast_day(
            platform,
            Staging(
                city=Path(self._settings.city.directory or default_city_directory()),
                orders=self._show.orders,
                day=DEMO_DAY,
                seed=self._show.seed,
                iterations=QUICK_ITERATIONS,
                reviews_left=REVIEWS_LEFT,
                # Who watches is the dispatcher: nobody else hands over what a broken van has.
                is_live=False,
            ),
            password=self._password,
            open_client=self._open_client,
            settle=lambda: self._send_before_jump(platform),
            chores=_nothing,
        )

    async def _rush(self, platform: Platform, day: SimulatedDay, demo: Demo) -> None:
        """From the first orders to the middle of the day, as fast as the machine goes.

        The weeks ahead are known when the day begins, since its buyers are promised days of them.
        Its past is taken in beside the morning, which leaves a core to forecast with.
        """
        opens_at, planned_at = ServiceDay(DEMO_DAY).at(OPENS_AT), begins_at(DEMO_DAY)

        def move(instant: datetime) -> None:
            self._clock.move_to(instant)
            demo.progress = max(0.0, (instant - planned_at) / (opens_at - planned_at))
            if day.has_plan and not demo.has_plan:
                demo.has_plan = True
                demo.phase = DemoPhase.MORNING

        day.raise_curtain()
        await day.run_until(ServiceDay(DEMO_DAY).start, move)
        await plan_ahead(platform, demo, day=DEMO_DAY)
        async with asyncio.TaskGroup() as beside:
            orders = self._show.orders
            beside.create_task(take_in_past(platform, demo, day=DEMO_DAY, orders=orders))
            await day.run_until(opens_at, move)

    async def _send_before_jump(self, platform: Platform) -> None:
        """The platform runs by itself, unless the clock skips a night on the way to noon."""
        waiting = self._playing.timeline.next_at if self._playing else None
        is_rushing = self._demo is not None and self._demo.wheel is None
        if is_rushing and waiting is not None and waiting - self._clock.now() >= JUMP_MIN:
            await platform.pump.settle()

    async def _go_on(self, day: SimulatedDay, demo: Demo) -> None:
        """Does what is due by the running clock; a machine too slow for the pace holds it."""
        last = ends_at(DEMO_DAY)
        while self._clock.now() < last:
            is_held = False

            def look(at: datetime) -> None:
                nonlocal is_held
                # What is done meanwhile would be stamped with an hour that it does not belong to.
                if not is_held and self._clock.now() - at > BEHIND_MAX:
                    demo.hold()
                    is_held = True

            await day.run_until(self._clock.now(), look)
            if is_held:
                demo.go_on()
            await pause_s(LOOK_S)
        demo.run_at(0)

    def _open_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self._show.near_url,
            timeout=ANSWER_LIMIT_S,
            trust_env=False,
            # A server that falls comes back within seconds, and phones try again.
            transport=PatientTransport(),
        )

    def _enter_url(self, demo: Demo) -> str:
        return f"{self._show.public_url}/demo/enter{f'?code={demo.code}' if demo.code else ''}"

    def _announce(self, demo: Demo) -> None:
        url = self._show.public_url
        say("")
        say("Promesa está en marcha. Todo lo que muestra es simulado.")
        say(f"  Torre      {self._enter_url(demo)}")
        say(f"  Conductor  {url}/conductor/")
        say(f"  Cliente    {url}/seguimiento/")
        if self._show.is_private:
            say("Sólo este equipo la ve; para abrirla en un teléfono: --host 0.0.0.0")
        else:
            say("La ve cualquiera en tu red: el código abre una vez y después sale otro aquí.")
            say("Sin HTTPS un teléfono no da cámara ni posición a una página: docs/operations.")
        say("La torre te da el enlace de tu furgón y el de quien espera. Ctrl-C para detener.")

    async def _stop_day(self) -> None:
        """Nobody drives or waits any more; keeps why, when it had ended by itself."""
        if self._day is None:
            return
        if self._day.done():
            self._fault = self._day.exception()
            return
        self._day.cancel()
        await asyncio.wait((self._day,))

    def end(self) -> None:
        """Tells where the day was left, or why it ended by itself."""
        if self._fault is not None:
            raise SimulationError from self._fault
        if self._demo is None or self._demo.phase is DemoPhase.OVER:
            return
        if self._demo.wheel is None:
            say("Detenida antes de que el día estuviera listo.")
        else:
            self._remember()
            at = hour_of(self._clock.now())
            say(f"Detenida a las {at}. El mismo comando sigue este día; --fresh parte otro.")


def _draw_code() -> str:
    return secrets.token_urlsafe(CODE_BYTES)


async def _nothing() -> None:
    """The platform runs by itself and needs no help."""


async def _wait_for(server: Server) -> None:
    while not server.started and not server.should_exit:
        await pause_s(LOOK_S)


def hour_of(instant: datetime) -> str:
    """The time of day in Santiago."""
    return f"{instant.astimezone(ZoneInfo(SANTIAGO)):%H:%M}"


def say(line: str) -> None:
    """A line for whoever looks at the terminal; standard output stays free."""
    click.echo(line, err=True)
