"""Chooses the reader of an instance file by its ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from promesa.routing.instances.instance import Instance, InstanceError
from promesa.routing.instances.loggibud import read_loggibud
from promesa.routing.instances.metropolitan import read_metropolitan
from promesa.routing.instances.solomon import read_solomon
from promesa.routing.instances.vrplib import read_vrplib

READERS: dict[str, Callable[[Path], Instance]] = {
    ".vrp": read_vrplib,
    ".txt": read_solomon,
    ".json": read_loggibud,
    ".npz": read_metropolitan,
}


def read_instance(path: Path) -> Instance:
    """The instance in the file.

    Raises:
        InstanceError: The ending is none we know, or the file is not what its ending says.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        endings = ", ".join(READERS)
        raise InstanceError(f"El archivo debe terminar en {endings}.", file=path.name)
    return reader(path)
