"""axe-core finds nothing serious on the main pages, by day and by night."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser import phone
from tests.browser.conftest import PHONE, TOWER, Open, Shoot
from tests.browser.office import Office

pytestmark = pytest.mark.browser

SERIOUS = frozenset({"serious", "critical"})
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
# ui.md: sunlight asks for more than the law does, gloves for larger targets.
SUNLIGHT = {
    "runOnly": {"type": "rule", "values": ["color-contrast-enhanced"]},
    "resultTypes": ["violations"],
}
SMALL: ViewportSize = {"width": 360, "height": 740}
TARGET_PX = 48
REDRAWN_MS = 300
# What is drawn smaller may reach farther: a pseudo-element counts as part of its button.
MISSED = """least => [...document.querySelectorAll("button, a[href], input:not([type=file])")]
  .filter(item => item.checkVisibility() && !item.closest(".maplibregl-map"))
  .filter(item => {
    const box = item.getBoundingClientRect();
    const reach = getComputedStyle(item, "::after");
    const grown = reach.content === "none" ? 0 : -2 * parseFloat(reach.top || "0");
    return box.height + grown < least || box.width < least;
  })
  .map(item => `${item.textContent.trim()} ${JSON.stringify(item.getBoundingClientRect())}`)"""
# Each screen of the torre, and words that show it is all there.
SCREENS = {
    "hoy": "Promesas:",
    "planificacion": "Ver las rutas",
    "pedidos": "A-1001",
    "direcciones": "Ninguna dirección por revisar",
    "rutas": "R-01",
    "bodega": "Listo para escanear",
    "bandeja": "Pedido confirmado",
    "informe": "Fórmula",
    "demanda": "Todavía no hay pronóstico",
    "capacidad": "Todavía no hay pronóstico",
    "equipo": "Zapatería Andes",
}
# What opens inside a screen, and words that show it.
INSIDE = {
    "demanda?ver=eventos": "Black Friday",
    "demanda?ver=historia": "Tus propios pedidos se suman",
    "equipo?ver=cd": "CD Ñuñoa",
    "equipo?ver=webhooks": "Agregar webhook",
    "equipo?ver=privacidad": "Busca a la persona",
    "pedidos?ver=importar": "Suelta aquí tu planilla",
    "rutas?cerrar=dia": "Es la regla de la operación",
}
# The others have their pictures from the journeys; Hoy, with 600 orders, from the demo.
PICTURED = frozenset({"bandeja", "equipo", "informe", "pedidos", "rutas"})
THEMES = ("light", "dark")


@pytest.mark.parametrize("theme", THEMES)
def test_the_torre_can_be_used_by_everybody(
    theme: str, office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=2)
    office.take_orders(4)
    office.publish_plan()
    page = open_page("/torre/", viewport=TOWER, session=office.session, color_scheme=theme)
    for screen, words in SCREENS.items():
        page.goto(f"/torre/#/{screen}")
        link = page.get_by_role("navigation", name="Secciones").locator("[aria-current=page]")
        expect(link).to_have_attribute("href", f"#/{screen}")
        expect(page.get_by_role("main").get_by_text(words).first).to_be_visible()
        if theme == "light" and screen in PICTURED:
            shoot(page, screen)
        assert serious_of(page) == [], screen
    for place, words in INSIDE.items():
        page.goto(f"/torre/#/{place}")
        expect(page.get_by_text(words).first).to_be_visible()
        assert serious_of(page) == [], place
    page.goto(f"/torre/#/pedidos?pedido={office.orders['A-1001']}")
    page.get_by_role("button", name="Editar").click()
    expect(page.get_by_role("heading", name="Qué pasa si guardas")).to_be_visible()
    assert serious_of(page) == [], "editar"


@pytest.mark.parametrize("theme", THEMES)
def test_driver_and_recipient_pages_can_be_used_by_everybody(
    theme: str, office: Office, open_page: Open
) -> None:
    office.hire(drivers=1)
    office.take_orders(1, cod_clp=12_990)
    office.publish_plan()
    home = open_page(office.tracking_url("A-1001"), viewport=PHONE, color_scheme=theme)
    expect(home.get_by_text("En preparación")).to_be_visible()
    assert serious_of(home) == [], "recipient, before"
    van = open_page(office.driver_url(), viewport=PHONE, color_scheme=theme)
    phone.enter(van)
    assert serious_of(van) == [], "load-out"
    phone.load_and_leave(van)
    assert serious_of(van) == [], "next stop"
    phone.arrive(van)
    assert serious_of(van) == [], "proof"
    van.go_back()
    phone.button(van, "No puedo").click()
    expect(van.get_by_text("¿Por qué no se pudo?")).to_be_visible()
    assert serious_of(van) == [], "reasons"
    expect(home.get_by_text("En camino", exact=True)).to_be_visible()
    assert serious_of(home) == [], "recipient, on the way"
    home.get_by_role("button", name=re.compile("Dejar una instrucción")).click()
    assert serious_of(home) == [], "recipient, instruction"


def test_the_drivers_page_is_read_in_the_sun_and_pressed_with_gloves(
    office: Office, open_page: Open
) -> None:
    office.hire(drivers=1)
    office.take_orders(1, cod_clp=12_990)
    office.publish_plan()
    van = open_page(office.driver_url(), viewport=SMALL, has_touch=True)
    phone.enter(van)
    assert hard_to_use(van) == [], "load-out"
    phone.load_and_leave(van)
    assert hard_to_use(van) == [], "next stop"
    phone.button(van, "No puedo").click()
    expect(van.get_by_text("¿Por qué no se pudo?")).to_be_visible()
    assert hard_to_use(van) == [], "reasons"
    van.get_by_role("button", name=re.compile("^Sin moradores")).click()
    assert hard_to_use(van) == [], "call first"
    van.goto("/conductor/#/")
    phone.arrive(van)
    assert hard_to_use(van) == [], "proof"
    for screen in ("envios", "ruta", "mas", "gps", "panne"):
        van.goto(f"/conductor/#/{screen}")
        van.wait_for_timeout(REDRAWN_MS)
        assert hard_to_use(van) == [], screen


def hard_to_use(page: Page) -> list[str]:
    """What has less contrast than 7:1 (large letters 4.5), and what a glove would miss."""
    missed: list[str] = page.evaluate(MISSED, TARGET_PX)
    return violations_of(page, SUNLIGHT, frozenset({"serious"})) + missed


def serious_of(page: Page) -> list[str]:
    """What axe-core calls serious or critical: rule, and where."""
    return violations_of(page, RULES, SERIOUS)


def violations_of(page: Page, rules: dict[str, Any], impacts: frozenset[str]) -> list[str]:
    """What axe-core finds by these rules: rule, and where."""
    found = Axe().run(page, options=rules).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary'][:300]}"
        for violation in found
        if violation["impact"] in impacts
        for node in violation["nodes"]
    ]
