"""The `promesa` command: finds the commands and turns failures into exit codes.

Exit 0: done. 1: our fault. 2: the input's fault, with a sentence that says what to do. 143: told to
end (SIGTERM), and what it had opened is closed, a private database server above all.
"""

from __future__ import annotations

import importlib
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import ClassVar

import click

from promesa.cli.details import detail_lines
from promesa.cli.spanish import in_spanish, speak_spanish
from promesa.kernel.errors import InvalidError, NotFoundError, PromesaError, UnavailableError

EXIT_OURS = 1
EXIT_INPUT = 2
EXIT_TERMINATED = 128 + signal.SIGTERM

COMMANDS = (
    "backtest",
    "capacity",
    "check",
    "demo",
    "doctor",
    "explain",
    "forecast",
    "geocode",
    "orders",
    "plan",
    "promise",
    "reactions",
    "roads",
    "serve",
    "simulate",
    "solve",
)


class LibraryMissingError(UnavailableError):
    """A package that the command needs does not load on this machine."""

    code: ClassVar[str] = "library_missing"
    message = "Falta una biblioteca en este equipo. Ejecuta promesa doctor: dice cuál y qué hacer."


class PromesaGroup(click.Group):
    """A group whose commands may raise PromesaError: never a traceback for a known failure.

    Each command is a module of promesa.cli with the command's name, loaded when it is asked for:
    doctor has to run where another command's libraries are missing.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, as --help shows them."""
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Loads one command."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        try:
            module = importlib.import_module(f"promesa.cli.{cmd_name}")
        except (ImportError, OSError) as error:
            if (getattr(error, "name", None) or "").startswith("promesa."):
                raise  # A mistake of ours, which no installation puts right.
            raise LibraryMissingError(command=cmd_name, cause=str(error)) from error
        found = (item for item in vars(module).values() if isinstance(item, click.Command))
        return in_spanish(next(command for command in found if command.name == cmd_name))

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; a known failure becomes a sentence on stderr and an exit code."""
        try:
            with _ended_in_order():
                return super().invoke(ctx)
        except PromesaError as error:
            click.echo(f"promesa: {error.sentence} [{error.code}]", err=True)
            for line in detail_lines(error.details):
                click.echo(f"  {line}", err=True)
            is_input = isinstance(error, InvalidError | NotFoundError)
            ctx.exit(EXIT_INPUT if is_input else EXIT_OURS)


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Lets SIGTERM unwind the command as Ctrl-C does; `serve` drains first, by a way of its own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(EXIT_TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# Before the first command is made: a command keeps what click says as it is made.
speak_spanish()


@click.group(
    cls=PromesaGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[OPCIONES]",
    subcommand_metavar="COMANDO [ARGUMENTOS]...",
)
@click.version_option(package_name="promesa", message="promesa %(version)s")
def main() -> None:
    """Última milla para Chile: cada entrega es una promesa.

    Para empezar: promesa demo
    """
