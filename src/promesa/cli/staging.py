"""What simulate and demo share: the cast of a day over some way to reach the platform."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from promesa.roads.city import City
from promesa.routing.fleetfile import read_fleet
from promesa.runtime.platform import Platform
from promesa.simulator.client import OpenClient
from promesa.simulator.day import Casting
from promesa.simulator.script import write_script
from promesa.simulator.town import Town
from promesa.simulator.world_file import load_world

EMAIL = "torre@ejemplo.invalid"
FLEET_FILE = "fleet.toml"
# In memory a simulated day is not slowed by the disk it does not need.
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108  A fresh folder of a random name is made in it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """What was asked for."""

    city: Path
    orders: int
    day: date
    seed: int
    iterations: int
    world: Path | None = None
    is_live: bool = True
    reviews_left: int = 0


def cast_day(
    platform: Platform,
    staging: Staging,
    *,
    password: str,
    open_client: OpenClient,
    settle: Callable[[], Awaitable[None]],
    chores: Callable[[], Awaitable[None]],
) -> Casting:
    """The casting of a day in the platform's city."""
    city: City = platform.city
    town, world = Town(city), load_world(staging.world)
    return Casting(
        script=write_script(town, world, day=staging.day, orders=staging.orders, seed=staging.seed),
        world=world,
        town=town,
        fleet=read_fleet((staging.city / FLEET_FILE).read_bytes()),
        open_client=open_client,
        settle=settle,
        chores=chores,
        email=EMAIL,
        password=password,
        iterations=staging.iterations,
        is_live=staging.is_live,
        reviews_left=staging.reviews_left,
    )


@contextmanager
def fresh_home() -> Iterator[Path]:
    """A folder for a database that nobody needs afterwards."""
    parent = MEMORY_FOLDER if MEMORY_FOLDER.is_dir() else None
    home = Path(tempfile.mkdtemp(prefix="promesa-", dir=parent))
    # The server's own account enters it to reach the data folder inside.
    home.chmod(0o711)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)
