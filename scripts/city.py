"""Builds the city that ships, once a checkout: half a minute that no test should wait for."""

from __future__ import annotations

import sys

from promesa.roads.city import ensure_built
from promesa.runtime.places import default_city_directory


def show_step(step: str) -> None:
    """Says on stderr what is being done."""
    sys.stderr.write(f"{step} …\n")


if __name__ == "__main__":
    ensure_built(default_city_directory(), on_step=show_step)
