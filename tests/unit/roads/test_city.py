"""A city folder: built once from its extract, and again when the extract changes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import osmium
import pytest

from promesa.roads.city import City, CityNotFoundError, ensure_built
from promesa.roads.city_folder import DESCRIPTION_FILE
from tests.support.towns import Street, Town

TOWN = Town(
    junctions={"a": (0, 0), "b": (3, 0), "c": (3, 3), "d": (0, 3)},
    streets=(
        Street(along="abcd", tags={"name": "Los Leones", "highway": "primary"}),
        Street(along="da", tags={"name": "Pasaje 10"}),
    ),
)


def put_extract(town: Town, folder: Path) -> None:
    target = folder / "town.osm.pbf"
    target.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(target)) as writer:
        for item in osmium.FileProcessor(town.write(folder)):
            writer.add(item)


def test_a_city_is_built_at_first_use_and_kept(tmp_path: Path) -> None:
    put_extract(TOWN, tmp_path)
    steps: list[str] = []
    built = ensure_built(tmp_path, on_step=steps.append)
    assert steps
    steps.clear()
    assert ensure_built(tmp_path, on_step=steps.append) == built
    assert steps == []


def test_a_changed_extract_or_table_of_speeds_is_built_anew(tmp_path: Path) -> None:
    put_extract(TOWN, tmp_path)
    ensure_built(tmp_path)
    packaged = Path(__file__).parents[3] / "src/promesa/roads/data/speeds.toml"
    shutil.copy(packaged, tmp_path / "speeds.toml")
    steps: list[str] = []
    built = ensure_built(tmp_path, on_step=steps.append)
    assert steps
    assert (built / "speeds.toml").exists()


def test_a_loaded_city_answers_everything(tmp_path: Path) -> None:
    put_extract(TOWN, tmp_path)
    city = City.load(tmp_path)
    assert city.network.path(TOWN.at(0.5, 0), TOWN.at(2, 3), None).duration_s > 0
    assert city.addresses.geocode("Los Leones 5, Santiago").street == "Los Leones"
    assert city.basemap_path.read_bytes().startswith(b"PMTiles")
    south_west, north_east = TOWN.at(0, 0), TOWN.at(3, 3)
    assert city.bounds == pytest.approx(
        (south_west.lon, south_west.lat, north_east.lon, north_east.lat)
    )
    assert city.bounds[0] <= city.center.lon <= city.bounds[2]
    assert "OpenStreetMap" in city.attribution


def test_two_builds_of_one_extract_are_equal(tmp_path: Path) -> None:
    put_extract(TOWN, tmp_path)
    one = ensure_built(tmp_path, cache_dir=tmp_path / "one")
    two = ensure_built(tmp_path, cache_dir=tmp_path / "two")
    names = ["hierarchy/order", "hierarchy/rank", DESCRIPTION_FILE]
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_a_folder_without_a_city_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CityNotFoundError, match="promesa roads build"):
        City.load(tmp_path)


def test_loading_a_city_imports_nothing_that_only_building_one_needs() -> None:
    asked = "import sys, promesa.roads.city; print('geopandas' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True)
    assert answer.stdout.strip() == b"False"
