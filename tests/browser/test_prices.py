"""What a stop and a vehicle are worth, asked on screen and taken away as a table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.boxes import is_within
from tests.browser.conftest import TOWER, Open, Shoot
from tests.browser.office import Office
from tests.browser.test_accessibility import serious_of

pytestmark = pytest.mark.browser

# The planner's first search in a process loads the city.
SEARCH_LIMIT_MS = 90_000
OTHER_HOURS = re.compile("^16:00–17:00")


def taken_as_csv(page: Page, part: Locator, folder: Path) -> list[list[str]]:
    """The table that leaves by the button, with its heading."""
    with page.expect_download() as download:
        part.get_by_role("link", name="CSV").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return [line.split(";") for line in path.read_text(encoding="utf-8-sig").splitlines()]


def test_a_stop_is_priced_against_other_hours_and_a_vehicle_against_none(
    office: Office, open_page: Open, shoot: Shoot, tmp_path: Path
) -> None:
    office.hire(drivers=2)
    office.take_orders(3)
    office.publish_plan()
    page = open_page(
        f"/torre/#/rutas?pedido={office.orders['A-1003']}", viewport=TOWER, session=office.session
    )
    routes = page.get_by_role("table", name="Rutas")
    # Beside the open stop every column of the routes is still read.
    expect(routes).to_be_visible()
    heading = routes.get_by_role("columnheader", name="En el celular")
    assert is_within(heading, page.locator(".split > .rows"))
    stop = page.get_by_role("region", name="¿Cuánto cuesta esta parada?")
    stop.get_by_role("button", name="¿Cuánto cuesta esta parada?").click()
    rows = stop.get_by_role("table", name="Lo que costaría en cada ventana").get_by_role("row")
    expect(rows.last).to_contain_text("R-01", timeout=SEARCH_LIMIT_MS)
    expect(stop.get_by_role("status")).to_contain_text("Sin esta parada la ruta")
    stop.get_by_label("Desde").fill("16:00")
    stop.get_by_label("Hasta").fill("17:00")
    stop.get_by_role("button", name="Comparar", exact=True).click()
    expect(rows.filter(has_text=OTHER_HOURS)).to_be_visible(timeout=SEARCH_LIMIT_MS)
    shoot(page, "costos")
    assert serious_of(page) == []
    columns, *lines = taken_as_csv(page, stop, tmp_path)
    assert len(lines) == rows.count() - 1
    assert {line[columns.index("ruta")] for line in lines} == {"R-01"}

    page.keyboard.press("Escape")
    page.get_by_role("button", name="¿Cuánto vale este vehículo?").click()
    van = page.get_by_role("region", name="¿Cuánto vale este vehículo?")
    expect(van.get_by_text("Con uno más como HKTR51")).to_be_visible(timeout=SEARCH_LIMIT_MS)
    assert serious_of(page) == []
    _, without, more = taken_as_csv(page, van, tmp_path)
    assert without[:3] == ["HKTR51", "R-01", "sin él"]
    assert more[2] == "con uno más"
