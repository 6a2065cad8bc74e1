"""What several commands take: a time to search for, a share, a file to write."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import click

SECONDS_MAX = 86_400
PER_CENT = 100


class Seconds(click.FloatRange):
    """Seconds, a day at most."""

    def __init__(self) -> None:
        super().__init__(0, SECONDS_MAX)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Refuses what is no number as well: it is neither below a range nor above it."""
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail(f"«{value}» no es un número de segundos, de 0 a {SECONDS_MAX}.", param, ctx)
        return seconds


def read_up_to(path: Path, bytes_max: int) -> bytes:
    """The content of a file, or one byte more than is allowed of one that is too large.

    Who reads it refuses that; what is left of a huge file is never in memory.
    """
    with path.open("rb") as stream:
        return stream.read(bytes_max + 1)


class Share(click.ParamType[float]):
    """A part of one between two ends, as 0.97; 0,97 and 97% mean the same, 97 is asked about."""

    name = "PARTE"

    def __init__(self, least: float, most: float) -> None:
        self.least, self.most = least, most

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Turns "0,97" into 0.97."""
        text = str(value).strip().replace(",", ".")
        try:
            share = float(text.removesuffix("%")) / (PER_CENT if text.endswith("%") else 1)
        except ValueError:
            share = math.nan
        if 1 < share <= PER_CENT:
            self.fail(f"«{value}» es más que todo: escribe {share / PER_CENT:g}.", param, ctx)
        if not self.least <= share <= self.most:
            spans = f"de {self.least:g} a {self.most:g}"
            self.fail(f"«{value}» no sirve: va una parte {spans}, como 0.97.", param, ctx)
        return share


class NewFile(click.Path):
    """A file to write, in a folder that is there: told before the work, not after it."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuses a file whose folder is missing or closed to us."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"No existe la carpeta «{path.parent}». Créala o elige otra.", param, ctx)
        if not os.access(path.parent, os.W_OK):
            self.fail(
                f"No se puede escribir en la carpeta «{path.parent}». Elige otra.", param, ctx
            )
        return path
