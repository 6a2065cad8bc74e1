"""What a driver does on the phone, word by word of what stands on the screen."""

from __future__ import annotations

import re

from playwright.sync_api import FilePayload, Locator, Page, expect

from promesa.simulator.pictures import draw_photo

SENT_LIMIT_MS = 60_000


def enter(page: Page) -> None:
    """From the sign-in link to the day."""
    button(page, "Ver mi ruta").click()
    expect(page.get_by_text("carga", exact=True)).to_be_visible()


def load_and_leave(page: Page) -> None:
    """Every parcel is found by its code, then the van leaves."""
    rows = page.locator("main li")
    expect(rows.first).to_be_visible()
    for row in rows.all():
        row.get_by_role("button").click()
        button(page, "Está: cargarlo").click()
        expect(page.get_by_text("Sí, va contigo")).to_be_visible()
        page.get_by_role("button", name=re.compile("Siguiente bulto|Carga lista")).click()
    button(page, "Salir").click()
    expect(page.get_by_text(re.compile(r"^parada 1 de \d"))).to_be_visible()


def arrive(page: Page) -> str:
    """Says that the van is there; returns the address."""
    place = page.get_by_role("heading", level=1).inner_text()
    button(page, "Llegué").click()
    expect(page.get_by_role("heading", name="¿Quién recibe?")).to_be_visible()
    return place


def take_photo(page: Page) -> None:
    """Hands the page a picture, as the camera's app would."""
    content = draw_photo("puerta")
    picture: FilePayload = {
        "name": "puerta.jpg",
        "mimeType": "image/jpeg",
        "buffer": content,
    }
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.get_by_text(re.compile("Foto guardada"))).to_be_visible()


def give_up(page: Page, reason: re.Pattern[str]) -> None:
    """Says why nobody took it: called first, then proved, then closed."""
    button(page, "No puedo").click()
    page.get_by_role("button", name=reason).click()
    expect(page.get_by_role("link", name="Llamar antes")).to_have_attribute(
        "href", "tel:+56981112233"
    )
    button(page, "Ya llamé y sigue igual").click()
    take_photo(page)
    button(page, "Cerrar la parada").click()


def name_receiver(page: Page) -> None:
    """The first choice is who the parcel is for."""
    page.get_by_role("group", name="¿Quién recibe?").get_by_role("button").first.click()


def sign(page: Page) -> None:
    """Draws a line with a finger and keeps it."""
    button(page, "Firmar").click()
    box = page.get_by_label("Espacio para firmar con el dedo").bounding_box()
    assert box is not None
    left, middle = box["x"] + 60, box["y"] + box["height"] / 2
    page.mouse.move(left, middle)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(left + 30 * step, middle + (25 if step % 2 else -25))
    page.mouse.up()


def deliver(page: Page) -> None:
    """The last press at a door."""
    button(page, "Entregar").click()
    expect(page.get_by_role("heading", name="¿Quién recibe?")).to_be_hidden()


def scan(page: Page, code: str) -> None:
    """A scanner that acts as a keyboard reads a code."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def wait_until_sent(page: Page) -> None:
    """Until the phone has nothing left to send."""
    expect(page.get_by_text("todo enviado")).to_be_visible(timeout=SENT_LIMIT_MS)


def button(page: Page, name: str) -> Locator:
    """The button of exactly that name."""
    return page.get_by_role("button", name=name, exact=True)
