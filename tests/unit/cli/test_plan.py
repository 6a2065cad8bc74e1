"""`promesa plan`: a day from files becomes a plan file that the checker accepts."""

from __future__ import annotations

import json
import random
import shlex
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from promesa.cli.main import main
from promesa.kernel.geo import Position
from promesa.roads.city import City
from promesa.routing.checker import check
from promesa.routing.planfile import PlanFile, decode
from promesa.runtime.places import default_city_directory

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = default_city_directory() / "orders.csv"
ORDERS = 40
HUT = Position(lon=-70.1, lat=-33.2)


@pytest.fixture(scope="module")
def orders(city: City, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty doors in the city, every fourth with a morning window, and one hut in the Andes."""
    graph, rng = city.network.graph, random.Random(7)
    corners = rng.sample(range(len(graph.lats)), 2 * ORDERS)
    places = [Position(lon=float(graph.lons[c]), lat=float(graph.lats[c])) for c in corners]
    doors = [place for place in places if city.network.snap(place)][:ORDERS]
    rows = [
        f"A-{number:02d};Calle {number};{place.lat:.6f};{place.lon:.6f};"
        f"30/11/2026;{'' if number % 4 else '09:00'};{'' if number % 4 else '13:00'}"
        for number, place in enumerate([*doors, HUT])
    ]
    path = tmp_path_factory.mktemp("orders") / "pedidos.csv"
    header = "reference;address;lat;lon;date;window_start;window_end"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def plan(orders: Path, out: Path, *options: str, day: str = "2026-11-30") -> Result:
    folder = default_city_directory()
    arguments = ["--city", folder, "--orders", orders, "--fleet", folder / "fleet.toml"]
    last = ["--date", day, "--out", out]
    return CliRunner().invoke(main, ["plan", *map(str, [*arguments, *last]), *options])


def _position(file: PlanFile, location: int) -> Position:
    lon, lat = file.coordinates[location]
    return Position(lon=lon, lat=lat)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a command said, and the file it left."""

    result: Result
    out: Path


@pytest.fixture(scope="module")
def planned(orders: Path, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """The day searched for as long as a plan is when nobody says: 8 s, for all who look at it."""
    out = tmp_path_factory.mktemp("planned") / "plan.json"
    return Planned(plan(orders, out), out)


def test_forty_orders_become_a_plan_that_the_checker_accepts(planned: Planned) -> None:
    result, out = planned.result, planned.out
    assert result.exit_code == 0, result.output
    assert "40 paradas, 1 sin atender, 0 filas no planificadas" in result.stdout
    assert "A-40: No hay camino en el mapa" in result.stdout
    file = decode(out.read_bytes())
    assert check(file.problem(), file.plan) == ()
    assert CliRunner().invoke(main, ["check", str(out)]).exit_code == 0


def test_metres_of_the_plan_are_those_of_the_roads(planned: Planned, city: City) -> None:
    """The first leg of the first route, measured again on the map."""
    file = decode(planned.out.read_bytes())
    problem, route = file.problem(), file.plan.routes[0]
    depot = problem.start_location(route.vehicle)
    door = problem.stops[route.stops[0]].location
    origin, destination = (_position(file, place) for place in (depot, door))
    departure = datetime.fromisoformat(file.departures[0])
    way = city.network.path(origin, destination, departure)
    assert problem.travel.distance_m(depot, door, route.departure_s) == way.distance_m


def test_rows_of_another_day_alone_are_nothing_to_plan(tmp_path: Path) -> None:
    path = tmp_path / "otro.csv"
    row = "A-1;Calle 1;-33.44;-70.65;29/11/2026"
    path.write_text(f"reference;address;lat;lon;date\n{row}", encoding="utf-8")
    result = plan(path, tmp_path / "plan.json")
    assert result.exit_code == 2
    assert "fila 2, fecha: Es para el 29-11-2026." in result.stderr
    assert "no trae ningún pedido que se pueda planificar" in result.stderr


def test_a_plan_is_told_to_a_program_as_one_object(orders: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    result = plan(orders, out, "--time-limit-s", "1", "--json")
    told = json.loads(result.stdout)
    file = decode(out.read_bytes())
    assert set(told) == {
        "routes", "stops", "unserved", "rejected", "street_level", "cost_clp", "out",
    }  # fmt: skip
    assert (told["routes"], told["stops"]) == (len(file.plan.routes), ORDERS)
    assert [each["stop"] for each in told["unserved"]] == ["A-40"]
    assert (told["cost_clp"], told["rejected"]) == (file.plan.cost_clp, [])
    assert told["out"] == str(out)


def test_the_sample_orders_are_planned_by_the_line_of_the_readme(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The line as it stands there, from a folder where the clone is: dates, paths and options."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8").replace("\\\n", " ")
    (line,) = (line for line in readme.splitlines() if line.strip().startswith("promesa plan "))
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, shlex.split(line)[1:])
    assert result.exit_code == 0, result.output
    assert "32 paradas, 0 sin atender, 0 filas no planificadas" in result.stdout
    file = decode((tmp_path / "plan.json").read_bytes())
    assert check(file.problem(), file.plan) == ()
    special = {stop.skills for stop in file.stops if stop.skills}
    assert special == {frozenset({"heavy"}), frozenset({"cold"})}


def test_street_level_waits_for_a_yes_that_one_line_asks_for(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    result = plan(SAMPLE, out)
    assert (result.exit_code, out.exists()) == (2, False)
    told = [line for line in result.stderr.splitlines() if "--accept-street" in line]
    assert len(told) == 1
    assert told[0].startswith("32 direcciones a nivel calle, ±")
    assert "fila 2" not in result.stderr


def test_each_row_left_out_says_its_own_reason_in_the_order_of_the_file(tmp_path: Path) -> None:
    """One yes covers the street, and neither another city nor what is not on the map."""
    path = tmp_path / "pedidos.csv"
    rows = [
        "A-1;Av. Argentina 500;Valparaíso;",
        "A-2;Manuel Montt 1993;Providencia;01-12-2026",
        "A-3;Calle Inventada 12;Providencia;",
        "A-4;Los Leones 238;Providencia;",
        "A-5;Calle 1;Comuna Falsa;30/11/2026",
        "A-6;;Santiago;",
    ]
    path.write_text("\n".join(["reference;address;comuna;date", *rows]), encoding="utf-8")
    result = plan(path, tmp_path / "plan.json", "--accept-street", day="30-11-2026")
    assert result.exit_code == 0, result.output
    assert "1 ruta, 1 parada, 0 sin atender, 5 filas no planificadas" in result.stdout
    told = [line for line in result.stderr.splitlines() if line.startswith("fila ")]
    assert [line.partition(".")[0] for line in told] == [
        "fila 2, dirección: Fuera del mapa de esta ciudad (Valparaíso)",
        "fila 3, fecha: Es para el 01-12-2026",
        "fila 4, dirección: No encontramos esa calle en Providencia",
        "fila 6, comuna: No conocemos la comuna «Comuna Falsa»",
        "fila 7, dirección: Falta la dirección",
    ]
    assert "Aceptadas: 1 dirección a nivel calle, ±" in result.stderr


def test_many_rows_are_told_whole_only_if_asked(tmp_path: Path) -> None:
    path = tmp_path / "pedidos.csv"
    rows = [f"A-{number};Los Leones 238;Providencia;29-11-2026" for number in range(12)]
    path.write_text("\n".join(["reference;address;comuna;date", *rows]), encoding="utf-8")
    few, whole = (
        plan(path, tmp_path / "plan.json", *options).stderr for options in ((), ("--verbose",))
    )
    assert (few.count("fila "), "… y 2 más; --verbose las dice todas." in few) == (10, True)
    assert whole.count("fila ") == 12


def test_a_day_that_does_not_exist_is_refused_in_words(tmp_path: Path) -> None:
    result = plan(SAMPLE, tmp_path / "plan.json", day="31-11-2026")
    assert result.exit_code == 2
    assert "«31-11-2026»: Esa fecha no existe." in result.stderr


def test_a_folder_that_is_not_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    missing = tmp_path / "no" / "plan.json"
    read = ["--city", str(tmp_path), "--orders", __file__, "--fleet", __file__]
    result = CliRunner().invoke(main, ["plan", *read, "--out", str(missing)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No existe la carpeta" in result.stderr


@pytest.mark.parametrize("seconds", ["nan", "inf"])
def test_a_search_has_an_end(tmp_path: Path, orders: Path, seconds: str) -> None:
    result = plan(orders, tmp_path / "plan.json", "--time-limit-s", seconds)
    assert result.exit_code == 2
    assert "--time-limit-s" in result.stderr
