"""Proof and its erasure: the page is a PDF, the chain verifies, also when the person is gone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from promesa.dispatch.customer_actions import comment_id_of
from promesa.domain.person import Person
from promesa.kernel.ids import derived_id
from promesa.proof.repository import Evidence, EvidenceKind
from promesa.simulator.pictures import draw_photo
from tests.api.test_driver import next_stop
from tests.support.client import body_of, problem_of
from tests.support.operation import arrive, event, put_picture, tell
from tests.support.platform import Stage


async def story_of(client: httpx.AsyncClient, order_id: str) -> Any:
    return body_of(await client.get(f"/v1/orders/{order_id}/story"))


async def test_the_proof_of_a_delivery_is_a_pdf(stage: Stage) -> None:
    order_id = stage.norte.ids["delivered_order_id"]
    async with stage.client(stage.norte.session()) as office:
        answer = await office.get(f"/v1/orders/{order_id}/proof.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) > 5_000


async def test_the_custody_of_each_parcel_is_a_chain(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        story = await story_of(office, stage.norte.ids["delivered_order_id"])
    (chain,) = story["custody"]
    assert chain["is_intact"]
    assert [entry["holder_kind"] for entry in chain["entries"]][-1] == "recipient"
    assert [entry["sequence"] for entry in chain["entries"]] == [1, 2]


async def test_an_erased_person_leaves_a_chain_that_verifies_and_a_proof(stage: Stage) -> None:
    """Name, door and pictures are gone; what happened stays, and still holds."""
    ids = stage.norte.ids
    async with stage.client(stage.norte.session()) as office:
        before = await story_of(office, ids["delivered_order_id"])
        person = before["order"]["recipient"]["person_id"]
        assert (await office.delete(f"/v1/people/{person}")).status_code == 204
        after = await story_of(office, ids["delivered_order_id"])
        picture = await office.get(f"/v1/evidence/{ids['evidence_id']}")
        proof = await office.get(f"/v1/orders/{ids['delivered_order_id']}/proof.pdf")
        again = await office.delete(f"/v1/people/{person}")
        search = body_of(await office.get("/v1/orders", params={"q": "Rosa"}))
    problem_of(picture, 404)
    assert proof.content.startswith(b"%PDF-")
    assert again.status_code in {204, 404}
    assert after["custody"] == before["custody"]
    assert after["custody"][0]["is_intact"]
    assert {fact["event_id"] for fact in before["facts"]} <= {
        fact["event_id"] for fact in after["facts"]
    }
    reference = before["order"]["reference"]
    assert f"Rosa {reference}" not in str(after)
    assert reference not in {order["reference"] for order in search["items"]}


async def test_a_photo_that_no_closing_names_is_kept_and_proves_nothing(stage: Stage) -> None:
    """A failure was taken back; its photo arrives after the delivery that was made instead."""
    ids = stage.norte.ids
    fields = {
        "stop_id": ids["closed_stop_id"],
        "kind": "photo",
        "captured_at": "2026-11-23T10:00:00-03:00",
    }
    files = {"file": ("foto.jpg", draw_photo("late"), "image/jpeg")}
    path = f"/v1/driver/evidence/{derived_id('late picture')}"
    async with stage.client(stage.norte.phone()) as phone:
        body_of(await phone.put(path, data=fields, files=files))
    async with stage.client(stage.norte.session()) as office:
        story = await story_of(office, ids["delivered_order_id"])
    types = [fact["type"] for fact in story["facts"]]
    late = next(p for p in story["evidence"] if p["id"] == str(derived_id("late picture")))
    assert (types.count("proof.withdrawn"), types.count("stop.late_evidence")) == (1, 0)
    assert types.count("proof.captured") == 4
    assert late["withdrawn_at"] is not None


async def test_the_recipient_of_a_delivery_sees_its_photo_until_it_is_erased(stage: Stage) -> None:
    ids = stage.norte.ids
    path = f"/v1/track/{ids['token']}"
    async with stage.client() as visitor, stage.client(stage.norte.session()) as office:
        page = await visitor.get(path)
        body_of(page)
        photo = await visitor.get(f"{path}/photo")
        body = body_of(await office.get(f"/v1/orders/{ids['delivered_order_id']}"))
        await office.delete(f"/v1/people/{body['recipient']['person_id']}")
        gone = await visitor.get(f"{path}/photo")
        still = await visitor.get(path)
    assert photo.headers["content-type"] == "image/jpeg"
    for answer in (page, photo):
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
    assert gone.status_code == 404
    assert body_of(still)["state"] == body_of(page)["state"]


async def test_the_recipient_reads_nothing_of_the_driver_but_a_first_name(stage: Stage) -> None:
    async with stage.client(stage.norte.phone()) as phone:
        shown = body_of(await phone.get("/v1/driver/route"))
    waiting = next(stop for stop in shown["stops"] if stop["state"] != "closed")
    async with stage.client() as visitor:
        page = await visitor.get(f"/v1/track/{stage.norte.tracking[waiting['reference']]}")
    seen = body_of(page)
    assert seen["driver_first_name"] == "Dora"
    assert "8765" not in page.text
    assert seen["stops_before"] is not None


async def test_once_the_van_is_there_the_recipients_page_says_so(stage: Stage) -> None:
    async with stage.client(stage.norte.phone()) as phone, stage.client() as visitor:
        shown = body_of(await phone.get("/v1/driver/route"))
        stop = next(item for item in shown["stops"] if item["state"] != "closed")
        path = f"/v1/track/{stage.norte.tracking[stop['reference']]}"
        before = body_of(await visitor.get(path))
        await arrive(phone, stage.clock, stop)
        await stage.platform.pump.settle()
        after = body_of(await visitor.get(path))
    assert (before["is_at_door"], after["is_at_door"]) == (False, True)


async def test_the_words_about_an_erased_person_are_erased_with_it(stage: Stage) -> None:
    """A rating's comment and a driver's note name the recipient as often as not."""
    tenant_id, clock = stage.norte.tenant_id, stage.platform.clock
    async with stage.client(stage.norte.session()) as office:
        order = body_of(await office.get("/v1/orders"))["items"][0]
        order_id, person_id = UUID(order["id"]), order["recipient"]["person_id"]
        comment_id, note_id = comment_id_of(order_id), derived_id("note", order_id)
        note = Evidence(
            id=derived_id("evidence", order_id),
            stop_id=derived_id("stop", order_id),
            order_id=order_id,
            kind=EvidenceKind.NOTE,
            person_id=note_id,
            captured_at=clock.now(),
            recorded_at=clock.now(),
        )
        async with stage.platform.transaction(tenant_id) as tx:
            await tx.people.put(Person(id=comment_id, instructions="Soy Rosa y lo recibí tarde"))
            await tx.people.put(Person(id=note_id, instructions="Rosa vive al fondo"))
            await tx.proofs.put(note)
        await office.delete(f"/v1/people/{person_id}")
    async with stage.platform.transaction(tenant_id) as tx:
        left = await tx.people.get_many([comment_id, note_id])
    assert [person.instructions for person in left.values()] == [None, None]


async def test_the_story_says_who_received(stage: Stage) -> None:
    async with (
        stage.client(stage.norte.phone()) as phone,
        stage.client(stage.norte.session()) as office,
    ):
        stop = await next_stop(phone)
        door = await arrive(phone, stage.clock, stop)
        photo = await put_picture(phone, stage.clock, stop["stop_id"], "photo")
        receiver = {"relation": "concierge", "name": "Juan Portero", "rut": "12.345.678-5"}
        said = {"outcome": "succeeded", "evidence": [photo], "receiver": receiver}
        (result,) = await tell(phone, [event(stage.clock, "stop.closed", **door, **said)])
        assert result["status"] == "accepted"
        story = body_of(await office.get(f"/v1/orders/{stop['order_id']}/story"))
    told = [piece["receiver"] for piece in story["evidence"] if piece["kind"] == "receiver"]
    assert told == [receiver]
    assert "Juan" not in str(story["facts"])


async def test_a_rating_and_its_words_stand_in_the_story(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.get("/v1/day"))
        listed = body_of(await office.get("/v1/orders"))["items"]
        (order, *_) = [one for one in listed if one["state"] == "delivered"]
        token = stage.norte.tracking[order["reference"]]
        async with stage.client() as visitor:
            rating = {"score": 4, "comment": "Muy amable"}
            answer = await visitor.post(f"/v1/track/{token}/rating", json=rating)
            assert answer.is_success, answer.text
        facts = body_of(await office.get(f"/v1/orders/{order['id']}/story"))["facts"]
    (told,) = [fact["data"] for fact in facts if fact["type"] == "order.rated"]
    assert (told["score"], told["comment"]) == (4, "Muy amable")
