"""The driver's day: a link, a load, a door, a door that stays shut, and a street without signal."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser import phone
from tests.browser.boxes import are_apart
from tests.browser.conftest import PHONE, Open, Shoot
from tests.browser.office import Office

pytestmark = pytest.mark.browser

SHUT = re.compile("^Sin moradores")
ASKED = "El timbre no suena: llama al llegar y deja el paquete con la conserje del edificio B"
SHORT = re.compile("Tu colación duró 0\\smin: es muy corta y no cuenta")
SMALL_PHONE: ViewportSize = {"width": 360, "height": 640}


def test_a_driver_delivers_with_photo_and_signature_and_says_why_a_door_stays_shut(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=1)
    office.take_orders(3, cod_clp=12_990, instructions=ASKED)
    office.publish_plan()
    page = open_page(office.driver_url(), viewport=PHONE, has_touch=True)
    phone.enter(page)
    phone.load_and_leave(page)
    shoot(page, "conductor")
    # What the recipient asked for is read without scrolling, on the smallest phone too.
    page.set_viewport_size(SMALL_PHONE)
    expect(page.get_by_text(ASKED)).to_be_in_viewport(ratio=1)
    phone.arrive(page)
    look_at_the_header(page)
    page.set_viewport_size(PHONE)

    phone.take_photo(page)
    phone.name_receiver(page)
    phone.button(page, "Recibí otro monto").click()
    page.get_by_label("¿Cuánto recibiste?").fill("10.000")
    page.get_by_label("¿Por qué?").fill("No tenía más")
    page.get_by_role("button", name=re.compile(r"^Recibí \$\s?10\.000")).click()
    phone.sign(page)
    shoot(page, "firma")
    phone.button(page, "Guardar firma").click()
    expect(page.get_by_text("Firma guardada")).to_be_visible()
    shoot(page, "prueba")
    phone.deliver(page)
    expect(page.get_by_text("parada 2 de 3")).to_be_visible()

    phone.button(page, "No puedo").click()
    shoot(page, "no-puedo")
    page.go_back()
    phone.give_up(page, SHUT)
    expect(page.get_by_text("parada 3 de 3")).to_be_visible()
    phone.wait_until_sent(page)

    states = sorted(order["state"] for order in office.get("/v1/orders")["items"])
    assert states == ["delivered", "delivery_failed", "out_for_delivery"]
    lines = {line["kind"]: line for line in office.get("/v1/day")["exceptions"]}
    visit = lines["cash_differs"]["facts"]["visit"]
    assert (visit["cod_due_clp"], visit["cod_collected_clp"]) == (12_990, 10_000)
    assert visit["note"] == "No tenía más"


def look_at_the_header(page: Page) -> None:
    """The mark stands beside what is sent, not under it; *Más* names the driver."""
    mark = page.locator("header i").bounding_box()
    sent = page.locator("header .chip").bounding_box()
    assert mark is not None
    assert sent is not None
    assert mark["x"] + mark["width"] <= sent["x"]
    page.get_by_role("button", name=re.compile("más opciones")).click()
    expect(page.get_by_text("Dora Fuentes", exact=True)).to_be_in_viewport(ratio=1)
    page.go_back()


def test_a_visit_closed_by_mistake_is_taken_back_before_the_customer_hears_of_it(
    office: Office, open_page: Open
) -> None:
    office.hire(drivers=1)
    office.take_orders(2)
    office.publish_plan()
    page = open_page(office.driver_url(), viewport=PHONE, has_touch=True)
    phone.enter(page)
    phone.load_and_leave(page)
    phone.wait_until_sent(page)
    place = page.get_by_role("heading", level=1).inner_text()
    phone.give_up(page, SHUT)
    phone.button(page, "Deshacer").click()
    expect(page.get_by_text("parada 1 de 2")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(place)
    phone.wait_until_sent(page)
    told = {
        fact["type"]
        for order_id in office.orders.values()
        for fact in office.get(f"/v1/orders/{order_id}/story")["facts"]
    }
    assert "stop.arrived" in told
    assert "order.delivery_failed" not in told


def test_a_colacion_ended_at_once_does_not_count_and_covers_nothing(
    office: Office, open_page: Open
) -> None:
    office.hire(drivers=1)
    office.take_orders(2)
    office.publish_plan()
    page = open_page(office.driver_url(), viewport=PHONE, has_touch=True)
    phone.enter(page)
    phone.load_and_leave(page)
    page.get_by_role("button", name="Más").click()
    phone.button(page, "Empezar la colación").click()
    bar = page.get_by_role("status").filter(has_text="Empezaste la colación.")
    expect(bar).to_be_visible()
    assert are_apart(bar, page.get_by_role("heading", name="En colación", exact=True))
    phone.button(page, "Terminar la colación").click()
    short = page.get_by_role("status").filter(has_text=SHORT)
    expect(short).to_be_visible()
    assert are_apart(short, page.get_by_role("heading", level=1))


def test_a_colecta_is_scanned_counted_proved_and_closed_as_one_visit(
    office: Office, open_page: Open, shoot: Shoot
) -> None:
    office.hire(drivers=1)
    legs = [{"kind": "collection"}, {"kind": "delivery"}]
    office.take_orders(3, legs=legs)
    office.publish_plan()
    page = open_page(office.driver_url(), viewport=PHONE, has_touch=True)
    phone.enter(page)
    expect(page.get_by_text("No hay bultos por cargar")).to_be_visible()
    phone.button(page, "Salir").click()
    expect(page.get_by_role("heading", name="Irarrázaval 2434")).to_be_visible()
    expect(page.get_by_text("Retiro: trae bultos")).to_be_visible()
    phone.button(page, "Llegué").click()

    expect(phone.button(page, "Contar")).to_be_visible()
    phone.scan(page, "A-1001-1")
    expect(page.get_by_role("heading", name="Sí, va contigo")).to_be_visible()
    phone.button(page, "Siguiente bulto").click()
    expect(phone.button(page, "Contar")).to_be_visible()
    phone.scan(page, "DE-OTRO-1")
    expect(page.get_by_role("heading", name="No es de este retiro")).to_be_visible()
    phone.button(page, "Siguiente bulto").click()
    page.get_by_role("button", name=re.compile("A-1002-1")).click()
    phone.button(page, "No está").click()
    expect(page.get_by_text("1 no está")).to_be_visible()
    shoot(page, "retiro")
    count_parcels(page, "2")
    expect(page.get_by_text("Contaste 2 y en la lista quedan 1")).to_be_visible()
    phone.button(page, "Cerrar").click()
    count_parcels(page, "1")
    phone.button(page, "Recibir los bultos").click()
    phone.take_photo(page)
    page.get_by_label("Nombre de quien entrega (opcional)").fill("Rosa Pinto")
    phone.button(page, "Cerrar el retiro").click()
    expect(page.get_by_text("Vuelve a CD Ñuñoa")).to_be_visible()
    phone.wait_until_sent(page)

    states = {order["reference"]: order["state"] for order in office.get("/v1/orders")["items"]}
    assert states == {
        "A-1001": "in_preparation",
        "A-1002": "rescheduled",
        "A-1003": "in_preparation",
    }


def count_parcels(page: Page, counted: str) -> None:
    phone.button(page, "Contar").click()
    page.get_by_label("¿Cuántos bultos recibes?").fill(counted)
    phone.button(page, "Revisar").click()


def test_what_the_torre_refuses_says_why_and_leads_to_the_route_as_it_is(
    office: Office, open_page: Open
) -> None:
    office.hire(drivers=1)
    office.take_orders(2)
    office.publish_plan()
    page = open_page(office.driver_url(), viewport=PHONE, has_touch=True)
    phone.enter(page)
    phone.load_and_leave(page)
    phone.wait_until_sent(page)
    phone.arrive(page)
    phone.take_photo(page)
    phone.name_receiver(page)
    page.context.set_offline(True)
    phone.deliver(page)
    # Meanwhile the torre calls both orders off, and the depot scans what it says was handed over.
    for order_id in office.orders.values():
        office.post(f"/v1/orders/{order_id}/return", {"cause": "recall"})
    office.scan_back(*office.orders)
    page.context.set_offline(False)
    alarm = page.get_by_role("alert").filter(has_text="la torre no lo aceptó")
    expect(alarm).to_be_visible()
    alarm.get_by_role("button", name="Ver la ruta al día").click()
    expect(page.get_by_text("Tu ruta no tiene paradas")).to_be_visible()
    page.get_by_role("button", name=re.compile("todo enviado|no aceptado")).click()
    expect(page.get_by_text("no aceptados")).to_be_visible()


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
