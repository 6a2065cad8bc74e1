"""A city folder as one thing: its network, its addresses, its territory, its map.

The folder is either built, or holds an extract that is built at first use into a cache.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from promesa.kernel.errors import NotFoundError
from promesa.kernel.geo import Position
from promesa.roads.address_index import AddressIndex
from promesa.roads.addresses import Addresses
from promesa.roads.charge_tables import read_charges
from promesa.roads.city_folder import (
    ATTRIBUTION,
    BASEMAP_FILE,
    CITY_FORMAT,
    DESCRIPTION_FILE,
    TABLE_FILES,
    Report,
)
from promesa.roads.network import SPEEDS_FILE, RoadNetwork
from promesa.roads.territory import Territory

_EXTRACTS = "*.osm.pbf"
# What draws the tiles of a map takes two seconds to import, and a city is built once: every other
# start goes without it.
_BUILDER = "promesa.roads.build"


class CityNotFoundError(NotFoundError):
    """The folder holds neither a built city nor an extract to build one from."""

    code = "roads_city_not_found"
    message = (
        "Esa carpeta no tiene una ciudad. Créala con: promesa roads build ARCHIVO.osm.pbf --out DIR"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Everything the platform knows about a place.

    Attributes:
        bounds: West, south, east and north, degrees, of the part that is connected.
        attribution: Must stand wherever the map or something made from it is shown.
    """

    network: RoadNetwork
    addresses: Addresses
    territory: Territory
    basemap_path: Path
    center: Position
    bounds: tuple[float, float, float, float]
    attribution: str

    def covers(self, position: Position, comuna: str | None) -> bool:
        """Whether vans have a street there, and the comuna named has streets on the map.

        A comuna that nobody knows by that name says nothing either way.
        """
        named = self.territory.exact(comuna) if comuna else None
        is_known = named is None or named in self.addresses.comunas
        return is_known and self.network.can_stop(position)

    @classmethod
    def load(cls, city_dir: Path) -> City:
        """Loads a city in about a second, building it first where only an extract is there.

        Raises:
            CityNotFoundError: There is nothing to load or build.
        """
        built = ensure_built(city_dir)
        description = json.loads((built / DESCRIPTION_FILE).read_text(encoding="utf-8"))
        territory = Territory.load()
        lon, lat = description["center"]
        west, south, east, north = description["bounds"]
        return cls(
            network=RoadNetwork.load(built).with_charges(read_charges(built)),
            addresses=Addresses(AddressIndex.load(built), territory),
            territory=territory,
            basemap_path=built / BASEMAP_FILE,
            center=Position(lon=lon, lat=lat),
            bounds=(west, south, east, north),
            attribution=description.get("attribution", ATTRIBUTION),
        )


def ensure_built(
    city_dir: Path, *, cache_dir: Path | None = None, on_step: Report = lambda _: None
) -> Path:
    """The folder of the built city: ``city_dir`` itself, or its build in the cache.

    Args:
        city_dir: A built city, or a folder with one .osm.pbf and perhaps a speeds.toml and
            tables of tolls and zones.
        cache_dir: Where builds are kept; a .built folder inside ``city_dir`` when None.
        on_step: Told what is being done while building, some 20 s for a large city.

    Raises:
        CityNotFoundError: There is nothing to load or build.
    """
    if _is_built(city_dir, None):
        return city_dir
    extracts = sorted(city_dir.glob(_EXTRACTS))
    if not extracts:
        raise CityNotFoundError(carpeta=str(city_dir))
    built = (cache_dir or city_dir / ".built") / city_dir.resolve().name
    own_speeds = city_dir / SPEEDS_FILE
    speeds_file = own_speeds if own_speeds.exists() else None
    tables = [city_dir / name for name in TABLE_FILES]
    fingerprint = _fingerprint(extracts[0], own_speeds, *tables)
    if not _is_built(built, fingerprint):
        built.parent.mkdir(parents=True, exist_ok=True)
        with _alone_in(built.parent):
            # Another process may have built it while this one waited.
            if not _is_built(built, fingerprint):
                import_module(_BUILDER).build_city(
                    extracts[0],
                    built,
                    on_step,
                    speeds_file=speeds_file,
                    fingerprint=fingerprint,
                    tables_dir=city_dir,
                )
    return built


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Waits until no other process builds in ``folder``; the lock dies with its process."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_built(folder: Path, fingerprint: str | None) -> bool:
    path = folder / DESCRIPTION_FILE
    if not path.exists():
        return False
    description = json.loads(path.read_text(encoding="utf-8"))
    is_current = description.get("format") == CITY_FORMAT
    return is_current and fingerprint in {None, description.get("fingerprint")}


def _fingerprint(*files: Path) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes() if path.exists() else b"-")
    return digest.hexdigest()
