"""What a journey finds done when it begins, through the HTTP API as an integration would do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import Any

import httpx

from promesa.kernel.clock import stopwatch_s
from promesa.kernel.ids import derived_id
from tests.browser.served_morning import PASSWORD, TODAY
from tests.support.client import body_of

CENTER = (-70.6369, -33.4436)
ANSWER_LIMIT_S = 30.0
PLAN_LIMIT_S = 90.0
LOOK_S = 0.2
DRIVERS = ("Dora Fuentes", "Luis Soto")
DOORS = (
    ("A-1001", "Ana Rojas", "Av. Providencia 1234", "Depto 52", (-70.6190, -33.4290)),
    ("A-1002", "Benjamín Díaz", "Suecia 1120", "", (-70.6101, -33.4301)),
    ("A-1003", "Carla Muñoz", "Los Leones 640", "Casa B", (-70.6020, -33.4260)),
    ("A-1004", "Diego Pinto", "Pedro de Valdivia 901", "Depto 1403", (-70.6090, -33.4320)),
)


@dataclass(slots=True, kw_only=True)
class Office:
    """One operator: a signed-in client, who drives for it, and what it promised."""

    url: str
    email: str
    client: httpx.Client
    merchant_id: str = ""
    driver_ids: list[str] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)

    @property
    def session(self) -> str:
        """The secret of the signed-in session, for a browser that need not type it."""
        return next(iter(self.client.cookies.jar)).value or ""

    def post(self, path: str, body: Any = None) -> Any:
        """Posts something that must be taken."""
        return body_of(self.client.post(path, json=body))

    def get(self, path: str, **params: str) -> Any:
        """Reads something that must be there."""
        return body_of(self.client.get(path, params=params))

    def hire(self, drivers: int) -> None:
        """A depot, a shop, and so many vans with a driver each, on duty from nine to seven."""
        shop = {
            "code": "ZAP",
            "name": "Zapatería Andes",
            "phone": "+56222334455",
            "email": "hola@andes.test",
            "position": list(CENTER),
            "address": "Irarrázaval 2434",
        }
        self.merchant_id = self.post("/v1/merchants", shop)["id"]
        depot = {"code": "CD", "name": "CD Ñuñoa", "position": list(CENTER)}
        depot_id = self.post("/v1/depots", depot)["id"]
        for number, name in enumerate(DRIVERS[:drivers], start=1):
            van = {
                "code": f"V-{number}",
                "plate": f"HKTR5{number}",
                "depot_id": depot_id,
                "capacity": {"parcels": 60, "weight_g": 900_000, "volume_ml": 6_000_000},
                "cost_per_km_clp": 180,
            }
            driver = {"code": f"C-{number}", "name": name, "phone": "+56987654321"}
            driver_id = self.post("/v1/drivers", driver)["id"]
            shift = {
                "date": TODAY.isoformat(),
                "driver_id": driver_id,
                "vehicle_id": self.post("/v1/vehicles", van)["id"],
                "depot_id": depot_id,
                "start": f"{TODAY}T09:00:00-03:00",
                "end": f"{TODAY}T19:00:00-03:00",
            }
            body_of(self.client.put(f"/v1/shifts/{derived_id('shift', driver_id)}", json=shift))
            self.driver_ids.append(driver_id)

    def take_orders(self, count: int, *, taken: int = 0, **more: Any) -> None:
        """Orders at doors whose positions are known, after those already ``taken``."""
        for reference, name, address, unit, position in DOORS[taken:count]:
            body = {
                "reference": reference,
                "merchant_id": self.merchant_id,
                "date": TODAY.isoformat(),
                "recipient": {"name": name, "phone": "+56981112233", "email": "casa@correo.test"},
                "address": address,
                "comuna": "Providencia",
                "position": list(position),
                "parcels": [{"barcode": f"{reference}-1", "weight_g": 1200, "volume_ml": 9000}],
                **({"unit": unit} if unit else {}),
                **more,
            }
            self.orders[reference] = self.post("/v1/orders", body)["id"]

    def scan_back(self, *references: str) -> None:
        """The depot scans the first parcel of each order as come back."""
        depot_id = self.get("/v1/depots")["items"][0]["id"]
        scans = [
            {
                "id": str(derived_id("scan", reference)),
                "barcode": f"{reference}-1",
                "depot_id": depot_id,
                "occurred_at": f"{TODAY}T20:00:00-03:00",
                "kind": "returned",
            }
            for reference in references
        ]
        self.post("/v1/depot/scans", {"scans": scans})

    def publish_plan(self) -> None:
        """Plans today and sends it to the phones."""
        asked = {"date": TODAY.isoformat(), "iterations": 500, "seed": 1}
        plan_id = self.post("/v1/plans", asked)["id"]
        ends = stopwatch_s() + PLAN_LIMIT_S
        while (summary := self.get(f"/v1/plans/{plan_id}")["summary"])["state"] != "ready":
            assert summary["state"] in {"queued", "running"}, summary
            assert stopwatch_s() < ends, summary
            Event().wait(LOOK_S)
        self.post(f"/v1/plans/{plan_id}/publish")

    def driver_url(self, number: int = 0) -> str:
        """A sign-in link as the torre hands it out."""
        return str(self.post(f"/v1/drivers/{self.driver_ids[number]}/sign-in-link")["url"])

    def tracking_url(self, reference: str) -> str:
        """The page of who waits for an order."""
        return str(self.post(f"/v1/orders/{self.orders[reference]}/tracking-link")["url"])


def open_office(url: str, email: str) -> Office:
    """Signs the administrator in."""
    client = httpx.Client(base_url=url, timeout=ANSWER_LIMIT_S, trust_env=False)
    body_of(client.post("/v1/session", json={"email": email, "password": PASSWORD}))
    return Office(url=url, email=email, client=client)
