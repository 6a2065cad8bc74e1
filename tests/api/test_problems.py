"""One shape for every refusal (RFC 9457), with a stable code and a sentence in Spanish."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from promesa.domain.actor import Role
from promesa.kernel.ids import derived_id
from tests.support.client import body_of, problem_of
from tests.support.platform import Stage
from tests.support.postgres import TestServer

NOBODY = derived_id("nobody")
# Category, method, path, body, status, code.
REFUSALS: list[tuple[str, str, Any, int, str]] = [
    ("GET", "/v1/orders?limit=0", None, 400, "bad_request"),
    ("POST", "/v1/merchants", {"code": "C"}, 422, "body_invalid"),
    ("POST", "/v1/merchants", {"code": "C", "name": "C", "rut": "1-1"}, 422, "rut_invalid"),
    ("GET", f"/v1/orders/{NOBODY}", None, 404, "not_found"),
    ("GET", "/v1/nowhere", None, 404, "not_found"),
    ("GET", "/v1/orders/no-uuid", None, 404, "not_found"),
    ("PUT", "/v1/session", None, 405, "method_not_allowed"),
    ("POST", "/v1/session", {"email": "a@b.cl", "password": "x"}, 403, "sign_in_refused"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), REFUSALS)
async def test_every_refusal_has_the_same_shape(
    stage: Stage, method: str, path: str, body: Any, status: int, code: str
) -> None:
    async with stage.client(stage.norte.session()) as office:
        answer = await office.request(method, path, json=body)
    problem = problem_of(answer, status)
    assert problem["code"] == code
    assert problem["type"] == f"/errors/{problem['code']}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    # What no handler of ours was found for has no id: nothing was done that could be looked up.
    assert problem.get("request_id") == answer.headers.get("x-request-id")
    assert answer.headers["cache-control"] == "no-store"


async def test_the_second_of_a_kind_is_a_conflict_not_a_crash(stage: Stage) -> None:
    """Codes are unique in an operator; saying one twice is somebody's mistake, never ours."""
    spot = [-70.6, -33.4]
    bodies = {
        "/v1/depots": {"code": "CD", "name": "Otro", "position": spot},
        "/v1/merchants": {"code": "A", "name": "Otra"},
        "/v1/drivers": {"code": "C-1", "name": "Otra"},
        "/v1/vehicles": {
            "code": "V-1",
            "plate": "BCDF98",
            "depot_id": stage.norte.ids["depot_id"],
            "capacity": {"parcels": 1, "weight_g": 1, "volume_ml": 1},
        },
        "/v1/users": {
            "email": "admin@norte.test",
            "name": "Otra",
            "role": "bodega",
            "password": "una-clave-bien-larga",
        },
    }
    async with stage.client(stage.norte.session()) as office:
        for path, body in bodies.items():
            problem_of(await office.post(path, json=body), 409)


async def test_a_parameter_that_is_missing_is_named(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await office.get("/v1/routes"), 400)
    assert problem["errors"] == [
        {"field": "date", "reason": "Falta este parámetro.", "row": None, "code": "missing"}
    ]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("date=ayer", "No es una fecha como 2026-11-23."),
        ("state=perdido", "No es una de las opciones: 'perdido'."),
        ("merchant_id=1", "No es un identificador (UUID)."),
        ("limit=0", "Debe ser número entero de 1 o más."),
    ],
)
async def test_a_parameter_that_cannot_be_read_says_why_in_spanish(
    stage: Stage, query: str, reason: str
) -> None:
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await office.get(f"/v1/orders?{query}"), 400)
    asked = query.partition("=")[0]
    found = [(fault["field"], fault["reason"]) for fault in problem["errors"]]
    assert found == [(asked, reason)]


async def test_a_parameter_that_nobody_knows_is_refused_by_name(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await office.get("/v1/orders?zzz=1&limit=1"), 422)
        body_of(await office.get("/v1/orders?limit=1&date=2026-11-23&state=confirmed"))
        # A page is no part of the API: links carry what mail programs add to them.
        assert (await office.get("/torre?utm_source=x")).status_code < 400
    assert problem["code"] == "parameter_unknown"
    assert [fault["field"] for fault in problem["errors"]] == ["zzz"]


async def test_a_dead_link_is_told_the_same_whatever_its_form(stage: Stage) -> None:
    async with stage.client({}) as anybody:
        for path in ("", "/stream", "/photo", "/proof.pdf"):
            short = problem_of(await anybody.get(f"/v1/track/zzz{path}"), 404)
            wrong = problem_of(await anybody.get(f"/v1/track/{'z' * 43}{path}"), 404)
            assert short["code"] == wrong["code"]
            assert "errors" not in short


async def test_an_empty_body_is_told_in_spanish(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await office.post("/v1/orders"), 400)
    assert [fault["reason"] for fault in problem["errors"]] == [
        "Falta el contenido. Envíalo como JSON."
    ]


async def test_ready_says_no_while_the_database_is_away(stage: Stage, postgres: TestServer) -> None:
    name = stage.platform.settings.database.url.rpartition("/")[2].partition("?")[0]
    owner = await asyncpg.connect(postgres.server.owner_dsn)
    async with stage.client() as prober:
        assert (await prober.get("/readyz")).status_code == 200
        await owner.execute(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        await owner.close()
        await stage.platform.database._engine.dispose()  # type: ignore[attr-defined]
        problem = problem_of(await prober.get("/readyz"), 503)
        assert (await prober.get("/healthz")).status_code == 200
    assert problem["code"]


async def test_metrics_name_no_person_and_no_secret(stage: Stage) -> None:
    async with stage.client() as prober:
        text = (await prober.get("/metrics")).text
    assert "promesa" in text
    for word in ("Rosa", stage.norte.ids["token"], stage.norte.shops[0].key):
        assert word not in text


async def test_a_null_character_is_refused_and_not_a_mistake_of_ours(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        order = body_of(await office.get("/v1/orders"))["items"][0]
        change = {"version": order["version"], "tags": {"NOTA": "a\x00b"}}
        kept = await office.patch(f"/v1/orders/{order['id']}", json=change)
        looked_for = await office.get("/v1/orders", params={"q": "a\x00b"})
    (fault,) = problem_of(kept, 422)["errors"]
    assert fault["code"] == "character_invalid"
    assert problem_of(looked_for, 422)["code"] == "character_invalid"


async def test_the_hours_of_a_depot_have_no_offset(stage: Stage) -> None:
    depot = {"code": "CD-9", "name": "CD", "position": [-70.65, -33.45], "closes": "19:00:00"}
    async with stage.client(stage.norte.session(Role.ADMINISTRATOR)) as office:
        answer = await office.post("/v1/depots", json=depot | {"opens": "08:00:00Z"})
    assert problem_of(answer, 422)["code"] == "body_invalid"


@pytest.mark.parametrize("key", ["Bearer pk_false", "Bearer", "Basic YTpi"])
async def test_a_key_that_opens_nothing_is_told_so(stage: Stage, key: str) -> None:
    async with stage.client({"authorization": key}) as shop:
        refused = problem_of(await shop.get("/v1/orders"), 401)
        header = (await shop.get("/v1/orders")).headers["www-authenticate"]
    assert refused["code"] == "api_key_invalid"
    assert refused["title"] == "La llave de la API no es válida."
    assert header == "Bearer"


async def test_a_recipients_link_that_expired_says_so(stage: Stage) -> None:
    token = next(iter(stage.norte.tracking.values())).rpartition("/")[2]
    async with stage.client() as visitor:
        body_of(await visitor.get(f"/v1/track/{token}"))
        stage.clock.move_to(stage.clock.now() + timedelta(days=31))
        refused = problem_of(await visitor.get(f"/v1/track/{token}"), 404)
    assert refused["code"] == "link_ended"
    assert refused["detail"] == "Este enlace ya no sirve. Pide uno nuevo."


async def test_the_description_says_how_to_sign_in_and_how_each_operation_refuses(
    stage: Stage,
) -> None:
    async with stage.client() as visitor:
        description = body_of(await visitor.get("/schema/openapi.json"))
    place = description["paths"]["/v1/orders"]["post"]
    schemes = description["components"]["securitySchemes"]
    assert schemes["api_key"]["scheme"] == "bearer"
    assert place["security"] == [{"api_key": []}, {"session": []}]
    assert all(name in schemes for choice in place["security"] for name in choice)
    refusals = {status: place["responses"][status] for status in place["responses"] if status > "3"}
    assert set(refusals) == {"400", "401", "403", "409", "413", "422"}
    for refusal in refusals.values():
        (kind,) = refusal["content"]
        assert kind == "application/problem+json"
        assert refusal["content"][kind]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "404" in description["paths"]["/v1/orders/{order_id}"]["get"]["responses"]
    assert "security" not in description["paths"]["/v1/session"]["post"]


@pytest.mark.parametrize(("field", "value"), [("code", "dos palabras"), ("phone", "123")])
async def test_a_merchant_that_is_refused_says_which_field(
    stage: Stage, field: str, value: str
) -> None:
    body = {"code": "N", "name": "Nueva", field: value}
    async with stage.client(stage.norte.session(Role.ADMINISTRATOR)) as office:
        problem = problem_of(await office.post("/v1/merchants", json=body), 422)
    assert [fault["field"] for fault in problem["errors"]] == [field]
    assert problem["errors"][0]["reason"]
