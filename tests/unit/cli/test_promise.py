"""`promesa promise`: what can honestly be offered in a comuna, from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from promesa.cli.main import main
from promesa.runtime.places import default_city_directory

TUESDAY, SUNDAY = "2026-12-01", "2026-12-06"


def promise(*options: str, comuna: str = "Ñuñoa", day: str = TUESDAY) -> Result:
    city = str(default_city_directory())
    arguments = ["promise", "--city", city, "--comuna", comuna, "--date", day, *options]
    return CliRunner().invoke(main, arguments)


def windows(*options: str, **where: str) -> list[dict[str, Any]]:
    done = promise("--json", *options, **where)
    assert done.exit_code == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["windows"]
    return found


def test_windows_of_the_day_have_hours_with_offset_odds_and_pesos() -> None:
    found = windows()
    assert [(each["start"], each["end"]) for each in found] == [
        ("2026-12-01T09:00:00-03:00", "2026-12-01T14:00:00-03:00"),
        ("2026-12-01T09:00:00-03:00", "2026-12-01T21:00:00-03:00"),
        ("2026-12-01T14:00:00-03:00", "2026-12-01T21:00:00-03:00"),
    ]
    assert all(0.95 <= each["p_kept"] < 1 for each in found)
    assert all(isinstance(each["price_clp"], int) for each in found)


def test_a_quiet_day_is_surer_than_one_that_is_taken_to_fill_up() -> None:
    filling, quiet = windows()[1], windows("--coming", "50")[1]
    assert filling["p_kept"] < quiet["p_kept"]


def test_what_is_promised_already_takes_room(tmp_path: Path) -> None:
    # A thousand hours of work for vans that have under two hundred.
    rows = [f"R-{number};Calle {number};-33.44;-70.63;01/12/2026;3600" for number in range(1_000)]
    header = "reference;address;lat;lon;date;service_time_s"
    path = tmp_path / "pedidos.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    assert windows("--orders", str(path), "--coming", "0") == []


def test_a_sunday_has_nothing_to_offer_and_says_so_in_words() -> None:
    assert windows(day=SUNDAY) == []
    assert "no hay reparto ese día" in promise(day=SUNDAY).stdout


def closed(*options: str, day: str = TUESDAY) -> dict[str, str]:
    """Why each closed day is closed."""
    found = json.loads(promise("--json", *options, day=day).stdout)["closed"]
    return {each["date"]: each["because"] for each in found}


def test_each_day_without_an_offer_says_why_as_of_the_moment_of_asking() -> None:
    options = ("--days", "7", "--now", "2026-12-21T19:00:00-03:00")
    assert closed(*options, day="2026-12-20") == {
        "2026-12-20": "past",
        "2026-12-21": "cut_off",
        "2026-12-22": "cut_off",
        "2026-12-25": "rest_day",
    }
    told = promise(*options, day="2026-12-20").stdout.splitlines()
    assert told[0] == "20-12-2026: ya pasó."
    assert told[2] == "22-12-2026: ya cerró: se pedía hasta el 21-12-2026 a las 18:00."
    assert told[3].startswith("23-12-2026 09:00 a 14:00: se cumple ")


def test_without_a_moment_it_is_asked_on_the_eve_whatever_day_it_is_now() -> None:
    found = json.loads(promise("--json", day="2024-12-03").stdout)
    assert found["asked_at"] == "2024-12-02T12:00:00-03:00"
    assert len(found["windows"]) == 3
    assert "la víspera, 02-12-2024 a las 12:00, que ya pasó" in promise(day="2024-12-03").stderr


def test_a_day_too_far_ahead_is_not_promised() -> None:
    assert closed("--now", "2026-10-01T10:00:00-03:00") == {TUESDAY: "horizon"}


def test_a_day_that_is_not_sure_enough_says_how_sure_its_best_window_is() -> None:
    told = promise("--kept-min", "99%", "--coming", "0")
    assert "ninguna ventana es tan segura: la mejor se cumple 98," in told.stdout
    assert "se pide 99,0 %" in told.stdout


def test_a_depot_without_vans_is_not_taken_for_a_full_one(tmp_path: Path) -> None:
    sample = (default_city_directory() / "fleet.toml").read_text(encoding="utf-8")
    fleet = tmp_path / "fleet.toml"
    depots = sample.split("[[vehicles]]", maxsplit=1)[0]
    fleet.write_text(f"vehicles = []\n{depots}", encoding="utf-8")
    assert closed("--fleet", str(fleet)) == {TUESDAY: "no_vans"}


@pytest.mark.parametrize("comuna", ["Macondo", "Punta Arenas"])
def test_a_comuna_that_the_map_lacks_is_the_inputs_fault(comuna: str) -> None:
    done = promise(comuna=comuna)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "comuna_unknown" in done.stderr


def test_a_folder_without_a_fleet_says_what_to_give(tmp_path: Path) -> None:
    arguments = ["promise", "--city", str(tmp_path), "--comuna", "Ñuñoa", "--date", TUESDAY]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "--fleet" in done.stderr
