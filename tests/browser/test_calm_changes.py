"""A day under way changes calmly: an order that has just come in, and the rest planned anew."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import phone
from tests.browser.boxes import are_apart
from tests.browser.conftest import PHONE, TOWER, Open, Shoot
from tests.browser.office import Office
from tests.browser.test_accessibility import THEMES, serious_of

pytestmark = pytest.mark.browser

# The planner's first search in a process loads the city.
SEARCH_LIMIT_MS = 90_000


def open_today(office: Office, open_page: Open, **more: str) -> Page:
    """Hoy, with three orders on two routes and one that came after the plan."""
    office.hire(drivers=2)
    office.take_orders(3)
    office.publish_plan()
    office.take_orders(4, taken=3)
    return open_page("/torre/#/hoy", viewport=TOWER, session=office.session, **more)


def route_of(office: Office, reference: str) -> str | None:
    route = office.get(f"/v1/orders/{office.orders[reference]}")["route"]
    return str(route["code"]) if route else None


def test_an_urgent_order_goes_into_a_route_and_out_again(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    page = open_today(office, open_page)
    page.get_by_role("button", name="1 sin ruta", exact=True).click()
    card = page.get_by_role("complementary", name="Insertar un pedido en una ruta")
    card.get_by_role("button", name=re.compile("A-1004")).click()
    insert = card.get_by_role("button", name=re.compile("Insertar en R-0"))
    expect(insert).to_be_visible(timeout=SEARCH_LIMIT_MS)
    expect(card.get_by_text("aún no sale: se carga con lo demás").first).to_be_visible()
    shoot(page, "insertar")
    page.keyboard.press("1")
    page.keyboard.press("i")
    expect(card.get_by_text(re.compile(r"A-1004 va en R-0\d, cerca de las"))).to_be_visible()
    expect(card.get_by_text("Ningún pedido de hoy espera ruta")).to_be_visible()
    assert route_of(office, "A-1004") is not None
    card.get_by_role("button", name="Deshacer").click()
    # It waits again, and its places are looked for again.
    expect(insert).to_be_visible(timeout=SEARCH_LIMIT_MS)
    assert route_of(office, "A-1004") is None


def test_a_vans_card_leaves_the_maps_buttons_in_sight(office: Office, open_page: Open) -> None:
    page = open_today(office, open_page)
    page.get_by_role("button", name=re.compile("R-01.*Fuentes")).click()
    card = page.get_by_role("complementary", name="Furgón de R-01")
    for name in ("Replanificar el resto", "Calles"):
        assert are_apart(card, page.get_by_role("button", name=name))


def test_an_order_is_inserted_from_its_story(office: Office, open_page: Open) -> None:
    page = open_today(office, open_page)
    page.goto(f"/torre/#/pedidos?pedido={office.orders['A-1004']}")
    page.get_by_role("button", name="Insertar ahora").click()
    card = page.get_by_role("complementary", name="Insertar un pedido en una ruta")
    insert = card.get_by_role("button", name=re.compile("Insertar en R-0"))
    expect(insert).to_be_visible(timeout=SEARCH_LIMIT_MS)
    insert.click()
    expect(card.get_by_text(re.compile(r"A-1004 va en R-0\d"))).to_be_visible()


def test_a_van_on_the_road_is_sent_back_for_the_parcels(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=1)
    office.take_orders(2)
    office.publish_plan()
    van = open_page(office.driver_url(), viewport=PHONE)
    phone.enter(van)
    phone.load_and_leave(van)
    office.take_orders(3, taken=2)
    page = open_page("/torre/#/hoy", viewport=TOWER, session=office.session)
    # What to look at leads to the places of the day under way, not to its plan.
    line = re.compile("1 pedido sin ruta.*Ver qué rutas tienen lugar")
    page.get_by_role("button", name=line).click()
    card = page.get_by_role("complementary", name="Insertar un pedido en una ruta")
    insert = card.get_by_role("button", name="Insertar en R-01")
    expect(insert).to_be_visible(timeout=SEARCH_LIMIT_MS)
    expect(card.get_by_text(re.compile("vuelve a CD Ñuñoa por los bultos"))).to_be_visible()
    insert.click()
    expect(card.get_by_text("R-01 vuelve primero a CD Ñuñoa")).to_be_visible()
    expect(van.get_by_role("heading", name="Vuelve a CD Ñuñoa")).to_be_visible()
    van.get_by_role("button", name="Entendido").click()
    shoot(van, "urgente")
    assert serious_of(van) == []
    van.get_by_role("button", name="Tengo el bulto").click()
    expect(van.get_by_role("heading", name="Vuelve a CD Ñuñoa")).to_have_count(0)
    # The phone says so when it next has a signal.
    page.goto(f"/torre/#/pedidos?pedido={office.orders['A-1003']}")
    expect(page.get_by_text("Salió a reparto").first).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
def test_the_rest_of_the_day_is_planned_anew_when_asked(
    theme: str, office: Office, open_page: Open
) -> None:
    page = open_today(office, open_page, color_scheme=theme)
    page.get_by_role("button", name="Replanificar el resto").click()
    card = page.get_by_role("complementary", name="Cambios para el resto del día")
    deep = card.get_by_role("button", name="Buscar a fondo")
    expect(deep).to_be_visible(timeout=SEARCH_LIMIT_MS)
    assert serious_of(page) == []
    harmed = card.get_by_role("spinbutton", name="perjudicadas")
    for wrong in ("-1", ""):
        # Not looked for: the field says what is wrong with it.
        harmed.fill(wrong)
        deep.click()
        expect(harmed).to_be_focused()
        expect(card.get_by_text("No pudimos mostrar esto")).to_have_count(0)
    harmed.fill("1")
    deep.click()
    expect(card.get_by_role("button", name="Dejar de buscar")).to_be_visible()
    assert serious_of(page) == []
    expect(card.get_by_text(re.compile("vale"))).to_be_visible(timeout=SEARCH_LIMIT_MS)
    expect(deep).to_have_count(0)
    card.get_by_role("button", name="Buscar", exact=True).click()
    card.get_by_role("button", name="Dejar de buscar").click()
    expect(card.get_by_role("button", name="Dejar de buscar")).to_have_count(0)
    card.get_by_role("button", name="Cerrar").click()
    page.get_by_role("button", name="1 sin ruta", exact=True).click()
    urgent = page.get_by_role("complementary", name="Insertar un pedido en una ruta")
    expect(urgent.get_by_role("button", name=re.compile("A-1004"))).to_be_visible()
    assert serious_of(page) == []
    urgent.get_by_role("button", name=re.compile("A-1004")).click()
    expect(urgent.get_by_role("button", name=re.compile("Insertar en"))).to_be_visible(
        timeout=SEARCH_LIMIT_MS
    )
    assert serious_of(page) == []
