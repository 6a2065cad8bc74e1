"""`promesa capacity`: from a forecast and a fleet to vehicles, shifts and docks of each day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from promesa.cli.main import main
from promesa.roads.city import City
from promesa.runtime.places import default_city_directory

HEAD = "series,date,mean,p10,p50,p90"
ROWS = [
    "Providencia,2026-12-01,120,100,120,140",
    "Recoleta,2026-12-01,90,70,90,110",
    "Providencia,2026-12-02,1200,900,1200,1500",
    "Recoleta,2026-12-02,90,70,90,110",
]
OFFERS = """
[[contracts]]
name = "Ruta Sur"
depot = "SJO"
vehicles = 20
day_cost_clp = 95_000
days_min = 2
[[docks]]
depot = "SJO"
doors = 4
first = 06:30:00
last = 08:30:00
loading_minutes = 30
"""


def capacity(
    tmp_path: Path, rows: list[str], *options: str, offers: str = "", head: str = HEAD
) -> tuple[Result, dict[str, Any]]:
    """Runs the command; what it wrote, or nothing."""
    folder, out = default_city_directory(), tmp_path / "capacity.json"
    forecast, fleet = tmp_path / "forecast.csv", tmp_path / "fleet.toml"
    forecast.write_text("\n".join([head, *rows]), encoding="utf-8")
    fleet.write_text((folder / "fleet.toml").read_text(encoding="utf-8") + offers, encoding="utf-8")
    arguments = ["--forecast", forecast, "--fleet", fleet, "--city", folder, "--out", out]
    ran = CliRunner().invoke(
        main, ["capacity", *map(str, arguments), "--scenarios", "100", *options]
    )
    return ran, json.loads(out.read_text(encoding="utf-8")) if out.exists() else {}


def changed_fleet(tmp_path: Path, text: str, *options: str) -> tuple[Result, dict[str, Any]]:
    """Runs the command with another fleet: of options given twice the last one counts."""
    fleet = tmp_path / "other.toml"
    fleet.write_text(text, encoding="utf-8")
    return capacity(tmp_path, ROWS, "--fleet", str(fleet), *options)


def sample_fleet() -> str:
    return (default_city_directory() / "fleet.toml").read_text(encoding="utf-8")


def test_each_depot_and_day_says_what_it_needs_and_what_is_missing(
    city: City, tmp_path: Path
) -> None:
    ran, written = capacity(tmp_path, ROWS)
    assert ran.exit_code == 0, ran.output
    first, second = written["days"]
    assert (first["date"], first["depot"], first["gap"]) == ("2026-12-01", "SJO", 0)
    assert second["gap"] > 0
    assert second["vehicles_p50"] <= second["vehicles_p97"]
    assert second["p_kept"] < 0.97 <= first["p_kept"]
    assert written["total"]["worst_day"]["date"] == "2026-12-02"
    assert f"miércoles 2: faltan {second['gap']} camionetas en CD San Joaquín" in ran.stdout


def test_the_same_seed_writes_the_same_file(city: City, tmp_path: Path) -> None:
    assert capacity(tmp_path, ROWS)[1] == capacity(tmp_path, ROWS)[1]
    assert capacity(tmp_path, ROWS)[1] != capacity(tmp_path, ROWS, "--seed", "2")[1]


def test_contracts_and_doors_of_the_fleet_are_used_and_told(city: City, tmp_path: Path) -> None:
    ran, written = capacity(tmp_path, ROWS, offers=OFFERS)
    assert ran.exit_code == 0, ran.output
    peak = written["days"][-1]
    assert peak["contracted"]["Ruta Sur"] >= 1
    assert peak["vehicles"] <= 16
    assert [docks["doors"] for docks in peak["docks"]] == [4]
    assert "Contratar" in ran.stdout


def test_a_higher_target_asks_for_no_fewer_vehicles(city: City, tmp_path: Path) -> None:
    _, low = capacity(tmp_path, ROWS, "--target", "0.8")
    _, high = capacity(tmp_path, ROWS, "--target", "0.99")
    needed = [[day["vehicles_needed"] for day in written["days"]] for written in (low, high)]
    assert all(few <= many for few, many in zip(*needed, strict=True))
    assert needed[0] != needed[1]


def test_rows_left_out_are_told_and_the_others_planned(city: City, tmp_path: Path) -> None:
    rows = [*ROWS, "Valparaíso,2026-12-01,50,40,50,60", "Recoleta,ayer,50,40,50,60"]
    ran, written = capacity(tmp_path, rows)
    assert ran.exit_code == 0
    assert [(each["row"], each["field"]) for each in written["rejected"]] == [
        (6, "series"),
        (7, "date"),
    ]
    assert "fila 6, series: Valparaíso no tiene calles en este mapa" in ran.stderr


def test_named_drivers_get_a_roster(city: City, tmp_path: Path) -> None:
    drivers = '[[drivers]]\ndepot = "SJO"\nnames = ["Ana Soto"]\n'
    ran, written = capacity(tmp_path, ROWS, offers=drivers)
    assert ran.exit_code == 0, ran.output
    (roster,) = written["rosters"]
    assert {duty["driver"] for duty in roster["duties"]} == {"Ana Soto"}
    assert "CD San Joaquín, miércoles 2, turno 08:30–18:30: faltan" in ran.stdout


def test_fewer_vans_are_put_beside_the_plan(city: City, tmp_path: Path) -> None:
    ran, written = capacity(tmp_path, ROWS, "--without", "SJO=5", "--without", "SJO=9")
    assert ran.exit_code == 0, ran.output
    names = [each["name"] for each in written["what_if"]]
    assert names == ["Como está", "Sin 5 camionetas en SJO", "Sin 9 camionetas en SJO"]
    kept = [each["p_kept"] for each in written["what_if"]]
    assert kept[0] == written["total"]["p_kept"] > kept[1] > kept[2]
    assert "Sin 5 camionetas en SJO: se cumple " in ran.stdout


@pytest.mark.parametrize("without", ["SJO", "SJO=-1", "=5", "SJO=999", "VAL=1"])
def test_vans_that_cannot_be_taken_away_are_refused(
    city: City, tmp_path: Path, without: str
) -> None:
    assert capacity(tmp_path, ROWS, "--without", without)[0].exit_code == 2


def test_the_days_and_the_sources_of_vehicles_add_up_to_the_total(
    city: City, tmp_path: Path
) -> None:
    ran, written = capacity(tmp_path, ROWS, offers=OFFERS)
    total = written["total"]["cost_clp"]
    assert sum(day["cost_clp"] for day in written["days"]) == total
    pesos = f"${total:,}".replace(",", ".")
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert [line[-3] for line in lines if line[:2] == ["total", "de"]] == [pesos]
    assert [line[-1] for line in lines if line[:1] == ["total"] and len(line) == 3] == [pesos]
    assert "En total, en 2 días: " in ran.stdout


def test_what_is_left_out_heads_the_summary_with_its_parcels(city: City, tmp_path: Path) -> None:
    ran, written = capacity(tmp_path, [*ROWS, "Valparaíso,2026-12-01,50,40,50,60"])
    first, second = ran.stdout.splitlines()[:2]
    assert first.startswith("Del 01-12-2026 al 02-12-2026, 2 días (2 con reparto)")
    assert "1.500 de los 1.550 bultos" in first
    assert "quedan fuera 50 bultos (3,2 %)" in second
    assert "Valparaíso (50)" in second
    demand = written["demand"]
    assert (demand["forecast"], demand["planned"]) == (1550, 1500)
    assert demand["left_out"] == [{"series": "Valparaíso", "parcels": 50}]


def test_a_sunday_is_closed_and_goes_out_on_monday_unless_it_is_opened(
    city: City, tmp_path: Path
) -> None:
    rows = ["Recoleta,2026-12-06,90,70,90,110", "Recoleta,2026-12-07,90,70,90,110"]
    ran, closed = capacity(tmp_path, rows)
    assert [day["vehicles"] == 0 for day in closed["days"]] == [True, False]
    assert closed["demand"]["closed_days"] == ["2026-12-06"]
    assert "Sin reparto 1 día: domingo 06-12-2026. Sus 90 bultos pasan" in ran.stdout
    _, opened = capacity(tmp_path, rows, "--weekdays", "lun-dom")
    assert all(day["vehicles"] > 0 for day in opened["days"])


def test_a_van_without_a_price_is_not_free_and_that_is_said(city: City, tmp_path: Path) -> None:
    silent = "\n".join(line for line in sample_fleet().splitlines() if "cost_clp" not in line)
    ran, written = changed_fleet(tmp_path, silent)
    days = sum(day["own"] for day in written["days"])
    assert written["total"]["cost_clp"] == written["total"]["assumed_clp"] == days * 80_000
    assert {depot["own_cost_from"] for depot in written["depots"]} == {"assumed"}
    assert "10 camionetas sin precio. Un día de cada una se cuenta en $80.000" in ran.stdout


def test_a_fleet_of_hired_vans_alone_is_planned(city: City, tmp_path: Path) -> None:
    depots = sample_fleet().split("[[vehicles]]", maxsplit=1)[0]
    spot = '[[spot]]\nname = "Fletes"\ndepot = "SJO"\nvehicles = 50\nday_cost_clp = 90000\n'
    ran, written = changed_fleet(tmp_path, depots + spot)
    assert ran.exit_code == 0, ran.output
    assert {day["own"] for day in written["days"]} == {0}
    assert written["days"][-1]["spot"]["Fletes"] > 5
    assert "se supone que lleva 90 bultos" in ran.stdout
    assert changed_fleet(tmp_path, depots)[0].exit_code == 2


def test_a_depot_in_the_sea_is_refused_with_how_far_it_is(city: City, tmp_path: Path) -> None:
    ran, _ = changed_fleet(tmp_path, sample_fleet().replace("-70.729", "-72.729"))
    assert ran.exit_code == 2
    assert "[capacity_depot_off_map]" in ran.stderr
    assert "CD Quilicura está a 17" in ran.stderr
    swapped = sample_fleet().replace("lon = -70.640", "lon = -33.480")
    swapped = swapped.replace("lat = -33.480", "lat = -70.640")
    assert "¿Están cambiadas lon y lat?" in changed_fleet(tmp_path, swapped)[0].stderr


def test_json_prints_one_object(city: City, tmp_path: Path) -> None:
    ran, written = capacity(tmp_path, ROWS, "--json")
    assert json.loads(ran.stdout)["total"] == written["total"]


@pytest.mark.parametrize(
    ("rows", "head", "code"),
    [
        (["Valparaíso,2026-12-01,50,40,50,60"], HEAD, "capacity_without_zones"),
        (["Recoleta,ayer,50,40,50,60"], HEAD, "capacity_forecast_invalid"),
        (ROWS, "serie,fecha,media,p10,p50,p90", "capacity_forecast_invalid"),
    ],
)
def test_a_forecast_nobody_can_use_ends_with_2_and_says_why(
    city: City, tmp_path: Path, rows: list[str], head: str, code: str
) -> None:
    ran, written = capacity(tmp_path, rows, head=head)
    assert (ran.exit_code, written) == (2, {})
    assert f"[{code}]" in ran.stderr


def test_a_target_that_is_no_share_is_refused_with_one_that_is(city: City, tmp_path: Path) -> None:
    for target in ("97", "nan", "0.2", "0.99999"):
        ran, _ = capacity(tmp_path, ROWS, "--target", target)
        assert ran.exit_code == 2
        assert "0.97" in ran.stderr


@pytest.mark.parametrize("target", ["0,9", "90%", " 0.9 "])
def test_a_target_may_be_written_as_in_chile(city: City, tmp_path: Path, target: str) -> None:
    assert capacity(tmp_path, ROWS, "--target", target)[1]["target"] == pytest.approx(0.9)
