"""`promesa serve`: the server."""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import sys
from dataclasses import replace
from multiprocessing.util import _run_finalizers  # type: ignore[attr-defined]  # Nothing public.
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
import uvicorn

from promesa.api.app import build_app
from promesa.kernel.errors import InvalidError
from promesa.runtime.bootstrap import Founding, found, is_founded
from promesa.runtime.observe import configure_logs
from promesa.runtime.platform import Platform
from promesa.runtime.settings import Settings, load_settings
from promesa.runtime.wiring import open_platform, real_circumstances

ADMIN_EMAIL = "PROMESA_ADMIN_EMAIL"
ADMIN_PASSWORD = "PROMESA_ADMIN_PASSWORD"  # noqa: S105  The name of a variable, not a password.
OPERATOR = "PROMESA_OPERATOR"
# A killed helper is gone at once; one that hangs in the kernel is not waited for.
HELPER_LIMIT_S = 0.5


class WorkersError(InvalidError):
    """More than one process was asked for."""

    code = "workers_not_supported"
    message = "Esta versión corre con un solo proceso. Usa --workers 1."


class Server(uvicorn.Server):
    """Ends open streams as soon as it is asked to stop, so that draining takes no 5 s."""

    def __init__(self, config: uvicorn.Config, platform: Platform) -> None:
        super().__init__(config)
        self._platform = platform
        self.was_asked_to_stop = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Closes the streams and asks uvicorn to drain.

        uvicorn's own would raise the signal again after draining, which kills the process before
        the database and the planner are closed: PostgreSQL would stay behind.
        """
        self.was_asked_to_stop = True
        self._platform.hub.close()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Dirección donde escucha.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Puerto."
)
@click.option("--database", "database_url", default=None, help="URL de PostgreSQL.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1), help="Procesos; hoy, uno."
)
@click.option(
    "--settings",
    "settings_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Archivo TOML con los ajustes.",
)
def serve(
    host: str, port: int, database_url: str | None, workers: int, settings_path: Path | None
) -> None:
    """Parte el servidor. La descripción de la API queda en /schema/openapi.json.

    Ejemplo: promesa serve --host 0.0.0.0 --port 8000
    """
    if workers != 1:
        raise WorkersError
    settings = load_settings(settings_path)
    if database_url:
        settings = replace(settings, database=replace(settings.database, url=database_url))
    configure_logs(settings.log_level)
    asyncio.run(_serve(settings, host, port))
    leave()


def leave() -> NoReturn:
    """Ends the process once everything is closed, with its helpers.

    Nothing is left to write, and taking the city's graph apart object by object would cost seconds
    of the five that are promised; a plan under way goes on at the next start.
    """
    for helper in multiprocessing.active_children():
        helper.kill()
        helper.join(HELPER_LIMIT_S)
    # What the interpreter does at its end and we may not skip: each helper's queue has semaphores
    # with names, and whoever looks after them complains of those that nobody took back.
    _run_finalizers(0)
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


async def _serve(settings: Settings, host: str, port: int) -> None:
    public_url = settings.server.public_url or f"http://{host}:{port}"
    circumstances = replace(real_circumstances(public_url), is_sole=True)
    async with open_platform(
        settings, circumstances, say=lambda line: click.echo(line, err=True)
    ) as platform:
        await _found_first(platform)
        _set_apart()
        click.echo(f"Promesa escucha en {public_url}/torre/", err=True)
        await run_server(platform, host, port)


def _set_apart() -> None:
    """Takes what was loaded, and stays, out of what the collector of garbage goes through.

    A city is some 290,000 objects: going through them takes 130 ms of a core, in which nobody is
    answered; without this it happens several times a minute under load.
    """
    gc.collect()
    gc.freeze()


async def run_server(platform: Platform, host: str, port: int) -> None:
    """Serves until asked to stop."""
    await Server(server_config(platform, host, port), platform).serve()


def server_config(platform: Platform, host: str, port: int) -> uvicorn.Config:
    """How uvicorn serves the platform."""
    return uvicorn.Config(
        build_app(platform),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=platform.settings.server.shutdown_s,
        lifespan="off",
        ws="none",
    )


async def _found_first(platform: Platform) -> None:
    """The first administrator, from the environment, where nobody is yet."""
    if await is_founded(platform):
        return
    email, password = os.environ.get(ADMIN_EMAIL), os.environ.get(ADMIN_PASSWORD)
    if not email or not password:
        click.echo(
            f"Aún no hay nadie: define {ADMIN_EMAIL} y {ADMIN_PASSWORD} y vuelve a partir.",
            err=True,
        )
        return
    await found(
        platform,
        Founding(
            tenant=os.environ.get(OPERATOR, "Operador"),
            email=email,
            name=email.split("@")[0],
            password=password,
        ),
    )
