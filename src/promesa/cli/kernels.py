"""The planner is compiled the first time a machine plans; commands say so, and when it is done."""

from __future__ import annotations

import multiprocessing

import click

from promesa.routing.engine.warm import WORD, is_cold, warm


def ready_kernels() -> None:
    """Compiles now what is not yet, so that no search pays for it."""
    if is_cold():
        click.echo(WORD, err=True)
    warm()


def ready_kernels_beside() -> None:
    """Begins to compile in a process of its own, beside whatever else there is to prepare.

    Who needs the kernels before it is done waits for it.
    """
    if not is_cold():
        return
    click.echo(WORD, err=True)
    multiprocessing.get_context("spawn").Process(target=warm, daemon=True).start()
