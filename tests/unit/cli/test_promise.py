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
