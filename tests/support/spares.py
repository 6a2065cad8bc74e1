"""Nouns of their own for calls that use a noun up: a link opens once, an order is called off once.

They are made through the API by who makes them in life, in the hands of one operator.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from promesa.kernel.ids import derived_id
from tests.support.calls import Content
from tests.support.client import body_of
from tests.support.operation import CENTER, TOMORROW, Operation, order_body
from tests.support.platform import Stage

# Each changes or ends its order, so no two may share one.
_ON_AN_ORDER: Final = (
    "PATCH /v1/orders/{order_id}",
    "POST /v1/orders/{order_id}/cancel",
    "POST /v1/orders/{order_id}/change-preview",
    "POST /v1/orders/{order_id}/reschedule",
)
_ON_A_LINK: Final = (
    "POST /v1/track/{token}/cancel",
    "POST /v1/track/{token}/instructions",
    "POST /v1/track/{token}/messages",
    "POST /v1/track/{token}/reschedule",
    "POST /v1/track/{token}/safe-place",
)
_ON_A_WEBHOOK: Final = (
    "DELETE /v1/webhooks/{webhook_id}",
    "GET /v1/webhooks/{webhook_id}/deliveries",
    "POST /v1/webhooks/{webhook_id}/test",
)
_ON_A_DOUBT: Final = (
    "POST /v1/address-reviews/{order_id}",
    "POST /v1/address-reviews/accept",
    "POST /v1/address-reviews/reopen",
)
# These name the orders in their body.
_ON_ORDERS_OF_A_DOUBT: Final = frozenset(_ON_A_DOUBT[1:])


@dataclass(slots=True, kw_only=True)
class Spares:
    """What differs from a call of ``tests.support.calls``, by the route's name."""

    values: dict[str, dict[str, str]] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)


async def make_spares(stage: Stage, operation: Operation) -> Spares:
    """One noun for each call that uses one up."""
    spares = Spares()
    async with stage.client(operation.shop()) as shop:
        for name in (*_ON_AN_ORDER, *_ON_A_LINK, *_ON_A_DOUBT):
            order_id = await _place(shop, name)
            spares.values[name] = {"order_id": order_id}
            if name in _ON_A_LINK:
                link = body_of(await shop.post(f"/v1/orders/{order_id}/tracking-link"))
                spares.values[name]["token"] = link["url"].rpartition("/")[2]
            if name in _ON_ORDERS_OF_A_DOUBT:
                spares.contents[name] = {"json": {"order_ids": [order_id]}}
        # Its own: a merchant sees no other's.
        hook = body_of(await shop.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/own"}))
        for name in _ON_A_WEBHOOK:
            spares.values[name] = {"webhook_id": hook["id"]}
    failed = next(
        operation.tracking[reference]
        for reference, order_id in operation.orders.items()
        if order_id == operation.ids["failed_order_id"]
    )
    spares.values["POST /v1/track/{token}/return"] = {"token": failed}
    spares.values["PUT /v1/driver/evidence/{evidence_id}"] = {
        "evidence_id": str(derived_id("spare picture", operation.name))
    }
    # The proposal was accepted before: the stop goes back to where it was.
    back = {"json": {"to_route_id": operation.drivers[0].route_id}}
    spares.contents["POST /v1/stops/{stop_id}/move"] = back
    await _bind_phones(stage, operation, spares)
    for name in ("GET /v1/imports/{import_id}", "GET /v1/imports/{import_id}/rejected.csv"):
        spares.values[name] = {"import_id": operation.shops[0].import_id}
    return spares


async def _place(shop: Any, name: str) -> str:
    body = order_body(derived_id(name).hex[:12], 2, day=TOMORROW)
    if name in _ON_A_DOUBT:
        del body["position"]
    return str(body_of(await shop.post("/v1/orders", json=body))["id"])


async def _bind_phones(stage: Stage, operation: Operation, spares: Spares) -> None:
    """A link to sign in with, and the secret of a phone that reports positions."""
    async with stage.client(operation.session()) as office:
        path = f"/v1/drivers/{operation.drivers[1].id}/sign-in-link"
        token = body_of(await office.post(path))["url"].partition("#")[2]
    async with stage.client(operation.phone(1)) as phone:
        device_id = body_of(await phone.post("/v1/driver/pairing"))["device_id"]
    at = stage.clock.now()
    spares.contents["POST /v1/driver/session"] = {"json": {"token": token}}
    spares.contents["POST /v1/positions/traccar"] = {
        "json": {
            "device_id": device_id,
            "location": {
                "timestamp": at.isoformat(),
                "coords": {"latitude": CENTER[1], "longitude": CENTER[0], "accuracy": 8},
            },
        }
    }
    for method in ("GET", "POST"):
        spares.contents[f"{method} /v1/positions/osmand"] = {
            "params": {
                "id": device_id,
                "lat": str(CENTER[1]),
                "lon": str(CENTER[0]),
                "timestamp": str(int(at.timestamp())),
            }
        }
