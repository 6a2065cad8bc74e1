"""`promesa simulate --peak`: a forecast's days under several ways to promise."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from promesa.cli.main import main
from promesa.cli.peak_words import kind_lines
from promesa.planning.capacity.scenarios import Volume
from promesa.roads.city import City
from promesa.runtime.places import default_city_directory

SUNDAY = 6
HEAD = "series,date,mean,p10,p50,p90"


def forecast(tmp_path: Path, *, odd: str = "") -> Path:
    """Two weeks of 40 orders a day, and ten times that on one of them."""
    rows = [
        f"Providencia,2026-12-{day:02},{400 if day == 8 else 40},{360 if day == 8 else 30},"
        f"{400 if day == 8 else 40},{440 if day == 8 else 50}"
        for day in range(1, 15)
    ]
    file = tmp_path / "forecast.csv"
    file.write_text("\n".join([HEAD, *rows, odd]), encoding="utf-8")
    return file


def simulate(*options: object) -> Result:
    """Runs it on the sample city and fleet."""
    folder = default_city_directory()
    files = ["--fleet", str(folder / "fleet.toml"), "--city", str(folder)]
    words = ["simulate", "--peak", *files, "--seeds", "1", *map(str, options)]
    return CliRunner().invoke(main, words)


def values(ran: Result) -> dict[str, Any]:
    """The object that it printed."""
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_ways_to_promise_are_compared_in_a_table_marked_simulated(
    city: City, tmp_path: Path
) -> None:
    ran = simulate("--forecast", forecast(tmp_path), "--with", "propia", "--days", "4")
    assert ran.exit_code == 0, ran.output
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("SIMULADO · alza del 08-12 típico, del lunes 7 de diciembre")
    table = next(number for number, line in enumerate(lines) if line.startswith("promesa"))
    assert [line.split("  ")[0] for line in lines[table + 1 : table + 3]] == [
        "2 días fijos",
        "según capacidad",
    ]


def test_the_same_seed_gives_the_same_report_byte_for_byte(city: City, tmp_path: Path) -> None:
    reports = []
    for name in ("one", "two"):
        report = tmp_path / f"{name}.json"
        ran = simulate(
            "--forecast", forecast(tmp_path), "--days", "3", "--with", "media", "--report", report
        )
        assert ran.exit_code == 0, ran.output
        reports.append(report.read_bytes())
    assert reports[0] == reports[1]
    assert json.loads(reports[0])["simulated"] is True


def test_json_has_the_figures_of_each_way(city: City, tmp_path: Path) -> None:
    ran = simulate(
        "--forecast", forecast(tmp_path), "--days", "3", "--with", "propia", "--json",
        "--fixed-days", "1", "--from", "2026-12-02",
    )  # fmt: skip
    found = values(ran)
    assert (found["first"], found["last"]) == ("2026-12-02", "2026-12-04")
    fixed, aware = found["results"]
    assert (fixed["way"]["fixed_days"], aware["way"]["fixed_days"]) == (1, None)
    assert fixed["stated"] is None
    assert 0.9 < aware["stated"] <= 1


def test_a_comuna_without_streets_is_told_and_the_others_are_rehearsed(
    city: City, tmp_path: Path
) -> None:
    odd = "Punta Arenas,2026-12-08,9,7,9,11"
    ran = simulate("--forecast", forecast(tmp_path, odd=odd), "--days", "2", "--with", "propia")
    assert ran.exit_code == 0, ran.output
    assert "Punta Arenas" in ran.stderr


def test_a_forecast_of_deliveries_is_told_from_one_of_orders() -> None:
    def volumes(closed: float) -> list[Volume]:
        days = [date(2026, 12, 4), date(2026, 12, 6)]
        return [
            Volume(series="Maipú", date=day, mean=mean, p10=mean, p50=mean, p90=mean)
            for day, mean in zip(days, (9.0, closed), strict=True)
        ]

    def is_open(day: date) -> bool:
        return day.weekday() < SUNDAY

    (warned,) = kind_lines(volumes(closed=0.0), is_open)
    assert "El ensayo lee pedidos" in warned
    assert "las entregas las lee promesa capacity" in warned
    assert not [*kind_lines(volumes(closed=7.0), is_open)]
    assert not [*kind_lines(volumes(closed=0.0)[:1], is_open)], "one day tells nothing"


def test_a_day_beyond_the_forecast_says_what_to_do(city: City, tmp_path: Path) -> None:
    ran = simulate("--forecast", forecast(tmp_path), "--from", "2027-01-01")
    assert ran.exit_code == 2
    assert "Elige un día del pronóstico, del 01-12-2026 al 14-12-2026." in ran.stderr


def test_without_a_forecast_it_says_which_files_are_missing() -> None:
    ran = CliRunner().invoke(main, ["simulate", "--peak"])
    assert ran.exit_code == 2
    assert "--forecast (pedidos por el día en que se compran, no entregas)" in ran.stderr


def test_the_peak_of_a_forecast_that_names_its_events_is_no_payday(
    city: City, tmp_path: Path
) -> None:
    lines = forecast(tmp_path).read_text(encoding="utf-8").strip().splitlines()
    names = {"2026-12-02": "Quincena", "2026-12-08": "CyberDay"}
    named = [f"{line},{names.get(line.split(',')[1], '')}" for line in lines[1:]]
    file = tmp_path / "named.csv"
    file.write_text("\n".join([f"{HEAD},event", *named]), encoding="utf-8")
    ran = simulate("--forecast", file, "--with", "propia", "--days", "2")
    assert ran.stdout.startswith("SIMULADO · CyberDay típico, del lunes 7 de diciembre")


def test_a_fleet_that_is_hired_altogether_is_rehearsed(city: City, tmp_path: Path) -> None:
    sample = (default_city_directory() / "fleet.toml").read_text(encoding="utf-8")
    spot = '[[spot]]\nname = "Fletes"\ndepot = "SJO"\nvehicles = 20\nday_cost_clp = 90000\n'
    fleet = tmp_path / "hired.toml"
    fleet.write_text(sample.split("[[vehicles]]", maxsplit=1)[0] + spot, encoding="utf-8")
    ran = simulate(
        "--forecast", forecast(tmp_path), "--fleet", fleet, "--days", "2", "--with", "media"
    )
    assert ran.exit_code == 0, ran.output
    assert "día medio" in ran.stdout
