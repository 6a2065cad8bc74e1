"""`promesa reactions`: what should have followed from an event and was set aside, tried again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from promesa.domain.events import ParkedReaction
from promesa.runtime.platform import Platform
from promesa.runtime.reacting import Retried
from promesa.runtime.settings import load_settings
from promesa.runtime.wiring import Circumstances, open_platform, real_circumstances

EXIT_STILL_PARKED = 1

Result = TypeVar("Result")

_settings = click.option(
    "--settings",
    "settings_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Archivo TOML con los ajustes.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Un solo objeto JSON en la salida.")


@click.group()
def reactions() -> None:
    """Reacciones apartadas: avisos, webhooks o puertas de un hecho que fallaron siempre.

    Ejemplo: promesa reactions list
    """


@reactions.command("list")
@_json
@_settings
def list_parked(as_json: bool, settings_path: Path | None) -> None:
    """Muestra las apartadas: de qué hecho, cuál reacción y qué falla.

    Ejemplo: promesa reactions list --json
    """
    parked = asyncio.run(_opened(settings_path, list_all))
    click.echo(_json_of(parked) if as_json else _text(parked))


@reactions.command("retry")
@_json
@_settings
@click.pass_context
def retry(ctx: click.Context, as_json: bool, settings_path: Path | None) -> None:
    """Intenta de nuevo cada apartada, una vez; sirve con el servidor andando.

    Ejemplo: promesa reactions retry
    """
    done, still = asyncio.run(_opened(settings_path, retry_all))
    if as_json:
        click.echo(_json_of(still, done=done))
    else:
        click.echo(f"Hechas ahora: {done}\n{_text(still)}")
    ctx.exit(EXIT_STILL_PARKED if still else 0)


async def _opened(
    settings_path: Path | None, work: Callable[[Platform], Awaitable[Result]]
) -> Result:
    found = real_circumstances("")
    quiet = Circumstances(clock=found.clock, ids=found.ids, public_url="", is_background=False)
    async with open_platform(load_settings(settings_path), quiet, _say) as platform:
        return await work(platform)


async def list_all(platform: Platform) -> list[ParkedReaction]:
    """The parked reactions of every operator."""
    parked: list[ParkedReaction] = []
    for tenant in await platform.directory.list_tenants():
        async with platform.transaction(tenant.id) as tx:
            parked += await tx.parked.list_all()
    return parked


async def retry_all(platform: Platform) -> Retried:
    """Tries those of every operator again."""
    done, still = 0, []
    for tenant in await platform.directory.list_tenants():
        retried = await platform.reactor.retry(tenant.id)
        done += retried.done
        still += retried.still
    return Retried(done, still)


def _json_of(parked: list[ParkedReaction], **counts: int) -> str:
    rows = [
        {
            "event_id": str(each.event_id),
            "number": each.number,
            "reaction": each.reaction,
            "error": each.error,
            "parked_at": each.parked_at.isoformat(),
        }
        for each in parked
    ]
    return json.dumps({**counts, "parked": rows}, ensure_ascii=False)


def _text(parked: list[ParkedReaction]) -> str:
    if not parked:
        return "No hay reacciones apartadas."
    return "\n".join(
        f"hecho {each.number} ({each.event_id}), {each.reaction}: {each.error}" for each in parked
    )


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
