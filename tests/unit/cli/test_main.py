"""The command line's edges: exit codes and sentences, no command of its own."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from promesa.cli.main import COMMANDS, EXIT_TERMINATED, PromesaGroup, main
from promesa.cli.progress import counted_seconds
from promesa.kernel.errors import (
    FieldFault,
    InvalidError,
    NotFoundError,
    PromesaError,
    UnavailableError,
)


def _group_that_raises(error: PromesaError) -> click.Group:
    """A command line whose one command fails with ``error``."""

    @click.group(cls=PromesaGroup)
    def group() -> None: ...

    @group.command()
    def fail() -> None:
        raise error

    return group


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (InvalidError("La hoja no tiene filas."), 2),
        (NotFoundError(), 2),
        (UnavailableError(), 1),
    ],
)
def test_a_known_failure_is_a_sentence_and_an_exit_code(
    error: PromesaError, exit_code: int
) -> None:
    result = CliRunner().invoke(_group_that_raises(error), ["fail"])
    assert result.exit_code == exit_code
    assert error.sentence in result.stderr
    assert "Traceback" not in result.output


def test_the_details_of_a_failure_are_told_one_per_line() -> None:
    group = _group_that_raises(InvalidError("Hay un dato malo.", row=7, field="phone"))
    result = CliRunner().invoke(group, ["fail"])
    assert "  fila: 7\n  campo: phone\n" in result.stderr


def test_no_word_of_the_decoder_and_no_bare_object_reaches_the_user() -> None:
    fault = FieldFault(row=3, field="lon", reason="Expected `float`, got `str`")
    cause = "Object missing required field `lon` - at `$.depots[0]`"
    group = _group_that_raises(InvalidError("No sirve.", where=cause, faults=(fault,)))
    result = CliRunner().invoke(group, ["fail"])
    assert "  dónde: Falta `lon`. (en `depots[0]`)\n" in result.stderr
    assert "  fila 3, lon: Debe ser número y llegó texto.\n" in result.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_list_loads_and_explains_itself(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert name in result.stdout
    assert "Ejemplo: " in result.stdout


@pytest.mark.parametrize(("workers", "sentence"), [("2", "un solo proceso"), ("0", "--workers")])
def test_more_than_one_process_is_refused_plainly(workers: str, sentence: str) -> None:
    result = CliRunner().invoke(main, ["serve", "--workers", workers])
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_command_whose_library_is_missing_points_to_the_doctor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "promesa.cli.solve", raising=False)
    monkeypatch.setitem(sys.modules, "resource", None)  # The first thing that module imports.
    result = CliRunner().invoke(main, ["solve", "--help"])
    assert result.exit_code == 1
    assert "promesa doctor" in result.stderr


_WAITING_COMMAND = """
import asyncio, click
from promesa.cli.main import PromesaGroup
from promesa.cli.staging import fresh_home

@click.group(cls=PromesaGroup)
def group(): ...

@group.command()
def wait():
    asyncio.run(wait_long())

async def wait_long():
    with fresh_home() as home:
        click.echo(home)
        await asyncio.sleep(60)

group(["wait"])
"""


def test_a_command_told_to_end_takes_away_what_it_had_opened() -> None:
    command = [sys.executable, "-c", _WAITING_COMMAND]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        home = Path(process.stdout.readline().strip())
        assert home.is_dir()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == EXIT_TERMINATED
    assert not home.exists()


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every command below, by its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


@pytest.mark.parametrize("command", [(), *_commands(main, ())], ids=" ".join)
def test_help_speaks_one_language(command: tuple[str, ...]) -> None:
    told = CliRunner().invoke(main, [*command, "--help"]).stdout
    assert told.startswith("Uso: ")
    words = set(re.findall(r"[a-z]+", told.lower()))
    assert words.isdisjoint({"usage", "options", "commands", "default", "required", "show", "exit"})
    assert re.search(r"\b(INTEGER|TEXT|RANGE|DIRECTORY|OPTIONS|ARGS)\b", told) is None


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nada",), "No hay un comando 'nada'."),
        (("solve",), "Falta el argumento 'ARCHIVO'."),
        (("solve", "nada.vrp"), "Archivo 'nada.vrp' no existe."),
        (("solve", __file__, "--seed", "x"), "'--seed' no sirve: 'x' no es un entero."),
        (("solve", __file__, "--seed", "-1"), "-1 está fuera del rango: va de 0 a 2147483647"),
        (("solve", __file__, "--sed"), "No hay una opción '--sed'. ¿Quisiste decir '--seed'?"),
        (("roads", "route", "--kerb", "x"), "'x' no es una de las opciones: 'any'"),
        (("orders", "import", __file__, "--date", "hoy"), "«hoy»: No se entiende la fecha."),
    ],
)
def test_mistakes_of_the_line_are_told_in_spanish(
    arguments: tuple[str, ...], sentence: str
) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert re.search(r"\b(Try|Invalid|Missing|No such|Usage)\b", result.stderr) is None


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_work_of_unknown_length_counts_its_seconds_for_who_looks() -> None:
    looked_at, piped = _Terminal(), io.StringIO()
    for stream in (looked_at, piped):
        with counted_seconds("Compilando", stream, every_s=0.01):
            threading.Event().wait(0.2)
    assert "\rCompilando: 0 s" in looked_at.getvalue()
    assert piped.getvalue() == ""
