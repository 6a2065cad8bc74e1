"""The driver's day: a link, a load, a door, a door that stays shut, and a street without signal."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import phone
from tests.browser.conftest import PHONE, Open, Shoot
from tests.browser.office import Office

pytestmark = pytest.mark.browser

SHUT = re.compile("^Sin moradores")


def test_a_driver_delivers_with_photo_and_signature_and_says_why_a_door_stays_shut(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=1)
    office.take_orders(3, cod_clp=12_990)
    office.publish_plan()
    page = open_page(office.driver_url(), viewport=PHONE, has_touch=True)
    phone.enter(page)
    phone.load_and_leave(page)
    shoot(page, "conductor")

    phone.arrive(page)
    phone.take_photo(page)
    phone.name_receiver(page)
    page.get_by_role("button", name=re.compile(r"^Recibí \$\s?12\.990")).click()
    phone.sign(page)
    shoot(page, "firma")
    phone.button(page, "Guardar firma").click()
    expect(page.get_by_text("Firma guardada")).to_be_visible()
    shoot(page, "prueba")
    phone.deliver(page)
    expect(page.get_by_text("parada 2 de 3")).to_be_visible()

    phone.button(page, "No puedo").click()
    shoot(page, "no-puedo")
    page.get_by_role("button", name=SHUT).click()
    phone.take_photo(page)
    phone.button(page, "Cerrar la parada").click()
    expect(page.get_by_text("parada 3 de 3")).to_be_visible()
    phone.wait_until_sent(page)

    states = sorted(order["state"] for order in office.get("/v1/orders")["items"])
    assert states == ["delivered", "delivery_failed", "out_for_delivery"]


def test_the_route_stays_on_the_phone_through_a_reload_without_signal(
    office: Office, open_page: Open
) -> None:
    office.hire(drivers=1)
    office.take_orders(2)
    office.publish_plan()
    page = open_page(office.driver_url(), viewport=PHONE, has_touch=True)
    phone.enter(page)
    phone.load_and_leave(page)
    phone.wait_until_sent(page)
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    page.wait_for_function(
        "async () => (await (await caches.open('promesa-shell')).keys()).length > 3"
    )

    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("parada 1 de 2")).to_be_visible()
    place = phone.arrive(page)
    phone.take_photo(page)
    phone.name_receiver(page)
    phone.deliver(page)
    expect(page.get_by_text("parada 2 de 2")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(place)
    expect(page.get_by_text(re.compile(r"\d por enviar"))).to_be_visible()

    page.context.set_offline(False)
    phone.wait_until_sent(page)
    states = sorted(order["state"] for order in office.get("/v1/orders")["items"])
    assert states == ["delivered", "out_for_delivery"]
