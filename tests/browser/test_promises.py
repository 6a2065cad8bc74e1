"""The owner looks at what carts are told now, tries prices on the curve, and saves them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TOWER, Open, Shoot
from tests.browser.office import Office
from tests.browser.test_accessibility import serious_of

pytestmark = pytest.mark.browser


def test_an_owner_tries_prices_on_the_curve_before_saving_them(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    page = open_page("/torre/#/capacidad?ver=promesas", viewport=TOWER, session=office.session)
    expect(page.get_by_text("Hoy no hay nada que prometer")).to_be_visible()
    expect(page.get_by_text("Todavía no hay curva")).to_be_visible()
    expect(page.get_by_role("link", name="Ir a Equipo")).to_be_visible()
    office.hire(drivers=2)
    page.reload()
    now = page.get_by_role("region", name="Lo que se promete ahora")
    expect(now).to_contain_text("A quien compra ahora se le promete a")
    expect(now).to_contain_text("todavía no llega el día de ninguna promesa cotizada")

    prices = page.get_by_role("form", name="Tus dos precios")
    save = prices.get_by_role("button", name="Guardar precios")
    expect(save).to_be_disabled()
    prices.get_by_label("Un día más cuesta").fill("1.500")
    expect(now).to_contain_text("Con esos precios")
    expect(now).to_contain_text("Todavía no rigen")
    prices.get_by_role("button", name="Deshacer").click()
    expect(now).to_contain_text("Con tus precios")
    prices.get_by_label("Una promesa rota cuesta").fill("20.000")
    expect(now).to_contain_text("Todavía no rigen")
    save.click()
    expect(now).to_contain_text("Con tus precios")
    assert office.get("/v1/promises/terms")["terms"]["broken_clp"] == 20_000
    goes_back_to_the_prices_before(page, office)

    comunas = page.get_by_role("region", name="La fecha que el carrito muestra ahora")
    comunas.get_by_label("Buscar comuna").fill("nunoa")
    expect(comunas.get_by_role("row")).to_have_count(2)
    # What all comunas share is said once: who looks for one finds its date.
    expect(comunas.get_by_role("row", name="Ñuñoa")).to_contain_text("nov")
    expect(comunas).to_contain_text("En todas: 09:00")
    comunas.get_by_label("Buscar comuna").fill("Macondo")
    expect(comunas).to_contain_text("Ninguna comuna se llama «Macondo»")
    comunas.get_by_label("Buscar comuna").fill("")
    comunas.get_by_role("button", name="Comuna").click()
    sorted_by = comunas.get_by_role("columnheader", name="Comuna")
    expect(sorted_by).to_have_attribute("aria-sort", "ascending")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Curva en CSV").click()
    assert taken.value.suggested_filename.startswith("curva-de-promesas-")
    shoot(page, "promesas")
    assert serious_of(page) == []


def goes_back_to_the_prices_before(page: Page, office: Office) -> None:
    """From the list of versions; a day on offer is called by its own name."""
    page.get_by_role("button", name="Volver a la anterior").click()
    expect(page.get_by_label("Una promesa rota cuesta")).to_have_value("8.000")
    assert office.get("/v1/promises/terms")["terms"]["broken_clp"] == 8_000
    fills = page.get_by_role("region", name="Cómo se llenan los días")
    expect(fills).to_contain_text("lun 30 nov")
