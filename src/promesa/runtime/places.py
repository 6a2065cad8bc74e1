"""Where things are on this machine when no setting says so."""

from __future__ import annotations

from pathlib import Path

import promesa
from promesa.kernel.errors import UnavailableError
from promesa.storage.postgres import default_home


class NoCityError(UnavailableError):
    """No city is set and none ships beside the package."""

    code = "city_not_found"
    message = (
        "Falta una ciudad. Crea una con `promesa roads build` y ponla en PROMESA_CITY_DIRECTORY."
    )


def default_city_directory() -> Path:
    """The city that ships: examples/santiago of the checkout, or of the installed package.

    Raises:
        NoCityError: Neither is there.
    """
    package = Path(promesa.__file__).parent
    for candidate in (
        package / "examples" / "santiago",
        package.parents[1] / "examples" / "santiago",
    ):
        if candidate.is_dir():
            return candidate
    raise NoCityError


def demo_home(port: int, directory: str = "") -> Path:
    """Where the demo of a port keeps its data: beside the real ones, never among them."""
    return (Path(directory) if directory else default_home()) / f"demo-{port}"
