"""The planner rehearses the days of a peak, and reads first in words what would come of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TOWER, Open, Shoot
from tests.browser.office import Office
from tests.browser.test_accessibility import serious_of
from tests.browser.test_capacity import forecast

pytestmark = pytest.mark.browser

RUN_LIMIT_MS = 120_000


def test_a_planner_rehearses_and_opens_it_again(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=2)
    page = open_page("/torre/#/capacidad?ver=ensayo", viewport=TOWER, session=office.session)
    expect(page.get_by_text("Todavía no hay qué ensayar")).to_be_visible()
    forecast(office, page)
    page.reload()
    form = page.get_by_role("form", name="Qué ensayar")
    form.get_by_label("Escenarios").select_option("1")
    form.get_by_label("Con reserva común").uncheck()
    form.get_by_role("button", name="Uno peor").click()
    form.get_by_role("button", name="Ensayar").click()
    result = page.get_by_role("region", name="Resultado del ensayo")
    expect(result).to_contain_text("Con la flota propia", timeout=RUN_LIMIT_MS)
    expect(result.get_by_text("Simulado", exact=True)).to_be_visible()
    row = result.get_by_role("row", name="según capacidad")
    expect(row.get_by_role("cell").first).not_to_have_text("–")
    expect(page.get_by_role("link", name="Excel")).to_be_visible()
    shoot(page, "ensayo")
    assert serious_of(page) == []
    page.goto("/torre/#/capacidad?ver=ensayo")
    expect(page.get_by_role("table", name="Ensayos guardados")).to_contain_text("según capacidad")

    page.get_by_role("button", name="Borrar").click()
    question = page.get_by_role("dialog", name="¿Borrar el ensayo")
    expect(question).to_contain_text("No se puede recuperar")
    assert serious_of(page) == []
    question.get_by_role("button", name="Borrar ensayo").click()
    expect(page.get_by_text("Ensaya un peak antes de que llegue")).to_be_visible()
    expect(page.get_by_role("table", name="Ensayos guardados")).to_have_count(0)
