"""The planner puts shifts by hand, takes a proposal, takes both back, and sees the doors."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TOWER, Open, Shoot
from tests.browser.office import Office
from tests.browser.test_accessibility import serious_of
from tests.browser.test_capacity import forecast

pytestmark = pytest.mark.browser


def test_a_planner_makes_rosters_by_hand_and_by_proposal(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=2)
    page = open_page("/torre/#/capacidad?ver=turnos", viewport=TOWER, session=office.session)
    cells = page.get_by_role("gridcell")
    cells.nth(3).click()
    page.get_by_role("menuitem").first.click()
    expect(cells.nth(3)).not_to_have_text("")
    cells.nth(4).click()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(cells.nth(4)).to_contain_text("aus.")
    page.keyboard.press("Control+z")
    expect(cells.nth(4)).to_have_text("")
    forecast(office, page)
    page.reload()
    page.get_by_role("button", name="Proponer turnos").click()
    proposal = page.get_by_role("region", name="Propuesta de turnos")
    expect(proposal).to_contain_text("La propuesta pone")
    shoot(page, "turnos")
    proposal.get_by_role("button", name="Aceptar").click()
    expect(page.get_by_text("cambiados.")).to_be_visible()
    expect(proposal).to_be_hidden()
    assert serious_of(page) == []


def test_rules_of_working_hours_are_changed_refused_and_taken_back(
    office: Office, open_page: Open
) -> None:
    office.hire(drivers=1)
    page = open_page("/torre/#/capacidad?ver=turnos", viewport=TOWER, session=office.session)
    rules(page).click()
    form = page.get_by_role("form", name="Reglas de jornada")
    form.get_by_label("De dónde sale").first.fill("")
    form.get_by_role("button", name="Guardar").click()
    expect(form).to_contain_text("Di de dónde sale")
    form.get_by_label("De dónde sale").first.fill("Contrato colectivo")
    form.get_by_role("button", name="Guardar").click()
    expect(rules(page)).to_contain_text("versión 1")
    page.get_by_role("button", name="Deshacer").last.click()
    expect(rules(page)).to_contain_text("versión 2")
    expect(form.get_by_label("De dónde sale").first).to_have_value(re.compile("Ley 21.561"))


def test_the_doors_say_how_many_it_takes(office: Office, open_page: Open, shoot: Shoot) -> None:
    office.hire(drivers=2)
    page = open_page("/torre/#/capacidad?ver=andenes", viewport=TOWER, session=office.session)
    expect(page.get_by_text("Nadie anotó cuántas puertas hay")).to_be_visible()
    shoot(page, "andenes")
    assert serious_of(page) == []


def rules(page: Page) -> Locator:
    return page.locator("summary", has_text="Reglas de jornada")
