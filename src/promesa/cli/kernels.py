"""The planner is compiled the first time a machine plans; the commands that plan say so."""

from __future__ import annotations

import click

from promesa.cli.progress import counted_seconds
from promesa.routing.engine.folder import WORD, is_cold
from promesa.routing.engine.warm import warm

# Some 100 s of one core; seven minutes were seen where others wanted it too.
ONCE = "Pasa una vez por versión; si el equipo está ocupado, tarda más."


def ready_kernels() -> None:
    """Compiles now what is not yet, so that no search pays for it."""
    if not is_cold():
        warm()
        return
    click.echo(f"{WORD} {ONCE}", err=True)
    with counted_seconds("Compilando"):
        warm()
