"""The dispatcher's morning: a spreadsheet becomes routes on the phones."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from tests.browser.conftest import TOWER, Open, Shoot
from tests.browser.office import Office
from tests.browser.served_morning import PASSWORD, TODAY

PHONE: ViewportSize = {"width": 390, "height": 844}
pytestmark = pytest.mark.browser

# Four doors whose position is known, one that only its street gives, one that no street gives,
# and two that cannot be taken.
SHEET = f"""reference,recipient_name,phone,address,comuna,date,lat,lon,parcels
B-1,Ana Rojas,+56981112233,Av. Providencia 1234,Providencia,{TODAY},-33.4290,-70.6190,1
B-2,Benjamín Díaz,+56981112234,Suecia 1120,Providencia,{TODAY},-33.4301,-70.6101,2
B-3,Carla Muñoz,+56981112235,Los Leones 640,Providencia,{TODAY},-33.4260,-70.6020,1
B-4,Diego Pinto,+56981112236,Irarrázaval 2434,Ñuñoa,{TODAY},-33.4533,-70.6085,1
B-5,Elena Vera,+56981112237,Avenida Ossa 655,La Reina,{TODAY},,,1
B-6,Fabián Lagos,+56981112238,Pasaje Que No Existe 77,Providencia,{TODAY},,,1
B-7,Gina Mora,123,Suecia 200,Providencia,31/02/2026,-33.4301,-70.6101,1
B-8,Hugo Paz,+56981112239,,,{TODAY},,,1
"""


def test_a_spreadsheet_becomes_routes_that_the_torre_watches(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=2)
    page = open_page("/torre/", viewport=TOWER)
    sign_in(page, office.email)
    import_sheet(page, shoot)
    review_addresses(page, shoot)
    plan_and_publish(page, shoot)
    watch_today(page)


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("Correo").fill(email)
    page.get_by_label("Contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("navigation", name="Secciones")).to_be_visible()


def import_sheet(page: Page, shoot: Shoot) -> None:
    section(page, "Pedidos")
    page.get_by_role("button", name="Importar planilla").click()
    sheet: FilePayload = {"name": "lunes.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    with page.expect_download() as template:
        page.get_by_role("link", name="Bajar plantilla").click()
    page.locator("input[type=file]").set_input_files(template.value.path())
    groups = page.get_by_role("group", name="Filas de la planilla")
    expect(groups.get_by_role("button", name="Todas 2")).to_be_visible()
    expect(groups.get_by_role("button", name="Rechazadas 0")).to_be_visible()
    page.get_by_role("button", name="Otra planilla").click()
    letter: FilePayload = {"name": "carta.csv", "mimeType": "text/csv", "buffer": b"hola\nchao\n"}
    page.locator("input[type=file]").set_input_files(letter)
    expect(page.get_by_role("alert")).to_contain_text("carta.csv: No reconocimos los encabezados")
    page.locator("input[type=file]").set_input_files(sheet)
    for name in ("Aceptadas 4", "Dudosas 2", "Rechazadas 2"):
        expect(groups.get_by_role("button", name=name)).to_be_visible()
    expect(page.get_by_text("sin fecha en la planilla")).to_have_count(0)
    shoot(page, "importar")
    page.get_by_role("button", name="Guardar 6 pedidos").click()
    expect(page.get_by_role("heading", name="6 pedidos guardados")).to_be_visible()


def review_addresses(page: Page, shoot: Shoot) -> None:
    """One yes to a street, taken back and said again, and one pin where no street was found."""
    page.get_by_role("button", name="Revisar direcciones").click()
    waiting = page.get_by_role("list", name="Direcciones")
    expect(waiting.get_by_role("listitem")).to_have_count(2)
    waiting.get_by_role("button", name=re.compile("Ossa 655")).click()
    expect(page.get_by_text("1 sólo con la comuna, 1 con la calle, sin la altura")).to_be_visible()
    shoot(page, "direcciones")
    page.get_by_role("button", name="Aceptar 1 dirección a nivel calle").click()
    page.get_by_role("button", name="Sí, que vaya").click()
    expect(waiting.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Deshacer").click()
    expect(waiting.get_by_role("listitem")).to_have_count(2)
    waiting.get_by_role("button", name=re.compile("Ossa 655")).click()
    page.get_by_role("button", name="Aceptarla igual").click()
    page.get_by_role("dialog").get_by_role("button", name="Sí, que vaya a este punto").click()
    expect(waiting.get_by_role("listitem")).to_have_count(1)
    accept_no_comuna_unasked(page)
    page.locator(".maplibregl-canvas").click(position={"x": 420, "y": 260})
    page.get_by_role("button", name="Guardar el pin").click()
    expect(page.get_by_text("Ninguna dirección por revisar")).to_be_visible()


def accept_no_comuna_unasked(page: Page) -> None:
    """Where the comuna alone is known its key asks, and the first button puts the address right."""
    expect(page.get_by_text("Nivel comuna").first).to_be_visible()
    expect(page.get_by_role("button", name="Está bien ahí")).to_have_count(0)
    page.keyboard.press("a")
    asks = page.get_by_role("dialog")
    expect(asks.get_by_text("El furgón irá a este punto, que no es la puerta")).to_be_visible()
    asks.get_by_role("button", name="Volver").click()
    page.get_by_role("button", name="Corregir la dirección").click()
    expect(page.get_by_role("dialog").get_by_label("Dirección")).to_have_value(re.compile("77"))
    page.get_by_role("dialog").get_by_role("button", name="Cancelar").click()


def plan_and_publish(page: Page, shoot: Shoot) -> None:
    section(page, "Planificación")
    expect(page.get_by_text("6 pedidos listos para planificar.")).to_be_visible()
    page.get_by_role("button", name="Planificar", exact=True).click()
    publish = page.get_by_role("button", name=re.compile(r"Publicar \d+ ruta"))
    expect(publish).to_be_visible(timeout=90_000)
    expect(page.get_by_text("6 paradas")).to_be_visible()
    shoot(page, "planificar")
    publish.click()
    expect(page.get_by_text(re.compile("rutas? publicada"))).to_be_visible()


def watch_today(page: Page) -> None:
    section(page, "Hoy")
    day = page.get_by_role("region", name="El día, ruta por ruta")
    expect(day.get_by_role("button", name=re.compile(r"R-01"))).to_be_visible()
    expect(page.get_by_text("de 6 para hoy")).to_be_visible()
    page.set_viewport_size(PHONE)
    expect(day.get_by_role("button", name=re.compile(r"R-01"))).to_be_visible()
    for part in ("html", "main"):
        assert page.locator(part).evaluate("it => it.scrollWidth") <= PHONE["width"], part
    for name in ("Pedidos", "Rutas", "Equipo"):
        keeps_its_page_still(page, name)


def keeps_its_page_still(page: Page, name: str) -> None:
    """On a phone only the table of a screen scrolls sideways, in its own box."""
    section(page, name)
    expect(page.get_by_role("main").get_by_role("table").first).to_be_visible()
    for part in ("html", "main", "header"):
        assert page.locator(part).first.evaluate("it => it.scrollWidth") <= PHONE["width"], part


def section(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Secciones").get_by_role("link", name=name).click()
