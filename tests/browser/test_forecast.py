"""The planner sees what is coming, corrects a day and takes it back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TOWER, Open, Shoot
from tests.browser.office import Office

pytestmark = pytest.mark.browser

DAYS = 60
FIRST = date(2026, 9, 20)
FORECAST_MS = 60_000


def test_a_day_of_the_forecast_is_corrected_and_taken_back(
    office: Office, open_page: Open, tmp_path: Path, shoot: Shoot
) -> None:
    rows = [
        f"{FIRST + timedelta(days=n):%d/%m/%Y};{comuna};{count + n % 7}"
        for n in range(DAYS)
        for comuna, count in (("Providencia", 80), ("Maipú", 4))
    ]
    file = tmp_path / "historia.csv"
    file.write_text("\n".join(["fecha;comuna;pedidos", *rows]), encoding="utf-8")
    page = open_page("/torre/#/demanda?ver=historia", viewport=TOWER, session=office.session)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=f"Importar {2 * DAYS} filas").click()
    expect(page.get_by_role("table", name="Historia por comuna")).to_be_visible()
    page.get_by_role("link", name="Pronóstico").click()
    comunas = page.get_by_role("table", name="Comunas")
    expect(comunas.get_by_role("row").nth(1)).to_contain_text("Providencia", timeout=FORECAST_MS)
    expect(page.get_by_text("Es menos de un año")).to_be_visible()
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Corregir este día").click()
    page.get_by_label("Pedidos ese día, todas las comunas").fill("abc")
    expect(page.get_by_text("Escribe un número desde 0")).to_be_visible()
    page.get_by_label("Pedidos ese día, todas las comunas").fill("500")
    page.get_by_label("Motivo").fill("Abre un mall")
    page.get_by_role("button", name="Corregir", exact=True).click()
    # What was said is what is shown.
    expect(page.locator("dd").first).to_contain_text("500")
    expect(page.get_by_text("El modelo decía")).to_be_visible()
    shoot(page, "pronostico")
    corrections = page.get_by_role("table", name="Correcciones")
    expect(corrections.get_by_role("row").last).to_contain_text("por ver")
    page.get_by_role("button", name="Retirar", exact=True).click()
    expect(page.get_by_text("Todavía no hay correcciones.")).to_be_visible()
    expect(page.get_by_text("El modelo decía")).to_have_count(0)
    expect(comunas.get_by_role("row").last).to_contain_text("Todas")
    comunas.get_by_role("row").nth(2).click()
    expect(page.get_by_role("button", name="Maipú", exact=True)).to_be_visible()
