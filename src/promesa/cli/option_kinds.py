"""What several commands take: a time to search for, a file to write."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import click

SECONDS_MAX = 86_400


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
