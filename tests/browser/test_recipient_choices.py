"""What the recipient may decide, each tried on the page; and what the page weighs."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser import phone
from tests.browser.conftest import Open, Shoot
from tests.browser.office import Office
from tests.browser.test_driver import SHUT

pytestmark = pytest.mark.browser

# The smallest phone that still sells in Chile.
SMALL: ViewportSize = {"width": 360, "height": 740}
# ui.md: what opens in two seconds on 3G. Headers, font and the order itself included; no map.
PAGE_BYTES_MAX = 60_000
QUIET_MS = 1_500


def test_who_waits_chooses_a_place_a_day_silence_and_at_last_nothing(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=1)
    office.take_orders(1)
    office.publish_plan()
    home = open_page(office.tracking_url("A-1001"), viewport=SMALL)
    expect(home.get_by_text("En preparación")).to_be_visible()

    row(home, "Elegir quién recibe").click()
    home.get_by_role("radio", name="Dejarlo en un lugar seguro").check(force=True)
    home.get_by_label("Dónde dejarlo", exact=True).fill("Detrás del portón")
    phone.button(home, "Guardar").click()
    expect(row(home, "Detrás del portón")).to_be_visible()

    row(home, "Hablar con alguien").click()
    call = home.get_by_role("link", name="Llamar al")
    expect(call).to_have_attribute("href", "tel:+56222334455")
    home.get_by_role("dialog").get_by_label("Cerrar").click()

    row(home, "Qué mensajes recibes").click()
    shoot(home, "seguimiento-mensajes")
    home.get_by_role("checkbox", name=re.compile("SMS")).uncheck(force=True)
    phone.button(home, "Guardar").click()
    expect(row(home, "Sin mensajes por SMS")).to_be_visible()
    facts = office.get(f"/v1/orders/{office.orders['A-1001']}/story")["facts"]
    declined = [fact["data"] for fact in facts if fact["type"] == "order.messages_declined"]
    assert declined == [{"channels": ["sms"]}]

    row(home, "Elegir otro día").click()
    home.get_by_role("radio").first.check(force=True)
    home.get_by_role("button", name=re.compile("^Cambiar al")).click()
    expect(home.get_by_text("Listo, cambiamos el día.")).to_be_visible()
    expect(home.get_by_role("heading", level=1)).to_have_text("Mañana")

    row(home, "Cancelar el pedido").click()
    phone.button(home, "Sí, cancelar el pedido").click()
    expect(home.get_by_text("Pedido cancelado", exact=True)).to_be_visible()


def test_after_a_failed_visit_the_order_goes_back_to_the_shop(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=1)
    office.take_orders(1)
    office.publish_plan()
    home = open_page(office.tracking_url("A-1001"), viewport=SMALL)
    van = open_page(office.driver_url(), viewport=SMALL, has_touch=True)
    phone.enter(van)
    phone.load_and_leave(van)
    phone.give_up(van, SHUT)
    expect(home.get_by_text("No pudimos entregar")).to_be_visible()
    expect(home.get_by_text("No encontramos a nadie que recibiera.")).to_be_visible()
    shoot(home, "seguimiento-no-pudimos")
    phone.button(home, "Devolverlo a la tienda").click()
    phone.button(home, "Sí, devolver el pedido").click()
    expect(home.get_by_text("Vuelve a la tienda", exact=True)).to_be_visible()
    assert office.get("/v1/orders")["items"][0]["state"] == "returning"


def test_the_proof_can_be_kept_and_the_van_is_drawn_on_its_way(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=1)
    office.take_orders(1)
    office.publish_plan()
    home = open_page(office.tracking_url("A-1001"), viewport=SMALL)
    near = {"longitude": -70.6250, "latitude": -33.4350}
    van = open_page(
        office.driver_url(),
        viewport=SMALL,
        has_touch=True,
        geolocation=near,
        permissions=["geolocation"],
    )
    phone.enter(van)
    phone.load_and_leave(van)
    expect(home.get_by_role("region", name="Mapa: dónde está el furgón")).to_be_visible()
    shoot(home, "seguimiento-cerca")
    phone.arrive(van)
    phone.take_photo(van)
    phone.name_receiver(van)
    phone.deliver(van)
    kept = home.get_by_role("link", name="Comprobante de entrega")
    expect(kept).to_be_visible()
    answer = home.request.get(str(kept.get_attribute("href")))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")


def test_a_link_that_opens_nothing_and_a_street_without_signal_say_so(
    office: Office, open_page: Open
) -> None:
    unknown = open_page("/seguimiento/nadie-tiene-este-enlace", viewport=SMALL)
    expect(unknown.get_by_text("Este enlace ya no sirve")).to_be_visible()
    cut = open_page("/seguimiento/corto", viewport=SMALL)
    expect(cut.get_by_text("A este enlace le falta una parte")).to_be_visible()
    office.hire(drivers=1)
    office.take_orders(1)
    home = open_page(office.tracking_url("A-1001"), viewport=SMALL)
    expect(home.get_by_text("En preparación")).to_be_visible()
    home.context.set_offline(True)
    expect(home.get_by_text("Sin conexión. Esto es lo último que supimos")).to_be_visible()
    home.context.set_offline(False)
    expect(home.get_by_text("Sin conexión.")).to_be_hidden()


def test_the_page_with_its_font_weighs_less_than_60_kb(office: Office, open_page: Open) -> None:
    office.hire(drivers=1)
    office.take_orders(1)
    home = open_page("/healthz", viewport=SMALL)
    wire = home.context.new_cdp_session(home)
    wire.send("Network.enable")
    came: dict[str, float] = {}
    asked: set[str] = set()

    def ask(told: dict[str, Any]) -> None:
        # A page without an icon has the browser look for one, now or later.
        if not told["request"]["url"].endswith("/favicon.ico"):
            asked.add(told["requestId"])

    wire.on("Network.requestWillBeSent", ask)
    wire.on(
        "Network.loadingFinished", lambda t: came.update({t["requestId"]: t["encodedDataLength"]})
    )
    home.goto(office.tracking_url("A-1001"))
    expect(home.get_by_text("En preparación")).to_be_visible()
    home.evaluate("document.fonts.ready")
    home.wait_for_timeout(QUIET_MS)
    font = "[...document.fonts].some((font) => font.status === 'loaded')"
    assert home.evaluate(font)
    whole = sum(size for request, size in came.items() if request in asked)
    assert 40_000 < whole < PAGE_BYTES_MAX, whole


def row(home: Page, words: str) -> Locator:
    """What the page offers, by its words."""
    return home.get_by_role("button", name=re.compile(words))
