"""`promesa demo`: a Cyber Monday in Santiago, already planned and running, on this machine."""

from __future__ import annotations

import asyncio
import multiprocessing
import runpy
import shutil
import socket
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from promesa.cli.demo_memory import Memory, read_memory
from promesa.cli.demo_show import Show
from promesa.cli.demo_stage import DEMO_DAY, LABEL, Stage, hour_of, say
from promesa.cli.option_kinds import Seconds
from promesa.cli.serve import leave
from promesa.kernel.clock import stopwatch_s
from promesa.kernel.errors import UnavailableError
from promesa.routing.engine.folder import WARM_MODULE, WORD, is_cold
from promesa.runtime.observe import configure_logs
from promesa.runtime.places import demo_home
from promesa.runtime.settings import DatabaseSettings, load_settings
from promesa.simulator.day import ends_at

# The clock jumps over a night and a morning; a visitor should not be signed out by that.
SESSION_H = 24 * 30
# Of a day that is nearly over there is little left to see.
LEFT_MIN = timedelta(hours=3)


class PortTakenError(UnavailableError):
    """Somebody listens there already, another demo perhaps."""

    code = "port_taken"
    message = "Ese puerto ya está en uso. Cierra el otro programa o usa --port con otro número."


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
@click.option("--for-s", default=None, type=Seconds(), help="Se detiene sola a los N segundos.")
@click.option("--fresh", is_flag=True, help="Parte un día nuevo en vez de seguir el que quedó.")
def demo(
    orders: int, seed: int, speed: float, host: str, port: int, for_s: float | None, fresh: bool
) -> None:
    """Muestra un Cyber Monday en Santiago, planificado y en marcha. Todo es simulado.

    Ejemplo: promesa demo --orders 600
    """
    configure_logs("error")
    show = Show(
        host=host, port=port, orders=orders, seed=seed, speed=speed, for_s=for_s, is_fresh=fresh
    )
    with suppress(KeyboardInterrupt):
        asyncio.run(_run(show))
    leave()


async def _run(show: Show) -> None:
    """The platform in a loop, since a visitor may let it fall; the day goes on beside it."""
    given = load_settings()
    settings = replace(
        given,
        server=replace(given.server, session_h=SESSION_H),
        # Invented people never get into a database that somebody works with.
        database=DatabaseSettings(pool_size=given.database.pool_size),
    )
    _require_port(show)
    _ready_kernels_beside()
    home = demo_home(show.port, given.database.directory)
    kept = _find_day(show, home)
    if kept is None:
        shutil.rmtree(home, ignore_errors=True)
    stage = Stage(show, settings, home, kept)
    ends_s = stopwatch_s() + show.for_s if show.for_s else None
    while not stage.is_over:
        await stage.serve_once(ends_s)
    stage.end()


def _ready_kernels_beside() -> None:
    """Begins to compile in a process of its own, beside whatever else there is to prepare.

    Who needs the kernels before it is done waits for it. By its name, so that this process, which
    only serves, loads no compiler.
    """
    if not is_cold():
        return
    click.echo(WORD, err=True)
    compiling = multiprocessing.get_context("spawn").Process(
        target=runpy.run_module, args=(WARM_MODULE, None, "__main__"), daemon=True
    )
    compiling.start()


def _require_port(show: Show) -> None:
    """Before anything is wiped: the other demo's data are in use."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((show.host, show.port))
        except OSError as error:
            raise PortTakenError(port=show.port) from error


def _find_day(show: Show, home: Path) -> Memory | None:
    """The day that was left, if it is the one asked for and there is something left of it."""
    kept = read_memory(home)
    if kept is None or show.is_fresh:
        return None
    if (kept.orders, kept.seed) != (show.orders, show.seed):
        say(f"Quedó otro día, de {kept.orders} pedidos y semilla {kept.seed}: parte uno nuevo.")
        return None
    if kept.clock_at > ends_at(DEMO_DAY) - LEFT_MIN:
        say("El día que quedó ya terminaba: parte uno nuevo.")
        return None
    left_at = hour_of(kept.clock_at)
    say(f"Sigue el {LABEL} que dejaste a las {left_at}. Para partir otro: promesa demo --fresh")
    return kept
