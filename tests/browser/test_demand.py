"""The planner keeps the calendar of demand and brings history, with a way back from each step."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TOWER, Open, Shoot
from tests.browser.office import Office

pytestmark = pytest.mark.browser

SALE = "Venta nocturna Zapatería Andes"


def test_an_event_is_written_edited_deleted_and_put_back(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    page = open_page("/torre/#/demanda?anio=2027", viewport=TOWER, session=office.session)
    events = page.get_by_role("region", name="Eventos de 2027")
    expect(row_of(page, "CyberDay")).to_contain_text("Por confirmar")
    expect(row_of(page, "CyberDay")).to_contain_text("×6, entre ×3,2 y ×11,4 en 8 de cada 10 casos")
    page.keyboard.press("n")
    form = events.get_by_role("form", name="Evento nuevo")
    form.get_by_role("button", name="Guardar").click()
    expect(form.get_by_text("Falta el nombre del evento.")).to_be_visible()
    form.get_by_label("Nombre").fill(SALE)
    form.get_by_label("Primer día").fill("2027-03-10")
    form.get_by_label("Último día").fill("2027-03-11")
    form.get_by_label("Veces un día normal").fill("2,5")
    form.get_by_role("button", name="Guardar").click()
    expect(row_of(page, SALE)).to_contain_text("mié 10 mar – jue 11 mar")
    expect(row_of(page, SALE)).to_contain_text("×2,5, se supone entre ×1,3 y ×4,7")
    expect(page.get_by_role("button", name=f"{SALE} · mié 10 mar")).to_be_visible()
    own = events.get_by_role("form", name=SALE)
    own.get_by_label("Veces un día normal").fill("3")
    own.get_by_label("En 8 de cada 10 casos").select_option(label="entre ×2 y ×4,4")
    shoot(page, "demanda")
    own.get_by_role("button", name="Guardar").click()
    expect(row_of(page, SALE)).to_contain_text("×3, entre ×2 y ×4,4 en 8 de cada 10 casos")
    expect(row_of(page, SALE)).to_contain_text("versión 2")
    row_of(page, SALE).click()
    own.get_by_role("button", name="Ver sus 2 versiones").click()
    versions = own.get_by_role("list", name="Versiones").get_by_role("listitem")
    expect(versions).to_have_count(2)
    expect(versions.last).to_contain_text("×2,5, se supone entre ×1,3 y ×4,7")
    own.get_by_role("button", name="Borrar").click()
    expect(row_of(page, SALE)).to_have_count(0)
    page.get_by_role("button", name="Deshacer").last.click()
    expect(row_of(page, SALE)).to_contain_text("×3, entre ×2 y ×4,4")


def test_an_uplift_is_spread_over_its_days(office: Office, open_page: Open) -> None:
    page = open_page("/torre/#/demanda?anio=2027", viewport=TOWER, session=office.session)
    row_of(page, "CyberDay").click()
    form = page.get_by_role("form", name="CyberDay")
    spread = form.get_by_role("group", name="Reparto por día")
    first = spread.get_by_label("lun 31 may")
    first.fill("0")
    form.get_by_role("button", name="Guardar").click()
    expect(spread.get_by_text("Escribe un número desde 0,01")).to_be_visible()
    for day, share in (("lun 31 may", "50"), ("mar 1 jun", "30"), ("mié 2 jun", "40")):
        spread.get_by_label(day).fill(share)
    expect(spread).to_contain_text("con media 1: lun 31 may ×1,25 · mar 1 jun ×0,75")
    expect(spread).to_contain_text("Sobre un día normal: ×7,5 · ×4,5 · ×6.")
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_have_count(0)
    row_of(page, "CyberDay").click()
    expect(first).to_have_value("1,25")


def test_an_event_deleted_long_ago_is_put_back_from_the_deleted(
    office: Office, open_page: Open
) -> None:
    page = open_page("/torre/#/demanda?anio=2027", viewport=TOWER, session=office.session)
    row_of(page, "Black Friday").click()
    page.keyboard.press("Escape")
    row_of(page, "Black Friday").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Borrar").click()
    expect(row_of(page, "Black Friday")).to_have_count(0)
    page.reload()
    page.get_by_role("button", name="Borrados 1").click()
    row_of(page, "Black Friday").click()
    page.get_by_role("button", name="Volver a poner").click()
    expect(page.get_by_role("button", name="Borrados")).to_have_count(0)
    expect(row_of(page, "Black Friday")).to_be_visible()


def test_a_probable_date_becomes_sure_from_the_keys(office: Office, open_page: Open) -> None:
    page = open_page("/torre/#/demanda?anio=2027", viewport=TOWER, session=office.session)
    expect(row_of(page, "CyberDay")).to_be_visible()
    page.get_by_role("button", name="Por confirmar 3").click()
    page.keyboard.press("j")
    form = page.get_by_role("form", name="CyberDay")
    expect(form.get_by_label("Veces un día normal")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    page.get_by_role("button", name="Confirmar la fecha de CyberDay").click()
    expect(page.get_by_role("button", name="Por confirmar 2")).to_be_visible()
    page.get_by_role("button", name="Deshacer").last.click()
    expect(page.get_by_role("button", name="Por confirmar 3")).to_be_visible()


def test_what_is_half_written_is_asked_about_and_two_events_of_a_day_are_told(
    office: Office, open_page: Open
) -> None:
    page = open_page("/torre/#/demanda?anio=2027", viewport=TOWER, session=office.session)
    expect(row_of(page, "CyberDay")).to_be_visible()
    page.keyboard.press("n")
    form = page.get_by_role("form", name="Evento nuevo")
    form.get_by_label("Nombre").fill(SALE)
    form.get_by_label("Primer día").fill("2027-06-01")
    form.get_by_label("Veces un día normal").fill("2")
    expect(form.get_by_text("CyberDay también es el mar 1 jun.")).to_contain_text(
        "Sus alzas se multiplican: ×2 por ×6 hacen ×12."
    )
    form.get_by_label("Nombre").press("Escape")
    asked = page.get_by_role("dialog", name="¿Salir sin guardar?")
    asked.get_by_role("button", name="Seguir editando").click()
    expect(form.get_by_label("Nombre")).to_have_value(SALE)
    page.get_by_role("link", name="Historia").click()
    asked.get_by_role("button", name="Salir sin guardar").click()
    expect(page.get_by_role("link", name="Historia")).to_have_attribute("aria-current", "page")


def test_a_year_without_events_says_how_to_bring_them(office: Office, open_page: Open) -> None:
    page = open_page("/torre/#/demanda?anio=2031", viewport=TOWER, session=office.session)
    expect(page.get_by_text("No hay eventos en 2031")).to_be_visible()
    page.get_by_role("button", name="Traer eventos de Chile").last.click()
    expect(row_of(page, "Black Friday")).to_be_visible()


def test_history_comes_from_a_file_whose_wrong_row_is_told(
    office: Office, open_page: Open, tmp_path: Path, shoot: Shoot
) -> None:
    file = tmp_path / "historia.csv"
    file.write_text(
        "fecha;comuna;pedidos\n20/11/2026;Providencia;41\n21/11/2026;Providencia;38\n"
        "20/11/2026;Atlantis;9\n",
        encoding="utf-8",
    )
    page = open_page("/torre/#/demanda?ver=historia", viewport=TOWER, session=office.session)
    expect(page.get_by_text("Aún no hay historia de demanda")).to_be_visible()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("1 fila no sirve y quedará fuera.")).to_be_visible()
    wrong = page.get_by_role("region", name="Filas que no sirven").get_by_role("listitem").last
    expect(wrong).to_contain_text("Atlantis")
    expect(wrong).to_contain_text("No conocemos la comuna")
    shoot(page, "historia")
    page.get_by_role("button", name="Importar 2 filas").click()
    comunas = page.get_by_role("table", name="Historia por comuna")
    expect(comunas.get_by_role("row").last).to_contain_text("Providencia39,5792")
    files = page.get_by_role("region", name="Archivos")
    files.get_by_text("1 fila fuera").click()
    expect(files.get_by_role("listitem").last).to_contain_text("No conocemos la comuna")
    files.get_by_role("button", name="Deshacer").click()
    expect(page.get_by_text("Aún no hay historia de demanda")).to_be_visible()
    page.get_by_role("region", name="Archivos").get_by_role(
        "button", name="Volver a contarlo"
    ).click()
    expect(comunas.get_by_role("row").last).to_contain_text("Providencia")


def row_of(page: Page, name: str) -> Locator:
    """The line of an event in the list."""
    rows = page.get_by_role("region", name="Eventos de").get_by_role("listitem")
    return rows.filter(has_text=name).get_by_role("button").first
