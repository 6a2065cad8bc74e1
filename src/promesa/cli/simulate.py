"""`promesa simulate`: one whole day against the real platform, on a clock moved by hand.

With ``--peak`` it rehearses the days of a forecast instead (`peak.py`).
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import click
import httpx

from promesa.api.app import build_app
from promesa.cli.days import DAY, day_words
from promesa.cli.option_kinds import NewFile
from promesa.cli.peak import asked_of, peak_options, run_peak
from promesa.cli.staging import EMAIL, Staging, cast_day, fresh_home
from promesa.kernel.clock import MovedClock
from promesa.kernel.ids import Ids
from promesa.kernel.seeds import stream
from promesa.routing.budget import QUICK_ITERATIONS
from promesa.runtime.bootstrap import Founding, found
from promesa.runtime.chores import do_chores
from promesa.runtime.observe import configure_logs
from promesa.runtime.places import default_city_directory
from promesa.runtime.platform import Platform
from promesa.runtime.reacting import count_parked
from promesa.runtime.settings import load_settings
from promesa.runtime.wiring import Circumstances, open_platform
from promesa.simulator.day import begins_at, ends_at
from promesa.simulator.run import RunReport, run_day

OPERATOR = "Santiago simulado"
BASE_URL = "http://simulacion.invalid"
BAR_STEPS = 1000
EXIT_BROKEN = 1
ANSWER_LIMIT_S = 300.0


@click.command()
@click.option(
    "--city",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Carpeta de la ciudad; sin ella, la que viene con Promesa.",
)
@click.option(
    "--orders",
    default=600,
    show_default=True,
    type=click.IntRange(1, 20_000),
    help="Cuántos pedidos.",
)
@click.option(
    "--date", "day", type=DAY, default="2026-10-05", show_default=True, help="Día simulado."
)
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0), help="Semilla del azar."
)
@click.option(
    "--world",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tasas del mundo en TOML, encima de las que vienen.",
)
@click.option(
    "--policy",
    type=click.Choice(["live", "static"]),
    default="live",
    show_default=True,
    help="live reparte lo de un furgón en panne; static lo espera.",
)
@click.option("--report", type=NewFile(), help="Informe en JSON.")
@click.option("--json", "as_json", is_flag=True, help="Un solo objeto JSON en la salida.")
@peak_options
@click.pass_context
def simulate(
    ctx: click.Context,
    /,
    *,
    city: Path | None,
    orders: int,
    day: date,
    seed: int,
    world: Path | None,
    policy: str,
    report: Path | None,
    as_json: bool,
    is_peak: bool,
    **peak: Any,
) -> None:
    """Simula un día entero contra la plataforma real; la misma semilla da el mismo informe.

    Ejemplo: promesa simulate --city examples/santiago --orders 600 --seed 7 --report dia.json

    Con --peak ensaya un peak del pronóstico y compara plazos fijos con promesas según capacidad:
    promesa simulate --peak --forecast pronostico.csv --fleet examples/santiago/fleet.toml
    --city examples/santiago
    """
    if is_peak:
        run_peak(asked_of(peak), city, seed=seed, report=report, as_json=as_json)
        return
    configure_logs("error")
    staging = Staging(
        city=city or default_city_directory(),
        orders=orders,
        day=day,
        seed=seed,
        iterations=QUICK_ITERATIONS,
        world=world,
        is_live=policy == "live",
    )
    done = asyncio.run(_run(staging))
    content = asdict(done)
    if report is not None:
        text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=str)
        report.write_text(text + "\n", encoding="utf-8")
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str))
    else:
        click.echo(_words(done))
    ctx.exit(EXIT_BROKEN if done.invariants_broken else 0)


async def _run(staging: Staging) -> RunReport:
    settings = load_settings(None, {})
    settings = replace(settings, city=replace(settings.city, directory=str(staging.city)))
    first, last = begins_at(staging.day), ends_at(staging.day)
    clock = MovedClock(first)
    with fresh_home() as home:
        circumstances = Circumstances(
            clock=clock,
            ids=Ids(clock, stream(staging.seed, "platform").randbytes),
            public_url=BASE_URL,
            home=home,
            is_background=False,
        )
        async with open_platform(settings, circumstances) as platform:
            with click.progressbar(
                length=BAR_STEPS, label="Simulando el día", file=sys.stderr
            ) as bar:

                def show(instant: datetime) -> None:
                    share = (instant - first) / (last - first)
                    bar.update(max(0, int(share * BAR_STEPS) - bar.pos))

                return await _run_on(platform, clock, staging, show)


async def _run_on(
    platform: Platform, clock: MovedClock, staging: Staging, show: Callable[[datetime], None]
) -> RunReport:
    password = platform.ids.token()
    founding = Founding(
        tenant=OPERATOR, email=EMAIL, name="Torre", password=password, is_simulated=True
    )
    tenant, _ = await found(platform, founding)
    # httpx and Litestar write the same ASGI types in two ways.
    app = cast("Any", build_app(platform))

    def open_client() -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=BASE_URL,
            # A request id of its own would be drawn from the seeded ids for every poll.
            headers={"X-Request-ID": "simulacion"},
            timeout=ANSWER_LIMIT_S,
        )

    async def settle() -> None:
        if platform.pump.is_woken:
            await platform.pump.settle()

    async def chores() -> None:
        await do_chores(platform, tenant.id)
        await platform.pump.settle()

    casting = cast_day(
        platform,
        staging,
        password=password,
        open_client=open_client,
        settle=settle,
        chores=chores,
    )
    done = await run_day(casting, clock.move_to, show)
    assert await count_parked(platform.database) == 0, "a reaction failed; the log says which"
    return done


def _words(done: RunReport) -> str:
    """The report for a person; every figure is simulated."""
    kept = done.promises_kept + done.promises_broken
    share = 100 * done.promises_kept / kept if kept else 0.0
    lines = [
        f"Día simulado {day_words(done.date)} · semilla {done.seed}",
        f"  pedidos {done.orders} · entregados {done.delivered} · no {done.not_delivered}",
        f"  promesas cumplidas {done.promises_kept} de {kept} ({share:.1f} %)",
        f"  {done.routes} rutas · {done.km} km · {done.driver_hours} h · $ {done.cost_clp}",
        f"  {done.messages_sent} mensajes · {done.events} hechos",
        f"  invariantes revisados {done.invariants_checked}, rotos {len(done.invariants_broken)}",
    ]
    lines += [f"  ✗ {item}" for item in done.invariants_broken]
    return "\n".join(lines)
