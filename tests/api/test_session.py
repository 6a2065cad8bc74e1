"""Signing in: cookies nobody can read or send from elsewhere, and answers that tell nothing."""

from __future__ import annotations

from promesa.domain.actor import GRANTS, Role
from tests.support.client import body_of, problem_of
from tests.support.operation import PASSWORD
from tests.support.platform import Stage

ADMIN = {"email": "admin@norte.test", "password": PASSWORD}


async def test_a_person_signs_in_and_is_told_what_that_allows(stage: Stage) -> None:
    async with stage.client() as visitor:
        answer = await visitor.post("/v1/session", json=ADMIN)
        session = body_of(answer)
    assert session["actor"]["role"] == Role.ADMINISTRATOR.value
    assert session["tenant"]["name"] == "norte"
    # The screens show what these allow and keep no list of their own.
    assert session["permissions"] == sorted(GRANTS[Role.ADMINISTRATOR])


async def test_the_cookie_is_for_this_site_and_for_no_script(stage: Stage) -> None:
    async with stage.client() as visitor:
        answer = await visitor.post("/v1/session", json=ADMIN)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie


async def test_over_https_the_cookie_never_travels_in_the_clear(stage: Stage) -> None:
    stage.platform.public_url = "https://promesa.example"
    async with stage.client() as visitor:
        answer = await visitor.post("/v1/session", json=ADMIN)
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_wrong_password_and_an_unknown_person_look_the_same(stage: Stage) -> None:
    async with stage.client() as visitor:
        wrong = await visitor.post("/v1/session", json=ADMIN | {"password": "otra-contraseña"})
        unknown = await visitor.post("/v1/session", json=ADMIN | {"email": "nadie@norte.test"})
    one, other = problem_of(wrong, 403), problem_of(unknown, 403)
    del one["request_id"], other["request_id"]
    assert one == other


async def test_signing_out_ends_the_session_for_whoever_has_the_cookie(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as browser:
        body_of(await browser.get("/v1/session"))
        assert (await browser.delete("/v1/session")).status_code == 204
        problem_of(await browser.get("/v1/session"), 401)
