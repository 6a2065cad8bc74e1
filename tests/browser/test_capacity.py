"""The planner sees which days lack vans, hires for them, takes it back, and asks what if."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from promesa.kernel.clock import stopwatch_s
from tests.browser.conftest import PHONE, TOWER, Open, Shoot
from tests.browser.office import Office
from tests.browser.served_morning import TODAY
from tests.browser.test_accessibility import serious_of

pytestmark = pytest.mark.browser

HISTORY_D = 60
FORECAST_LIMIT_S = 120.0
LOOK_MS = 300
# With a space that does not break.
AIM = "97\u00a0%"
MAIPU = [-70.757, -33.51]


def test_a_planner_hires_for_the_days_that_lack_vans_and_takes_it_back(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=2)
    page = open_page("/torre/#/capacidad", viewport=TOWER, session=office.session)
    expect(page.get_by_text("Todavía no hay pronóstico")).to_be_visible()
    expect(page.get_by_role("link", name="Ir a Demanda")).to_be_visible()
    forecast(office, page)
    page.reload()
    told = page.get_by_role("region", name="Qué hacer")
    expect(told).to_contain_text("Faltan camionetas en")
    page.get_by_text("Condiciones", exact=False).first.click()
    terms = page.get_by_role("form", name="Condiciones de")
    terms.get_by_label("Al día, máximo").fill("80")
    terms.get_by_role("button", name="Guardar").click()
    expect(terms).to_contain_text("Falta lo que cuesta el día de una camioneta al día.")
    terms.get_by_label("Costo de una al día").fill("120.000")
    terms.get_by_role("button", name="Guardar").click()
    expect(told).to_contain_text("No falta ninguna camioneta")
    goes_back_and_forth(page, told)
    expect(page.get_by_role("button", name="Comparar")).to_be_disabled()
    page.get_by_label("Camionetas propias menos").fill("1")
    page.get_by_role("button", name="Comparar").click()
    expect(page.get_by_role("row", name="Sin 1 camioneta")).to_contain_text("puntos,")
    expect(page.get_by_role("link", name="Excel")).to_have_attribute("href", re.compile("what_if"))
    page.get_by_label("Camionetas propias menos").fill("")
    page.get_by_role("button", name="Un CD más").click()
    expect(page.get_by_role("button", name="Comparar")).to_be_disabled()
    page.get_by_role("region", name="Dónde estaría el CD nuevo").click()
    page.get_by_role("button", name="Comparar").click()
    # The middle of the map lies beside the depot there is: nothing would be two minutes nearer.
    expect(page.get_by_text("Ninguna zona queda más cerca de CD nuevo")).to_be_visible()
    expect(page.get_by_role("row", name="Sin 1 camioneta")).to_be_visible()
    page.get_by_role("button", name="Quitar Sin 1 camioneta").click()
    expect(page.get_by_role("row", name="Sin 1 camioneta")).to_be_hidden()
    expect(page.get_by_text("Ninguna de las 2 tiene precio")).to_be_visible()
    shoot(page, "capacidad")
    assert serious_of(page) == []


def test_a_planner_tries_the_vans_that_stay_at_home_next_door_from_their_sentence(
    office: Office, open_page: Open
) -> None:
    """Providencia fills more vans than its depot has; the one of Maipú needs one of its six."""
    office.hire(drivers=1)
    place = {"code": "SUR", "name": "CD Maipú", "position": MAIPU}
    depot_id = office.post("/v1/depots", place)["id"]
    for number in range(1, 7):
        load = {"parcels": 60, "weight_g": 900_000, "volume_ml": 6_000_000}
        van = {"code": f"S-{number}", "plate": f"JKLM1{number}", "depot_id": depot_id}
        office.post("/v1/vehicles", {**van, "capacity": load})
    terms = {"depot": "CD", "spot_vehicles": 80, "spot_day_cost_clp": 120_000}
    assert office.client.put("/v1/capacity/terms", json=terms).is_success
    page = open_page("/torre/#/demanda", viewport=TOWER, session=office.session)
    forecast(office, page, Providencia=300, Maipú=20)
    page.goto("/torre/#/capacidad")
    told = page.get_by_role("region", name="Qué hacer").get_by_role("listitem").first
    expect(told).to_contain_text("CD Maipú tiene 5 camionetas propias que no necesita")
    saved = re.search(r"ahorra (\$[\d.]+)\.", told.inner_text())
    assert saved is not None
    told.get_by_role("button", name="Probar").click()
    expect(page.get_by_label("De qué CD")).to_have_value("SUR")
    row = page.get_by_role("row", name="5 camionetas de CD Maipú en CD Ñuñoa el")
    expect(row).to_be_in_viewport()
    # Money of tables has a space that does not break after its sign.
    expect(row).to_contain_text(saved[1].removeprefix("$"))


def test_the_slider_moves_what_it_costs_and_the_arrows_move_the_day(
    office: Office, open_page: Open
) -> None:
    office.hire(drivers=2)
    page = open_page("/torre/#/demanda", viewport=TOWER, session=office.session)
    forecast(office, page)
    page.goto("/torre/#/capacidad")
    slider = page.get_by_role("slider", name="Promesas por cumplir")
    expect(slider).to_have_attribute("aria-valuetext", AIM)
    slider.press("Home")
    expect(page.get_by_role("region", name="Qué hacer")).to_contain_text("80 %")
    page.get_by_role("button", name="Volver a la meta").click()
    expect(slider).to_have_attribute("aria-valuetext", AIM)
    strip = page.get_by_role("application", name="Camionetas por día")
    page.goto(f"/torre/#/capacidad?dia={TODAY + timedelta(days=3)}")
    expect(page.get_by_role("heading", name="jueves 26 de noviembre")).to_be_visible()
    strip.press("ArrowRight")
    expect(page.get_by_role("heading", name="viernes 27 de noviembre")).to_be_visible()
    page.set_viewport_size(PHONE)
    expect(strip).to_be_visible()
    is_read_on_a_phone(page)
    page.goto("/torre/#/demanda")
    expect(page.get_by_text("pedidos en 28 días")).to_be_visible()
    is_read_on_a_phone(page)


def goes_back_and_forth(page: Page, told: Locator) -> None:
    """By the toast, by the last change, and by the list of versions."""
    expect(page.get_by_text("Al día, máximo: 0 → 80")).to_be_visible()
    page.get_by_role("button", name="Deshacer").click()
    expect(told).to_contain_text("Faltan camionetas en")
    page.get_by_role("button", name="Volver a la anterior").click()
    expect(told).to_contain_text("No falta ninguna camioneta")
    page.get_by_text("Versiones anteriores").click()
    page.get_by_role("button", name="Volver a sin condiciones").click()
    expect(told).to_contain_text("Faltan camionetas en")


def is_read_on_a_phone(page: Page) -> None:
    """Only what is a table scrolls sideways, in its own box."""
    for part in ("html", "main"):
        assert page.locator(part).evaluate("it => it.scrollWidth") <= PHONE["width"], part


def forecast(office: Office, page: Page, **usual: int) -> None:
    """Two months of history of comunas on the map, and the forecast made of it."""
    lines = ["fecha;comuna;pedidos"]
    for ago in range(HISTORY_D, 0, -1):
        day = TODAY - timedelta(days=ago)
        for comuna, count in (usual or {"Providencia": 300}).items():
            lines.append(f"{day:%d/%m/%Y};{comuna};{count + count // 15 * (day.toordinal() % 5)}")
    file = ("historia.csv", "\n".join([*lines, ""]).encode(), "text/csv")
    answer = office.client.post("/v1/demand/history/imports", files={"file": file})
    assert answer.is_success, answer.text
    office.client.post("/v1/demand/forecast")
    began_s = stopwatch_s()
    while office.get("/v1/demand/forecast")["outlook"] is None:
        assert stopwatch_s() - began_s < FORECAST_LIMIT_S, "no forecast"
        page.wait_for_timeout(LOOK_MS)
