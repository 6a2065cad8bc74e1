"""An operator in the middle of its day, made through the API alone.

    CD -- A1 .. A4 of shop A, B1 .. B3 of shop B, eight hundred metres apart -- CD, two vans.

The van with three orders has delivered one and failed another; the rest waits. A4's position is a
street's and waits for a person; B3 is for tomorrow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from promesa.api.auth import USER_COOKIE
from promesa.api.users import TORRE_ROLES
from promesa.domain.actor import Role
from promesa.kernel.clock import MovedClock, pause_s
from promesa.kernel.ids import derived_id
from promesa.runtime.bootstrap import Founding, found
from promesa.runtime.platform import Platform
from promesa.simulator.pictures import draw_photo, draw_signature
from tests.support.client import body_of, key_header, open_client, phone_header, session_header

TODAY = date(2026, 11, 23)
TOMORROW = date(2026, 11, 24)
# Monday 23 November 2026, 08:00 in Santiago.
EIGHT = datetime.fromisoformat("2026-11-23T08:00:00-03:00")
PASSWORD = "correcta-para-pruebas"
CENTER = (-70.6369, -33.4436)
STEP_DEG = 0.008
VAN_PARCELS = 3
PLAN_LOOKS_MAX = 600


@dataclass(slots=True, kw_only=True)
class Shop:
    """A merchant with its key."""

    id: str
    code: str
    key: str
    key_id: str
    import_id: str = ""


@dataclass(slots=True, kw_only=True)
class DriverOnDuty:
    """A driver, the phone's session, and the route it shows."""

    id: str
    session: str
    route_id: str = ""
    stop_ids: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Operation:
    """What tests need to know of an operator: secrets of each role and an id of each noun.

    ``ids["user_id"]`` is somebody who only reads: whoever switches that person off stays in.
    """

    name: str
    tenant_id: UUID
    sessions: dict[Role, str] = field(default_factory=dict)
    shops: list[Shop] = field(default_factory=list)
    drivers: list[DriverOnDuty] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    tracking: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def session(self, role: Role = Role.ADMINISTRATOR) -> dict[str, str]:
        """Headers of somebody of the torre."""
        return session_header(self.sessions[role])

    def shop(self, number: int = 0) -> dict[str, str]:
        """Headers of a merchant."""
        return key_header(self.shops[number].key)

    def phone(self, number: int = 0) -> dict[str, str]:
        """Headers of a driver's phone."""
        return phone_header(self.drivers[number].session)

    def reference_of(self, order_id: str) -> str:
        """The order's reference."""
        return next(known for known, found in self.orders.items() if found == order_id)


async def run_operation(app: Any, platform: Platform, clock: MovedClock, name: str) -> Operation:
    """Founds an operator and runs its morning."""
    email = f"admin@{name}.test"
    tenant, _ = await found(
        platform, Founding(tenant=name, email=email, name="Ada Administra", password=PASSWORD)
    )
    operation = Operation(name=name, tenant_id=tenant.id)
    async with open_client(app) as visitor:
        operation.sessions[Role.ADMINISTRATOR] = await sign_in(visitor, email)
    async with open_client(app, **operation.session()) as office:
        await _let_people_in(app, office, operation)
        await _open_shops(office, operation)
        await _hire(app, office, operation)
        await _take_orders(app, operation)
        await _plan(office, operation)
        await platform.pump.settle()
        await _drive(app, clock, operation)
        await platform.pump.settle()
        await _note_ids(office, operation)
        await _mark_a_street(office, clock, operation)
        await _keep_a_calendar(office, operation)
    return operation


async def sign_in(visitor: httpx.AsyncClient, email: str) -> str:
    """Somebody signs in; their session."""
    answer = await visitor.post("/v1/session", json={"email": email, "password": PASSWORD})
    body_of(answer)
    return answer.cookies[USER_COOKIE]


async def _let_people_in(app: Any, office: httpx.AsyncClient, operation: Operation) -> None:
    for role in sorted(TORRE_ROLES - {Role.ADMINISTRATOR}):
        email = f"{role.value}@{operation.name}.test"
        body = {"email": email, "name": role.value, "role": role.value, "password": PASSWORD}
        operation.ids["user_id"] = body_of(await office.post("/v1/users", json=body))["id"]
        async with open_client(app) as visitor:
            operation.sessions[role] = await sign_in(visitor, email)


async def _open_shops(office: httpx.AsyncClient, operation: Operation) -> None:
    for code in ("A", "B"):
        body = {"code": code, "name": f"Tienda {code}", "position": list(CENTER)}
        shop_id = body_of(await office.post("/v1/merchants", json=body))["id"]
        key = body_of(await office.post(f"/v1/merchants/{shop_id}/api-keys"))
        operation.shops.append(Shop(id=shop_id, code=code, key=key["key"], key_id=key["id"]))
        operation.ids |= {"merchant_id": shop_id, "key_id": key["id"]}
    hook = {"url": "http://127.0.0.1:9/promesa", "event_types": ["order.cancelled"]}
    operation.ids["webhook_id"] = body_of(await office.post("/v1/webhooks", json=hook))["id"]


async def _mark_a_street(
    office: httpx.AsyncClient, clock: MovedClock, operation: Operation
) -> None:
    """And takes the mark away: no street of a stage is slow."""
    end = (clock.now() + timedelta(hours=1)).isoformat()
    mark = {"line": [list(CENTER)], "end": end, "reason": "Feria", "speed_kph": 5}
    made = body_of(await office.post("/v1/traffic/marks", json=mark))
    body_of(await office.delete(f"/v1/traffic/marks/{made['id']}"))
    operation.ids["mark_id"] = made["id"]


async def _hire(app: Any, office: httpx.AsyncClient, operation: Operation) -> None:
    depot = {"code": "CD", "name": "Centro", "position": list(CENTER)}
    depot_id = body_of(await office.post("/v1/depots", json=depot))["id"]
    operation.ids["depot_id"] = depot_id
    for number in (1, 2):
        van = {
            "code": f"V-{number}",
            "plate": f"BCDF{number}{number}",
            "depot_id": depot_id,
            "capacity": {"parcels": VAN_PARCELS, "weight_g": 900_000, "volume_ml": 9_000_000},
            "cost_per_km_clp": 180,
        }
        vehicle_id = body_of(await office.post("/v1/vehicles", json=van))["id"]
        driver = {"code": f"C-{number}", "name": f"Dora {number}", "phone": "+56 9 8765 4321"}
        driver_id = body_of(await office.post("/v1/drivers", json=driver))["id"]
        shift_id = str(derived_id("shift", operation.name, number))
        shift = {
            "date": TODAY.isoformat(),
            "driver_id": driver_id,
            "vehicle_id": vehicle_id,
            "depot_id": depot_id,
            "start": "2026-11-23T09:00:00-03:00",
            "end": "2026-11-23T19:00:00-03:00",
        }
        body_of(await office.put(f"/v1/shifts/{shift_id}", json=shift))
        session = await _pair(app, office, driver_id)
        operation.drivers.append(DriverOnDuty(id=driver_id, session=session))
        operation.ids |= {
            "vehicle_id": vehicle_id,
            "driver_id": driver_id,
            "shift_id": shift_id,
        }


async def _pair(app: Any, office: httpx.AsyncClient, driver_id: str) -> str:
    link = body_of(await office.post(f"/v1/drivers/{driver_id}/sign-in-link"))
    async with open_client(app) as phone:
        token = link["url"].partition("#")[2]
        answer = await phone.post("/v1/driver/session", json={"token": token})
        body_of(answer)
    return answer.headers["set-cookie"].partition("=")[2].partition(";")[0]


def order_body(reference: str, number: int, *, day: date = TODAY) -> dict[str, Any]:
    """An order at a door that stands ``number`` steps from the depot."""
    return {
        "reference": reference,
        "date": day.isoformat(),
        "recipient": {
            "name": f"Rosa {reference}",
            "rut": "11.111.111-1",
            "phone": "+56 9 8111 2233",
            "email": f"{reference.lower()}@correo.test",
        },
        "address": f"Suecia {100 * number}",
        "comuna": "Providencia",
        "position": [CENTER[0] + STEP_DEG * (number % 4), CENTER[1] + STEP_DEG * (number // 4)],
        "parcels": [{"barcode": f"{reference}-1", "weight_g": 1000, "volume_ml": 2000}],
    }


async def _take_orders(app: Any, operation: Operation) -> None:
    for shop_number, references in enumerate((("A1", "A2", "A3", "A4"), ("B1", "B2", "B3"))):
        async with open_client(app, **operation.shop(shop_number)) as shop:
            for number, reference in enumerate(references, start=1 + 4 * shop_number):
                day = TOMORROW if reference == "B3" else TODAY
                body = order_body(reference, number, day=day)
                if reference == "A4":
                    del body["position"]
                order = body_of(await shop.post("/v1/orders", json=body))
                operation.orders[reference] = order["id"]
                link = body_of(await shop.post(f"/v1/orders/{order['id']}/tracking-link"))
                operation.tracking[reference] = link["url"].rpartition("/")[2]
            sheet = "referencia;direccion;comuna\nX1;Suecia 900;Providencia\n;;\n"
            files = {"file": ("pedidos.csv", sheet.encode(), "text/csv")}
            done = body_of(await shop.post("/v1/imports", files=files))
            operation.shops[shop_number].import_id = operation.ids["import_id"] = done["id"]


async def _plan(office: httpx.AsyncClient, operation: Operation) -> None:
    asked = {"date": TODAY.isoformat(), "iterations": 500, "seed": 1}
    plan_id = body_of(await office.post("/v1/plans", json=asked))["id"]
    operation.ids["plan_id"] = plan_id
    for _ in range(PLAN_LOOKS_MAX):
        state = body_of(await office.get(f"/v1/plans/{plan_id}"))["summary"]
        if state["state"] == "ready":
            break
        assert state["state"] != "failed", state
        await pause_s(0.05)
    body_of(await office.post(f"/v1/plans/{plan_id}/publish"))


async def _drive(app: Any, clock: MovedClock, operation: Operation) -> None:
    """Both phones take their routes; the first visits two doors."""
    clock.move_to(EIGHT + timedelta(hours=1, minutes=30))
    for number, driver in enumerate(operation.drivers):
        async with open_client(app, **operation.phone(number)) as phone:
            shown = body_of(await phone.get("/v1/driver/route"))
            driver.route_id = shown["route"]["id"]
            driver.stop_ids = [stop["stop_id"] for stop in shown["stops"]]
    operation.drivers.sort(key=lambda driver: -len(driver.stop_ids))
    for number in range(len(operation.drivers)):
        async with open_client(app, **operation.phone(number)) as phone:
            shown = body_of(await phone.get("/v1/driver/route"))
            await _set_out(phone, clock, shown)
            if number == 0:
                await _visit_two(phone, clock, shown["stops"], operation)
    operation.ids |= {
        "driver_id": operation.drivers[0].id,
        "route_id": operation.drivers[0].route_id,
        "stop_id": operation.drivers[0].stop_ids[-1],
    }


async def _set_out(phone: httpx.AsyncClient, clock: MovedClock, shown: dict[str, Any]) -> None:
    events = [event(clock, "route.acknowledged", version=shown["route"]["version"])]
    for stop in shown["stops"]:
        events += [
            event(clock, "parcel.loaded", barcode=parcel["barcode"]) for parcel in stop["parcels"]
        ]
    events += [event(clock, "route.loaded"), event(clock, "route.started")]
    await tell(phone, events)


async def _visit_two(
    phone: httpx.AsyncClient,
    clock: MovedClock,
    stops: list[dict[str, Any]],
    operation: Operation,
) -> None:
    first, second = stops[0], stops[1]
    pictures = [
        await put_picture(phone, clock, first["stop_id"], kind) for kind in ("photo", "signature")
    ]
    door = await arrive(phone, clock, first)
    ending = {
        "outcome": "succeeded",
        "evidence": pictures,
        "receiver": {"name": "Rosa Recibe", "rut": "11.111.111-1", "relation": "recipient"},
    }
    await tell(phone, [event(clock, "stop.closed", **door, **ending)])
    door = await arrive(phone, clock, second)
    photo = await put_picture(phone, clock, second["stop_id"], "photo")
    ending = {"outcome": "failed", "reason": "RECIPIENT_ABSENT", "evidence": [photo]}
    await tell(phone, [event(clock, "stop.closed", **door, **ending)])
    operation.ids |= {
        "evidence_id": pictures[0]["id"],
        "delivered_order_id": first["order_id"],
        "failed_order_id": second["order_id"],
        "closed_stop_id": first["stop_id"],
    }


async def arrive(
    phone: httpx.AsyncClient, clock: MovedClock, stop: dict[str, Any]
) -> dict[str, Any]:
    """Drives there in ten minutes and stands at the door; returns where that is."""
    door = {"stop_id": stop["stop_id"], "position": stop["position"]}
    await tell(phone, [event(clock, "stop.started", stop_id=stop["stop_id"])])
    clock.move_to(clock.now() + timedelta(minutes=10))
    fix = {
        "id": str(derived_id("fix", stop["stop_id"])),
        "at": clock.now().isoformat(),
        "position": stop["position"],
        "accuracy_m": 8.0,
    }
    body_of(await phone.post("/v1/driver/positions", json={"fixes": [fix]}))
    await tell(phone, [event(clock, "stop.arrived", **door)])
    clock.move_to(clock.now() + timedelta(minutes=3))
    return door


def event(clock: MovedClock, kind: str, **content: Any) -> dict[str, Any]:
    """An event that happens now; saying the same at the same instant is the same event."""
    at = clock.now().isoformat()
    told = "".join(f"{key}={value}" for key, value in sorted(content.items()))
    return {"id": str(derived_id("event", kind, at, told)), "type": kind, "occurred_at": at} | (
        content
    )


async def tell(phone: httpx.AsyncClient, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hands events in, all of which must be taken."""
    results = body_of(await phone.post("/v1/driver/events", json={"events": events}))["results"]
    assert {result["status"] for result in results} <= {"accepted", "duplicate"}, results
    return list(results)


async def put_picture(
    phone: httpx.AsyncClient, clock: MovedClock, stop_id: str, kind: str
) -> dict[str, str]:
    """Sends a picture; returns what the event says of it."""
    picture_id = str(derived_id("picture", stop_id, kind))
    draw = draw_photo if kind == "photo" else draw_signature
    fields = {"stop_id": stop_id, "kind": kind, "captured_at": clock.now().isoformat()}
    files = {"file": ("foto.jpg", draw(stop_id), "image/jpeg")}
    answer = await phone.put(f"/v1/driver/evidence/{picture_id}", data=fields, files=files)
    body_of(answer)
    return {"id": picture_id, "kind": kind}


async def _hold_a_place(office: httpx.AsyncClient) -> str:
    """A window of next Monday, whose vans are today's; no order has come for it yet."""
    asked = {"position": list(CENTER)}
    quote = body_of(await office.post("/v1/promises/quote", json=asked))
    quote_id = str(quote["windows"][0]["quote_id"])
    body_of(await office.post(f"/v1/promises/{quote_id}/accept"))
    return quote_id


async def _note_ids(office: httpx.AsyncClient, operation: Operation) -> None:
    """Ids that the platform made on the way."""
    messages = body_of(await office.get("/v1/messages"))["items"]
    order = body_of(await office.get(f"/v1/orders/{operation.ids['delivered_order_id']}"))
    operation.ids |= {
        "message_id": messages[0]["id"],
        "order_id": order["id"],
        "person_id": order["recipient"]["person_id"],
        "token": operation.tracking[order["reference"]],
        "quote_id": await _hold_a_place(office),
        # What was searched is kept in memory, and nobody has searched in this one yet.
        "search_id": str(derived_id("search", operation.name)),
        # A rehearsal takes a forecast, and no history is long enough for one here.
        "rehearsal_id": str(derived_id("rehearsal", operation.name)),
    }


async def _keep_a_calendar(office: httpx.AsyncClient, operation: Operation) -> None:
    """An event of one's own, a file of history, and something said instead of the forecast."""
    sale = {"name": "Venta de bodega", "start": "2026-12-10", "end": "2026-12-11", "uplift": 3}
    made = body_of(await office.post("/v1/demand/events", json=sale))
    operation.ids["event_id"] = made["id"]
    file = {"file": ("historia.csv", b"fecha;comuna;pedidos\n02/11/2026;Providencia;7\n")}
    told = body_of(await office.post("/v1/demand/history/imports", files=file))
    operation.ids["history_id"] = told["id"]
    less = {"start": "2026-12-12", "end": "2026-12-12", "factor": 0.5, "reason": "Feriado local"}
    said = body_of(await office.post("/v1/demand/overrides", json=less))
    operation.ids["override_id"] = said["id"]
