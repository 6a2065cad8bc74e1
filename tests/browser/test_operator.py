"""After the plan: an order is put right, parcels are scanned, the day is closed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TOWER, Open, Shoot
from tests.browser.office import Office
from tests.browser.test_dispatcher import section

pytestmark = pytest.mark.browser


def test_an_order_on_a_route_is_put_right_and_put_back(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=1)
    office.take_orders(3)
    office.publish_plan()
    order_id = office.orders["A-1001"]
    page = open_page(f"/torre/#/hoy?pedido={order_id}", viewport=TOWER, session=office.session)
    page.get_by_role("button", name="Editar").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Instrucciones para el conductor").fill("Tocar el timbre azul")
    expect(form.get_by_text(re.compile(r"La ruta R-01 no cambia"))).to_be_visible()
    form.locator(".maplibregl-canvas").click(position={"x": 300, "y": 60})
    expect(form.get_by_text(re.compile(r"Sigue en R-01"))).to_be_visible()
    expect(form.get_by_text(re.compile(r"recibe la versión 2"))).to_be_visible()
    shoot(page, "editar")
    form.get_by_role("button", name="Guardar cambios").click()
    expect(page.get_by_text("Instrucciones: “Tocar el timbre azul”")).to_be_visible()
    assert len(office.get(f"/v1/routes/{route_id(office)}")["versions"]) == 2
    page.get_by_role("button", name="Deshacer").click()
    expect(page.get_by_text("quedó como estaba")).to_be_visible()
    assert office.get(f"/v1/orders/{order_id}")["instructions"] is None


def test_the_warehouse_tells_each_scan_apart(office: Office, open_page: Open, shoot: Shoot) -> None:
    office.hire(drivers=1)
    office.take_orders(3)
    office.publish_plan()
    page = open_page("/torre/#/bodega", viewport=TOWER, session=office.session)
    for code, verdict in (
        ("A-1001-1", "Recibido"),
        ("A-1001-1", "Ya estaba escaneado"),
        ("NADIE-9", "No lo conocemos"),
        ("a-1002-1", "Recibido"),
    ):
        scan(page, code)
        expect(page.get_by_role("heading", name=verdict)).to_be_visible()
    row = page.get_by_role("row", name=re.compile("R-01"))
    expect(row.get_by_role("cell").nth(3)).to_have_text("2")
    row.click()
    expect(page.get_by_text("A-1003-1")).to_be_visible()
    page.keyboard.press("F3")
    scan(page, "A-1001-1")
    expect(page.get_by_role("heading", name="Va en esta ruta")).to_be_visible()
    shoot(page, "bodega")


def test_a_day_is_closed_after_saying_what_becomes_of_it(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=1)
    office.take_orders(3)
    office.publish_plan()
    page = open_page("/torre/", viewport=TOWER, session=office.session)
    section(page, "Rutas")
    page.get_by_role("button", name="Cerrar el día").click()
    told = page.get_by_role("dialog")
    expect(told.get_by_text("1 ruta no salió")).to_be_visible()
    expect(told.get_by_text("3 pedidos terminan así")).to_be_visible()
    shoot(page, "cerrar")
    told.get_by_role("button", name=re.compile("^Cerrar el ")).click()
    expect(told.get_by_text("El día está cerrado.")).to_be_visible()
    expect(told.get_by_text(re.compile("3 pedidos que nadie visitó pasan al"))).to_be_visible()
    told.get_by_role("button", name="Ver el informe del día").click()
    expect(page.get_by_role("heading", name="Informe")).to_be_visible()
    assert office.get(f"/v1/orders/{office.orders['A-1001']}")["state"] == "rescheduled"


def scan(page: Page, code: str) -> None:
    field = page.get_by_label("Código del bulto")
    field.fill(code)
    field.press("Enter")


def route_id(office: Office) -> str:
    order = office.get(f"/v1/orders/{office.orders['A-1001']}")
    return str(order["route"]["id"])
