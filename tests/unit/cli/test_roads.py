"""`promesa roads` and `promesa geocode` as scripts call them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from promesa.cli.main import main
from tests.support.towns import Street, Town

TOWN = Town(
    junctions={"a": (0, 0), "b": (3, 0), "c": (3, 3), "d": (0, 3)},
    streets=(
        Street(along="abcd", tags={"name": "Los Leones"}),
        Street(along="da", tags={"name": "Pasaje 10"}),
    ),
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    result = run("roads", "build", TOWN.write(folder), "--out", folder / "city")
    assert result.exit_code == 0, result.output
    return folder / "city"


def lon_lat(column: float, row: float) -> str:
    place = TOWN.at(column, row)
    return f"{place.lon},{place.lat}"


def test_build_says_what_the_extract_lacks(tmp_path: Path) -> None:
    result = run("roads", "build", TOWN.write(tmp_path), "--out", tmp_path / "city", "--json")
    report = json.loads(result.stdout)
    assert "números de casa" in report["lacks"]
    assert report["bytes_by_file"]["basemap.pmtiles"] > 0


def test_a_photo_is_no_extract(tmp_path: Path) -> None:
    photo = tmp_path / "photo.osm.pbf"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n")
    result = run("roads", "build", photo, "--out", tmp_path / "city")
    assert result.exit_code == 2
    assert "extracto" in result.stderr
    assert not (tmp_path / "city").exists()


def test_route_prints_one_json_object_with_lon_first(city: Path) -> None:
    result = run(
        "roads", "route", "--city", city, "--from", lon_lat(0.5, 0), "--to", lon_lat(2, 0),
        "--departure", "2026-11-30T08:00:00-03:00", "--json",
    )  # fmt: skip
    answer = json.loads(result.stdout)
    assert set(answer) == {"duration_s", "distance_m", "geometry", "edges"}
    assert answer["geometry"][0] == pytest.approx([-70.6495, -33.44], abs=1e-6)
    assert answer["distance_m"] == pytest.approx(139, abs=1)


@pytest.mark.parametrize(
    "fault",
    [
        ("--from", "here", "--to", "-70.65,-33.44"),
        ("--from", "-70.65,-33.44", "--to", "-60,-33.44"),
        ("--from", "-70.65,-33.44", "--to", "-70.65,-33.44", "--departure", "2026-11-30T08:00"),
    ],
    ids=["no position", "unreachable", "no offset"],
)
def test_a_fault_of_the_input_exits_with_2_and_prints_nothing_on_stdout(
    city: Path, fault: tuple[str, ...]
) -> None:
    result = run("roads", "route", "--city", city, *fault, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_matrix_writes_seconds_and_metres_and_marks_the_unreachable(
    city: Path, tmp_path: Path
) -> None:
    points, out = tmp_path / "points.csv", tmp_path / "matrix.npz"
    points.write_text(f"lon,lat\n{lon_lat(1, 0)}\n{lon_lat(3, 1)}\n-60,-33\n", encoding="utf-8")
    result = run("roads", "matrix", "--city", city, "--points", points, "--distances", "--out", out)
    assert result.exit_code == 0, result.output
    with np.load(out) as arrays:
        assert set(arrays) == {"duration_s", "distance_m"}
        assert arrays["duration_s"].dtype == arrays["distance_m"].dtype == np.int32
        assert arrays["duration_s"][2].tolist() == [-1, -1, -1]
        assert arrays["distance_m"][0, 1] == pytest.approx(186 + 111, abs=2)
    result = run("roads", "matrix", "--city", city, "--points", points, "--tolls", "--out", out)
    with np.load(out) as arrays:
        assert arrays["toll_clp"].tolist() == [[0, 0, -1], [0, 0, -1], [-1, -1, -1]]


def test_a_large_matrix_goes_through_a_file_and_holds_the_same(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points, out = tmp_path / "points.csv", tmp_path / "matrix.npz"
    points.write_text(f"lon,lat\n{lon_lat(1, 0)}\n{lon_lat(3, 1)}\n-60,-33\n", encoding="utf-8")
    ask = ("roads", "matrix", "--city", city, "--points", points, "--out", out, "--json")
    answers = []
    for at_once in (1_000, 2):
        monkeypatch.setattr("promesa.cli.roads._POINTS_AT_ONCE_MAX", at_once)
        assert json.loads(run(*ask).stdout)["unreachable"] == 1
        with np.load(out) as arrays:
            answers.append(arrays["duration_s"].tolist())
    assert answers[0] == answers[1]


def test_a_truck_is_kept_out_of_a_street_and_a_van_is_not(tmp_path: Path) -> None:
    town = Town(
        junctions={"a": (0, 0), "b": (1, 0), "c": (2, 0)},
        streets=(
            Street(along="ab", tags={"name": "Sur"}),
            Street(along="bc", tags={"name": "Sur", "hgv": "no"}),
        ),
    )
    built = tmp_path / "city"
    assert run("roads", "build", town.write(tmp_path), "--out", built).exit_code == 0
    ask = ("roads", "route", "--city", built, "--from", lon_lat(0.5, 0), "--to", lon_lat(1.5, 0))
    assert run(*ask).exit_code == 0
    assert run(*ask, "--vehicle", "truck").exit_code == 2
    assert run(*ask, "--kerb", "every").exit_code == 0


def test_tables_name_the_rows_that_cannot_be_used(tmp_path: Path) -> None:
    city = tmp_path / "city"
    assert run("roads", "build", TOWN.write(tmp_path), "--out", city).exit_code == 0
    ask = ("roads", "tables", "--city", city)
    assert json.loads(run(*ask, "--json").stdout)["faults"] == []
    with (city / "toll_prices.csv").open("a", encoding="utf-8") as file:
        file.write("P1,todos,todos,,,500\n")
    result = run(*ask)
    assert result.exit_code == 2
    assert "toll_prices.csv, fila 2, gate: No hay un pórtico «P1»" in result.output
    # A city that is built anew keeps what people wrote.
    assert run("roads", "build", TOWN.write(tmp_path), "--out", city).exit_code == 0
    assert json.loads(run(*ask, "--json").stdout)["faults"][0]["row"] == 2


def test_match_answers_edges_share_and_speeds(city: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace.csv"
    trace.write_text(
        f"time,lon,lat\n2026-11-30T08:00:00-03:00,{lon_lat(0.5, 0)}\n"
        f"2026-11-30T08:00:20-03:00,{lon_lat(2.5, 0)}\n",
        encoding="utf-8",
    )
    answer = json.loads(run("roads", "match", "--city", city, "--trace", trace, "--json").stdout)
    assert answer["share_matched"] == 1
    assert len(answer["edges"]) == len(answer["speeds"]) == 1


def test_geocode_answers_one_address(city: Path) -> None:
    result = run("geocode", "--city", city, "--query", "Los Leones 12, Santiago", "--json")
    answer = json.loads(result.stdout)
    assert set(answer) == {"lon", "lat", "level", "score", "uncertainty_m", "comuna"}
    assert (answer["level"], answer["comuna"]) == ("street", "Santiago")


def test_geocode_adds_its_columns_to_every_row(city: Path, tmp_path: Path) -> None:
    table, out = tmp_path / "table.csv", tmp_path / "out.csv"
    table.write_text(
        "Folio;Dirección;Comuna\n1;Los Leones 12;Santiago\n2;Nada 1;Santiago\n3;Nada 1;\n",
        encoding="latin-1",
    )
    result = run("geocode", "--city", city, table, "--column", "Dirección", "--out", out, "--json")
    assert json.loads(result.stdout)["levels"] == {"house": 0, "street": 1, "comuna": 1, "none": 1}
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["Folio"] for row in rows] == ["1", "2", "3"]
    assert [row["level"] for row in rows] == ["street", "comuna", "none"]
    assert rows[2]["lon"] == ""


def test_geocode_knows_no_metres_of_what_it_did_not_find(city: Path) -> None:
    result = run("geocode", "--city", city, "--query", "Nada 1", "--json")
    answer = json.loads(result.stdout)
    assert (answer["level"], answer["lon"], answer["uncertainty_m"]) == ("none", None, None)


def test_geocode_never_writes_over_what_it_reads_and_half_a_file_over_none(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, out = tmp_path / "table.csv", tmp_path / "out.csv"
    table.write_text("a\nLos Leones 12\n", encoding="utf-8")
    same = run("geocode", "--city", city, table, "--column", "a", "--out", table)
    assert same.exit_code == 2
    assert table.read_text(encoding="utf-8") == "a\nLos Leones 12\n"

    def broken(*_: object) -> None:
        raise RuntimeError

    out.write_text("lo de ayer", encoding="utf-8")
    monkeypatch.setattr("promesa.cli.geocode._columns", broken)
    run("geocode", "--city", city, table, "--column", "a", "--out", out)
    assert out.read_text(encoding="utf-8") == "lo de ayer"
    assert {path.name for path in tmp_path.glob("*.csv*")} == {"out.csv", "table.csv"}
    assert not list(tmp_path.glob(".out.csv*"))


def test_geocode_names_a_column_that_is_not_there(city: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a\n1\n", encoding="utf-8")
    result = run("geocode", "--city", city, table, "--column", "b", "--out", tmp_path / "o.csv")
    assert result.exit_code == 2
    assert "columna b" in result.stderr
