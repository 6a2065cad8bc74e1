"""axe-core finds nothing serious on the main pages, by day and by night."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import phone
from tests.browser.conftest import PHONE, TOWER, Open, Shoot
from tests.browser.office import Office

pytestmark = pytest.mark.browser

SERIOUS = frozenset({"serious", "critical"})
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
# Each screen of the torre, and words that show it is all there.
SCREENS = {
    "hoy": "Promesas:",
    "planificacion": "Ver las rutas",
    "pedidos": "A-1001",
    "direcciones": "Ninguna dirección por revisar",
    "rutas": "R-01",
    "bandeja": "Pedido confirmado",
    "informe": "Fórmula",
    "equipo": "Zapatería Andes",
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


def serious_of(page: Page) -> list[str]:
    """What axe-core calls serious or critical: rule, and where."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary'][:300]}"
        for violation in found
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]
