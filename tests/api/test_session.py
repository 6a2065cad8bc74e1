"""Signing in: cookies nobody can read or send from elsewhere, and answers that tell nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from promesa.domain.actor import GRANTS, Role
from promesa.runtime.sign_in_tries import TRIES_OF_EMAIL_FROM_PLACE_MAX
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


async def test_who_guesses_is_told_to_wait_and_then_the_right_password_opens(stage: Stage) -> None:
    async with stage.client() as visitor:
        wrong = ADMIN | {"password": "otra-contraseña"}
        for _ in range(TRIES_OF_EMAIL_FROM_PLACE_MAX):
            problem_of(await visitor.post("/v1/session", json=wrong), 403)
        refused = await visitor.post("/v1/session", json=ADMIN)
        assert problem_of(refused, 429)["code"] == "too_many_tries"
        wait_s = int(refused.headers["retry-after"])
        stage.clock.move_to(stage.clock.now() + timedelta(seconds=wait_s))
        body_of(await visitor.post("/v1/session", json=ADMIN))


async def test_an_erased_person_of_the_torre_no_longer_comes_in(stage: Stage) -> None:
    """Nothing that the e-mail fits is left, and the sessions end; the last administrator stays."""
    reader = {
        "email": "lee@norte.test",
        "name": "Lea",
        "role": "solo_lectura",
        "password": PASSWORD,
    }
    async with stage.client(stage.norte.session()) as office:
        who = body_of(await office.post("/v1/users", json=reader))
        async with stage.platform.transaction(stage.norte.tenant_id) as tx:
            people = {user.id: user.person_id for user in await tx.access.list_users()}
        await office.delete(f"/v1/people/{people[UUID(who['id'])]}")
        me = UUID(body_of(await office.get("/v1/session"))["actor"]["id"])
        problem_of(await office.delete(f"/v1/people/{people[me]}"), 409)
    digest = await stage.platform.directory.digest_email(reader["email"])
    assert await stage.platform.directory.find_users_by_email(digest) == []
    async with stage.client() as visitor:
        entering = {"email": reader["email"], "password": PASSWORD}
        problem_of(await visitor.post("/v1/session", json=entering), 403)


async def test_a_new_password_ends_the_sessions_that_the_old_one_opened(stage: Stage) -> None:
    """But the one that asks for it."""
    async with stage.client() as thief:
        body_of(await thief.post("/v1/session", json=ADMIN))
        async with stage.client(stage.norte.session()) as office:
            me = body_of(await office.get("/v1/session"))["actor"]["id"]
            new = {"password": "otra-contraseña-larga"}
            body_of(await office.patch(f"/v1/users/{me}", json=new))
            body_of(await office.get("/v1/session"))
        problem_of(await thief.get("/v1/session"), 401)


async def test_a_driver_who_drives_no_more_has_a_phone_that_opens_nothing(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office, stage.client() as phone:
        driver_id = stage.norte.drivers[0].id
        path = f"/v1/drivers/{driver_id}"
        link = body_of(await office.post(f"{path}/sign-in-link"))["url"].partition("#")[2]
        drivers = body_of(await office.get("/v1/drivers"))["items"]
        known = next(each for each in drivers if each["id"] == driver_id)
        gone = {"code": known["code"], "name": known["name"], "is_active": False}
        async with stage.client(stage.norte.phone()) as signed_in:
            paired = body_of(await signed_in.post("/v1/driver/pairing"))
            body_of(await office.put(path, json=gone))
            problem_of(await signed_in.get("/v1/driver/route"), 401)
        problem_of(await phone.post("/v1/driver/session", json={"token": link}), 404)
        told = {"id": paired["device_id"], "lat": "-33.44", "lon": "-70.63", "timestamp": "0"}
        problem_of(await phone.get("/v1/positions/osmand", params=told), 404)
