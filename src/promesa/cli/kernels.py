"""The planner is compiled the first time a machine plans; the commands that plan say so."""

from __future__ import annotations

import click

from promesa.routing.engine.folder import WORD, is_cold
from promesa.routing.engine.warm import warm


def ready_kernels() -> None:
    """Compiles now what is not yet, so that no search pays for it."""
    if is_cold():
        click.echo(WORD, err=True)
    warm()
