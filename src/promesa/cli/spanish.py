"""The words of click itself, said in Spanish on any machine.

Click asks gettext for them, which goes by the machine's language and has no catalogue of click's;
ours is Spanish everywhere. So each module of click is given our words for the sentences it asks
for; one that is not here stays English, and a test looks for those that commands show.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import click
from click import core, decorators, exceptions, formatting, parser, types

_WORDS = {
    "%(prog)s, version %(version)s": "%(prog)s, versión %(version)s",
    "Aborted!": "Interrumpido.",
    "Argument {name!r} takes {nargs} values.": "El argumento {name!r} toma {nargs} valores.",
    "Choose from:\n\t{choices}": "Elige entre:\n\t{choices}",
    "Commands": "Comandos",
    "Could not open file {filename!r}: {message}": "No se pudo abrir {filename!r}: {message}",
    "Did you mean {possibility}?": "¿Quisiste decir {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(¿Quisiste decir una de estas: {possibilities}?)",
    "Error: {message}": "Error: {message}",
    "Got unexpected extra argument ({args})": "Sobra un argumento ({args}).",
    "Got unexpected extra arguments ({args})": "Sobran argumentos ({args}).",
    "Invalid value for {param_hint}: {message}": "{param_hint} no sirve: {message}",
    "Invalid value: {message}": "El valor no sirve: {message}",
    "Missing argument": "Falta el argumento",
    "Missing command.": "Falta el comando.",
    "Missing option": "Falta la opción",
    "Missing parameter": "Falta el parámetro",
    "Missing parameter: {param_name}": "Falta el parámetro {param_name}",
    "No such command {name!r}.": "No hay un comando {name!r}.",
    "No such option {name!r}.": "No hay una opción {name!r}.",
    "Option {name!r} does not take a value.": "La opción {name!r} no lleva un valor.",
    "Option {name!r} requires an argument.": "La opción {name!r} necesita un valor.",
    "Option {name!r} requires {nargs} arguments.": "La opción {name!r} necesita {nargs} valores.",
    "Options": "Opciones",
    "Positional arguments": "Argumentos",
    "Show the version and exit.": "Dice la versión y termina.",
    "Show this message and exit.": "Muestra esta ayuda y termina.",
    "Try '{command} {option}' for help.": "La ayuda: {command} {option}",
    "Usage:": "Uso:",
    "default: {default}": "por defecto: {default}",
    "directory": "carpeta",
    "env var: {var}": "variable: {var}",
    "file": "archivo",
    "path": "ruta",
    "required": "obligatoria",
    "unknown error": "error desconocido",
    "{name} {filename!r} does not exist.": "{name} {filename!r} no existe.",
    "{name} {filename!r} is a directory.": "{filename!r} es una carpeta.",
    "{name} {filename!r} is a file.": "{filename!r} es un archivo.",
    "{name} {filename!r} is not readable.": "{filename!r} no se puede leer.",
    "{name} {filename!r} is not writable.": "en {filename!r} no se puede escribir.",
    "{value!r} is not a valid {number_type}.": "{value!r} no es un {number_type}.",
    "{value!r} is not one of {choices}.": "{value!r} no es una de las opciones: {choices}.",
    "{value!r} is not {choice}.": "{value!r} no es {choice}.",
    "{value} is not in the range {range}.": "{value} está fuera del rango: va {range}.",
}
# What the commands call their arguments, which click shows in capitals.
_ARGUMENTS = {"file": "ARCHIVO"}
_MODULES = (core, decorators, exceptions, formatting, parser, types)
_KINDS: tuple[tuple[type[click.ParamType[Any]], str], ...] = (
    (types.FloatParamType, "número"),
    (types.FloatRange, "número"),
    (types.IntParamType, "entero"),
    (types.IntRange, "entero"),
    (types.StringParamType, "texto"),
)


def speak_spanish() -> None:
    """Gives click our words; once more changes nothing."""
    for module in _MODULES:
        _teach(module)
    for kind, name in _KINDS:
        kind.name = name
    for ranged in (types.FloatRange, types.IntRange):
        # Click writes 1<=x<=92; a method of its own that we name, as it has no public one.
        setattr(ranged, "_describe_range", _range_words)  # noqa: B010 - the name is private


def in_spanish(command: click.Command) -> click.Command:
    """The command, whose line of use speaks Spanish, with those below it."""
    command.options_metavar = "[OPCIONES]"
    for parameter in command.params:
        if isinstance(parameter, click.Argument) and parameter.metavar is None:
            named = _ARGUMENTS.get(parameter.name or "")
            parameter.metavar = f"[{named}]" if named and not parameter.required else named
    if isinstance(command, click.Group):
        command.subcommand_metavar = "COMANDO [ARGUMENTOS]..."
        for below in command.commands.values():
            in_spanish(below)
    return command


def _teach(module: ModuleType) -> None:
    for name, spoken in (("_", _said), ("ngettext", _said_of)):
        if name in vars(module):
            setattr(module, name, spoken)


def _range_words(kind: types.FloatRange | types.IntRange) -> str:
    """As ``de 1 a 92``, ``desde 0`` or ``hasta 5``."""
    if kind.min is None:
        return f"hasta {kind.max}"
    return f"desde {kind.min}" if kind.max is None else f"de {kind.min} a {kind.max}"


def _said(sentence: str) -> str:
    return _WORDS.get(sentence, sentence)


def _said_of(one: str, many: str, count: int) -> str:
    return _said(one if count == 1 else many)
