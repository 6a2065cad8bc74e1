"""Every operation of the API with a content that is good in a given operator's hands.

Walls are tried with it from outside, and the description is tried with it from inside; a route
that is not here makes both fail, so that a new one is never forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar.routes import HTTPRoute

from promesa.api.app import join_routers
from promesa.kernel.ids import derived_id
from promesa.runtime.settings import Settings
from promesa.simulator.pictures import draw_photo
from tests.support.operation import CENTER, PASSWORD, TODAY, TOMORROW, Operation, order_body

Content = dict[str, Any]

_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one address, with what its handler says about access."""

    method: str
    template: str
    access: object

    @property
    def name(self) -> str:
        """As in a description of the API."""
        plain = _PARAMETER.sub(r"{\1}", self.template)
        return f"{self.method} {plain}"

    @property
    def parameters(self) -> list[str]:
        """Names in the path."""
        return _PARAMETER.findall(self.template)

    def path(self, values: dict[str, str]) -> str:
        """The address with its parameters filled in."""
        return _PARAMETER.sub(lambda found: values[found[1]], self.template)

    @property
    def is_safe(self) -> bool:
        """Whether it changes nothing."""
        return self.method in SAFE


def list_routes() -> list[Route]:
    """Every method of every address, but the answers to OPTIONS that Litestar adds."""
    return sorted(_routes(), key=lambda route: (route.template, route.method))


def _routes() -> Iterator[Route]:
    joined = join_routers(is_demo=False, body_bytes_max=Settings().server.body_bytes_max)
    for route in joined.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for method, (handler, _) in route.route_handler_map.items():
            if method not in {"OPTIONS", "HEAD"}:
                yield Route(
                    method=str(method), template=route.path, access=handler.opt.get("access")
                )


def path_values(operation: Operation) -> dict[str, str]:
    """What stands for each parameter of a path."""
    return operation.ids | {"key": "otd", "path": "index.html", "kind": "csv"}


def good_values(route: Route, operation: Operation) -> dict[str, str]:
    """The same, with an order or a page for which the call makes sense this morning."""
    values, orders = path_values(operation), operation.orders
    if route.name in {"PATCH /v1/orders/{order_id}", "POST /v1/orders/{order_id}/reschedule"}:
        return values | {"order_id": orders["B3"]}
    if route.name.startswith("POST /v1/address-reviews/") or route.name.endswith("_id}/cancel"):
        return values | {"order_id": orders["A4"]}
    if route.name.endswith("{order_id}/return"):
        return values | {"order_id": operation.ids["failed_order_id"]}
    if route.name.startswith("POST /v1/track/") and not route.name.endswith("/rating"):
        return values | {"token": operation.tracking["B3"]}
    return values


def content_of(route: Route, operation: Operation) -> Content:
    """Body, form and query of a good call, as httpx takes them."""
    made = _QUERIES.get(route.name, {}) | _BODIES.get(route.name, lambda _: {})(operation)
    return dict(made)


def event_id(route: str, operation: Operation) -> str:
    """An id that a device gives to what it tells."""
    return str(derived_id("call", route, operation.name))


def _json(**body: Any) -> Content:
    return {"json": body}


def _vehicle(operation: Operation, code: str) -> Content:
    return _json(
        code=code,
        plate=f"BCDF{code[-1]}0",
        depot_id=operation.ids["depot_id"],
        capacity={"parcels": 10, "weight_g": 100_000, "volume_ml": 1_000_000},
    )


def _shift(operation: Operation) -> Content:
    return _json(
        date=TOMORROW.isoformat(),
        driver_id=operation.ids["driver_id"],
        vehicle_id=operation.ids["vehicle_id"],
        depot_id=operation.ids["depot_id"],
        start="2026-11-24T09:00:00-03:00",
        end="2026-11-24T19:00:00-03:00",
    )


def _new_order(operation: Operation) -> Content:
    return {"json": order_body("NUEVO", 2) | {"merchant_id": operation.shops[0].id}}


def _evidence(operation: Operation) -> Content:
    return {
        "data": {
            "stop_id": operation.ids["stop_id"],
            "kind": "photo",
            "captured_at": "2026-11-23T10:00:00-03:00",
        },
        "files": {"file": ("foto.jpg", draw_photo("x"), "image/jpeg")},
    }


def _event(operation: Operation) -> Content:
    told = {
        "id": event_id("driver", operation),
        "type": "stop.started",
        "occurred_at": "2026-11-23T09:55:00-03:00",
        "stop_id": operation.ids["stop_id"],
    }
    return _json(events=[told])


def _fix(operation: Operation) -> Content:
    fix = {
        "id": event_id("fix", operation),
        "at": "2026-11-23T09:55:00-03:00",
        "position": list(CENTER),
    }
    return _json(fixes=[fix])


def _scan(operation: Operation) -> Content:
    scan = {
        "id": event_id("scan", operation),
        "barcode": "B3-1",
        "depot_id": operation.ids["depot_id"],
        "occurred_at": "2026-11-23T09:55:00-03:00",
        "kind": "received",
    }
    return _json(scans=[scan])


def _moves(operation: Operation) -> Content:
    move = {
        "stop_id": operation.ids["stop_id"],
        "to_route_id": operation.drivers[1].route_id,
    }
    return _json(moves=[move])


_TERMS: Content = {
    "windows": [{"name": "Todo", "start": "09:00:00", "end": "20:00:00", "weekdays": [0, 1]}],
    "cutoff": "17:00:00",
    "lead_days": 1,
    "horizon_days": 10,
    "closed": ["2026-12-25"],
    "kept_min": 0.9,
    "day_later_clp": 500,
    "broken_clp": 9000,
    "quote_min": 10,
    "hold_min": 30,
}

_DAY: Content = {"params": {"date": TODAY.isoformat()}}

_QUERIES: dict[str, Content] = {
    "GET /v1/shifts": _DAY,
    "GET /v1/plans": _DAY,
    "GET /v1/plans/due": _DAY,
    "GET /v1/routes": _DAY,
    "GET /v1/reports/day": _DAY,
    "GET /v1/reports/day.csv": _DAY,
    "GET /v1/reports/day/{key}/rows": _DAY,
    "GET /v1/reports/day/{key}/rows.csv": _DAY,
    "GET /v1/day/closing": _DAY,
    "GET /v1/depot/board": _DAY,
    "GET /v1/depot/parcels": _DAY,
    "GET /v1/exports/report": _DAY,
    "GET /v1/exports/routes/{kind}": _DAY,
    "GET /v1/addresses/suggest": {"params": {"q": "Suecia"}},
    "GET /v1/addresses/locate": {"params": {"address": "Suecia 100"}},
}

_BODIES: dict[str, Any] = {
    "POST /v1/demand/events": lambda _: _json(
        name="Liquidación", kind="campaign", start="2026-12-01", end="2026-12-03", uplift=2.0
    ),
    "PUT /v1/demand/events/{event_id}": lambda _: _json(
        name="Liquidación", kind="campaign", start="2026-12-01", end="2026-12-02", uplift=2.5
    ),
    "POST /v1/demand/history/imports": lambda _: {
        "files": {"file": ("h.csv", b"fecha;comuna;pedidos\n2026-11-02;Macul;3\n", "text/csv")},
        "params": {"dry_run": "true"},
    },
    "POST /v1/demand/overrides": lambda _: _json(
        start="2026-12-01", end="2026-12-02", factor=1.2, reason="Campaña de un comercio"
    ),
    "PUT /v1/capacity/terms": lambda _: _json(
        depot="CD", contract_vehicles=4, contract_carrier="Ruta Sur", contract_day_cost_clp=90_000
    ),
    "POST /v1/capacity/roster/proposal": lambda _: _json(),
    "PUT /v1/capacity/roster/cells": lambda op: _json(
        cells=[{"driver_id": op.ids["driver_id"], "day": "2026-11-30", "is_away": True}]
    ),
    "PUT /v1/capacity/roster/week": lambda _: _json(day=TOMORROW.isoformat()),
    "PUT /v1/capacity/labour-rules": lambda _: _json(
        rows=[{"kind": "week_hours_max", "value": 40, "source": "Contrato colectivo"}]
    ),
    "POST /v1/rehearsals": lambda _: _json(first=TOMORROW.isoformat(), last=TOMORROW.isoformat()),
    "POST /v1/capacity/what-if": lambda _: _json(vehicles_less=1),
    "POST /v1/demand/calendar/chile": lambda _: _json(years=[2026]),
    "POST /v1/session": lambda op: _json(email=f"admin@{op.name}.test", password=PASSWORD),
    "POST /v1/users": lambda op: _json(
        email=f"nueva@{op.name}.test", name="Nueva", role="bodega", password=PASSWORD
    ),
    "PATCH /v1/users/{user_id}": lambda _: _json(is_active=True),
    "POST /v1/orders/{order_id}/price": lambda _: _json(windows=[]),
    "POST /v1/plans/{plan_id}/price": lambda op: _json(shift_id=op.ids["shift_id"]),
    "POST /v1/merchants": lambda _: _json(code="C", name="Tienda C"),
    "PUT /v1/merchants/{merchant_id}": lambda _: _json(code="A", name="Tienda A", rut="76123456-0"),
    "POST /v1/webhooks": lambda op: _json(
        url="http://127.0.0.1:9/x", merchant_id=op.ids["merchant_id"]
    ),
    "POST /v1/depots": lambda _: _json(code="N", name="Norte", position=list(CENTER)),
    "PUT /v1/depots/{depot_id}": lambda _: _json(
        code="CD", name="Centro", position=list(CENTER), opens="07:00:00", closes="22:00:00"
    ),
    "POST /v1/vehicles": lambda op: _vehicle(op, "V-9"),
    "PUT /v1/vehicles/{vehicle_id}": lambda op: _vehicle(op, "V-8"),
    "POST /v1/drivers": lambda _: _json(code="C-9", name="Nora"),
    "PUT /v1/drivers/{driver_id}": lambda _: _json(code="C-8", name="Nadia"),
    "PUT /v1/shifts/{shift_id}": _shift,
    "POST /v1/shifts/copy": lambda _: _json(
        from_date=TODAY.isoformat(), to_date=TOMORROW.isoformat()
    ),
    "POST /v1/orders": _new_order,
    "PUT /v1/orders": lambda op: _json(orders=[_new_order(op)["json"]]),
    "PATCH /v1/orders/{order_id}": lambda _: _json(version=1, instructions="Tocar dos veces"),
    "POST /v1/orders/{order_id}/change-preview": lambda _: _json(
        version=1, instructions="Tocar tres veces"
    ),
    "POST /v1/orders/{order_id}/cancel": lambda _: _json(),
    "POST /v1/orders/{order_id}/reschedule": lambda _: _json(date="2026-11-25"),
    "POST /v1/orders/{order_id}/return": lambda _: _json(),
    "POST /v1/imports": lambda op: {
        "data": {"merchant_id": op.shops[0].id},
        "files": {"file": ("x.csv", b"referencia;direccion\nZ1;Suecia 800\n", "text/csv")},
        "params": {"dry_run": "true"},
    },
    "POST /v1/address-reviews/{order_id}": lambda _: _json(accept=True),
    "POST /v1/address-reviews/accept": lambda op: _json(order_ids=[op.orders["A4"]]),
    "POST /v1/address-reviews/reopen": lambda op: _json(order_ids=[op.orders["A4"]]),
    "POST /v1/plans": lambda _: _json(date=TOMORROW.isoformat(), iterations=200),
    "POST /v1/day/close": lambda _: _json(date="2026-11-20"),
    "POST /v1/routes/{route_id}/breakdown": lambda _: _json(note="correa"),
    "POST /v1/routes/{route_id}/proposal/accept": _moves,
    "POST /v1/routes/{route_id}/reconcile": lambda _: _json(counted_clp=0),
    "POST /v1/stops/{stop_id}/decision": lambda _: _json(decision="seen"),
    "POST /v1/stops/{stop_id}/move": lambda op: _json(to_route_id=op.drivers[1].route_id),
    "POST /v1/promises/quote": lambda _: _json(position=list(CENTER)),
    "PUT /v1/promises/terms": lambda _: _json(**_TERMS),
    "POST /v1/driver/session": lambda _: _json(token="no-such-link-no-such-link"),
    "POST /v1/driver/events": _event,
    "PUT /v1/driver/evidence/{evidence_id}": _evidence,
    "POST /v1/driver/positions": _fix,
    "POST /v1/positions/traccar": lambda _: _json(device_id="nobody"),
    "POST /v1/depot/scans": _scan,
    "POST /v1/track/{token}/instructions": lambda _: _json(text="Dejar en conserjería"),
    "POST /v1/track/{token}/safe-place": lambda _: _json(place="Conserjería"),
    "POST /v1/track/{token}/address": lambda _: _json(address="Suecia 101", unit="4B"),
    "POST /v1/track/{token}/messages": lambda _: _json(declined=["sms"]),
    "POST /v1/track/{token}/reschedule": lambda _: _json(date="2026-11-26"),
    "POST /v1/track/{token}/rating": lambda _: _json(score=5),
}


def nobodys(values: dict[str, str]) -> dict[str, str]:
    """The same parameters with ids that exist nowhere."""
    return {
        name: str(derived_id("nobody's", name)) if _is_id(value) else value
        for name, value in values.items()
    }


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
