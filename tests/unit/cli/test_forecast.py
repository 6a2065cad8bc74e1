"""The commands that forecast, run as a newcomer runs them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promesa.cli.main import main
from tests.support.demand import day, steady

EVENTS = f"name,start,end,uplift,sigma\nVenta,{day(125)},{day(125)},3,0.2\n"


@pytest.fixture
def history(tmp_path: Path) -> Path:
    panel = steady(120, 2)
    path = tmp_path / "historia.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("series", "date", "parcels"))
        for column, name in enumerate(panel.series):
            for row, of_day in enumerate(panel.days):
                writer.writerow((name, of_day, int(panel.parcels[row, column])))
    return path


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "eventos.csv"
    path.write_text(EVENTS)
    return path


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_forecast_is_written_and_told_in_words(
    history: Path, events: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pronostico.csv"
    ended = run("forecast", "--history", history, "--events", events, "--out", out)
    assert ended.exit_code == 0, ended.output
    rows = read_rows(out)
    assert list(rows[0]) == ["series", "date", "mean", "p10", "p50", "p90", "event"]
    assert len(rows) == 2 * 28
    assert {row["date"] for row in rows if row["event"] == "Venta"} == {str(day(125))}
    assert rows[0]["date"] == str(day(120))
    assert "menos de un año" in ended.stdout
    assert "Venta: ×3,00" in ended.stdout


def test_without_events_ahead_the_columns_are_those_of_every_forecast(
    history: Path, tmp_path: Path
) -> None:
    run("forecast", "--history", history, "--out", tmp_path / "p.csv")
    assert list(read_rows(tmp_path / "p.csv")[0]) == [
        "series", "date", "mean", "p10", "p50", "p90",
    ]  # fmt: skip


def test_depots_and_classes_of_a_comuna_are_forecast_together_where_that_is_asked(
    tmp_path: Path,
) -> None:
    path, out = tmp_path / "historia.csv", tmp_path / "p.csv"
    lines = [f"Lampa;{day(n)};10;{depot}\n" for n in range(60) for depot in ("QUI", "SJO")]
    path.write_text("comuna;fecha;pedidos;bodega\n" + "".join(lines))
    run("forecast", "--history", path, "--out", out, "--by-comuna")
    rows = read_rows(out)
    assert {row["series"] for row in rows} == {"Lampa"}
    assert 18 < float(rows[0]["mean"]) < 22


def test_the_past_is_compared_until_the_day_that_is_asked_for(history: Path) -> None:
    asked = ("backtest", "--history", history, "--origins", 1, "--horizon", 7, "--json")
    until = json.loads(run(*asked, "--until", day(100)).stdout)["origins"]
    assert until == [str(day(93))]
    beyond = run(*asked, "--until", day(400))
    assert (beyond.exit_code, "la historia va de" in beyond.output) == (2, True)


def test_of_two_events_on_a_day_the_one_that_moves_it_most_is_named(
    history: Path, events: Path, tmp_path: Path
) -> None:
    payday = f"Quincena,{day(124)},{day(125)},1.05,0.1,S1\n"
    events.write_text(EVENTS.replace("sigma\n", "sigma,series\n") + payday)
    out = tmp_path / "p.csv"
    run("forecast", "--history", history, "--events", events, "--out", out)
    named = {(row["series"], row["date"]): row["event"] for row in read_rows(out) if row["event"]}
    assert named == {
        ("S1", str(day(124))): "Quincena",
        ("S0", str(day(125))): "Venta",
        ("S1", str(day(125))): "Venta",
    }


def test_a_lost_event_heads_the_summary(history: Path, events: Path, tmp_path: Path) -> None:
    with events.open("a") as stream:
        stream.write("Cyber,mañana,,3,0.2\n")
    words = ("--history", history, "--events", events, "--out", tmp_path / "p.csv")
    first = run("forecast", *words).stdout.splitlines()[0]
    assert first.startswith("OJO: 1 evento no se leyó de eventos.csv")
    assert "fila 3, start" in first
    found = json.loads(run("forecast", *words, "--json").stdout)
    assert (found["events_refused"], found["refused"]) == (1, 0)
    assert [(each["file"], each["row"]) for each in found["rejected"]] == [("eventos.csv", 3)]


def test_an_event_for_a_series_nobody_knows_is_told(
    history: Path, events: Path, tmp_path: Path
) -> None:
    events.write_text(f"name,start,end,uplift,sigma,series\nA,{day(125)},{day(125)},2,,Marte\n")
    ended = run("forecast", "--history", history, "--events", events, "--out", tmp_path / "p.csv")
    assert "A nombra series que la historia no tiene: Marte" in ended.stdout


def test_json_is_one_object_and_says_what_the_forecast_rests_on(
    history: Path, events: Path, tmp_path: Path
) -> None:
    words = ("--history", history, "--events", events, "--origin", day(100), "--horizon", 7)
    ended = run("forecast", *words, "--out", tmp_path / "p.csv", "--json")
    found = json.loads(ended.stdout)
    assert (found["origin"], found["days"], found["series"]) == (str(day(100)), 7, 2)
    assert found["history_days"] == 101
    assert not found["boosted"]


def test_a_refused_row_is_told_and_the_forecast_made(history: Path, tmp_path: Path) -> None:
    with history.open("a") as stream:
        stream.write("S0,ayer,5\n")
    ended = run("forecast", "--history", history, "--out", tmp_path / "p.csv")
    assert ended.exit_code == 0
    assert "1 fila no se usó" in ended.stderr
    assert "fila 242, date" in ended.stderr


def test_an_origin_outside_the_history_and_a_short_history_are_the_inputs_fault(
    history: Path, tmp_path: Path
) -> None:
    out = tmp_path / "p.csv"
    late = run("forecast", "--history", history, "--origin", day(500), "--out", out)
    assert late.exit_code == 2
    assert "la historia va de" in late.stderr
    short = run("forecast", "--history", history, "--origin", day(20), "--out", out)
    assert short.exit_code == 2
    assert "28 días" in short.stderr
    assert not out.exists()


def test_a_backtest_says_error_floor_and_last_week(history: Path, events: Path) -> None:
    words = ("--history", history, "--events", events, "--origins", 2, "--every-days", 7)
    found = json.loads(run("backtest", *words, "--horizon", 14, "--json").stdout)
    assert found["wape"] < 0.12
    assert found["seasonal_naive"] > found["noise_floor"] > 0.05
    assert {"cov80", "wql", "by_event", "by_horizon", "by_volume"} <= set(found)
    assert found["origins"] == [str(day(98)), str(day(105))]
    told = run("backtest", *words, "--horizon", 14)
    assert "por días hacia delante" in told.stdout
    assert "WAPE" in told.stdout


def test_a_history_too_short_for_the_origins_says_how_many_fit(history: Path) -> None:
    many = run("backtest", "--history", history, "--origins", 9, "--every-days", 49)
    assert many.exit_code == 2
    assert "no alcanza para 9 orígenes. Alcanza para 2: usa --origins 2" in many.stderr
    history.write_text("\n".join(history.read_text().splitlines()[:60]))
    short = run("backtest", "--history", history, "--origins", 1, "--horizon", 40)
    assert "La historia es muy corta" in short.stderr


def test_a_backtest_keeps_each_day_beside_what_came(history: Path, tmp_path: Path) -> None:
    out = tmp_path / "dias.csv"
    run("backtest", "--history", history, "--origins", 1, "--horizon", 7, "--out", out)
    rows = read_rows(out)
    assert len(rows) == 14
    assert float(rows[0]["parcels"]) > 0
