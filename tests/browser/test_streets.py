"""The dispatcher closes a street on the map, takes the mark away, and puts it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import TOWER, Open, Shoot
from tests.browser.office import Office
from tests.browser.test_dispatcher import sign_in

pytestmark = pytest.mark.browser

# Clicks of the wheel towards the street, so that a pixel is about a metre.
ZOOM_PX = -1_500
BLOCKS_PX = 150
SETTLE_MS = 1_500


def test_a_street_is_closed_on_the_map_and_can_be_undone(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    page = open_page("/torre/", viewport=TOWER)
    sign_in(page, office.email)
    page.get_by_role("button", name="Calles").click()
    dialog = page.get_by_role("dialog", name="Calles")
    expect(dialog.get_by_text("No hay calles marcadas")).to_be_visible()
    draw(page)
    expect(dialog.get_by_text(re.compile(r", [\d.]+ m$"))).to_be_visible()
    corners_come_and_go(page)
    dialog.get_by_label("Por qué").fill("Feria libre")
    shoot(page, "calles")
    dialog.get_by_role("button", name="Marcar la calle").click()
    marks = dialog.get_by_role("listitem")
    expect(marks).to_have_count(1)
    expect(marks).to_contain_text("Cerrada hasta")
    expect(marks).to_contain_text("Feria libre")
    marks.get_by_role("button", name="Quitar").click()
    expect(marks).to_have_count(0)
    dialog.get_by_role("button", name="Deshacer").click()
    expect(marks).to_have_count(1)


def test_a_zone_is_drawn_with_the_mouse_and_put_right_with_the_keys(
    office: Office, open_page: Open
) -> None:
    page = open_page("/torre/", viewport=TOWER)
    sign_in(page, office.email)
    page.get_by_role("button", name="Calles").click()
    dialog = page.get_by_role("dialog", name="Calles")
    dialog.get_by_role("tab", name="Peajes y zonas").click()
    dialog.get_by_role("button", name="Agregar fila").click()
    dialog.get_by_role("button", name="Dibujar").click()
    corners = dialog.get_by_role("button", name=re.compile("^Esquina"))
    x, y = middle_of(page, "Mapa para dibujar la zona")
    page.mouse.click(x - BLOCKS_PX, y)
    expect(corners).to_have_count(1)
    page.keyboard.press("Escape")
    expect(corners).to_have_count(0)
    dialog.get_by_role("button", name="Dibujar").click()
    x, y = middle_of(page, "Mapa para dibujar la zona")
    for number, (right, down) in enumerate(((-1, 0), (0, -1), (1, 0)), start=1):
        page.mouse.click(x + right * BLOCKS_PX, y + down * BLOCKS_PX)
        expect(corners).to_have_count(number)
    region = dialog.get_by_role("region", name="Mapa para dibujar la zona")
    region.locator("canvas").focus()
    page.keyboard.press("Enter")
    expect(corners).to_have_count(4)
    corners.last.focus()
    before = corners.last.bounding_box()
    page.keyboard.press("ArrowDown")
    after = corners.last.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] > before["y"]
    page.keyboard.press("Delete")
    expect(corners).to_have_count(3)
    page.mouse.dblclick(x, y + BLOCKS_PX)
    expect(dialog.get_by_role("button", name="4 esquinas")).to_be_visible()
    for label, text in (("Id 1", "Z1"), ("Nombre 1", "Centro")):
        dialog.get_by_label(label).fill(text)
    dialog.get_by_label("Vehículos 1").select_option("camión, moto")
    dialog.get_by_label("Regla 1").select_option("no entra")
    dialog.get_by_role("button", name="Guardar").click()
    expect(page.get_by_text("Guardado. Vale desde ahora")).to_be_visible()


def middle_of(page: Page, name: str) -> tuple[float, float]:
    canvas = page.get_by_role("region", name=name).locator("canvas")
    expect(canvas).to_be_visible()
    page.wait_for_timeout(SETTLE_MS)
    box = canvas.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def corners_come_and_go(page: Page) -> None:
    """Backspace, Ctrl+Z and the button each take the second click back, which is made again."""
    found = page.get_by_role("dialog").get_by_text(re.compile(r", [\d.]+ m$"))
    whole = found.inner_text()
    x, y = middle_of(page, "Mapa para marcar calles")
    takes_back = page.get_by_role("button", name="Quitar el último clic")
    for key in ("Backspace", "Control+z", None):
        if key is None:
            takes_back.click()
        else:
            page.keyboard.press(key)
        expect(found).not_to_have_text(whole)
        # Sooner, it would be the second half of a double click, which brings the map nearer.
        page.wait_for_timeout(SETTLE_MS)
        page.mouse.click(x + BLOCKS_PX, y - BLOCKS_PX * 0.3)
        expect(found).to_have_text(whole)


def draw(page: Page) -> None:
    """Two clicks some blocks apart, near the middle of the map."""
    x, y = middle_of(page, "Mapa para marcar calles")
    page.mouse.move(x, y)
    page.mouse.wheel(0, ZOOM_PX)
    page.wait_for_timeout(SETTLE_MS)
    found = page.get_by_role("dialog").get_by_text(re.compile(r", [\d.]+ m$"))
    page.mouse.click(x, y)
    # One click finds a street of its own: only another text is that of both.
    expect(found).to_be_visible()
    of_one = found.inner_text()
    page.wait_for_timeout(SETTLE_MS)
    page.mouse.click(x + BLOCKS_PX, y - BLOCKS_PX * 0.3)
    expect(found).not_to_have_text(of_one)
