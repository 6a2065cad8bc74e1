"""The slices on the real store: what they promise in memory holds across transactions.

Each step of a story is a transaction of its own, as at the boundary.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from PIL import Image

from promesa.kernel.clock import MovedClock
from promesa.kernel.errors import PromesaError
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.channels import ChannelUnavailableError
from promesa.notify.messages import MessageFacts, MessageKind
from promesa.notify.outbox import RETRY_WAITS, DrainReport, drain
from promesa.notify.policy import Notice, NotifyPolicy
from promesa.notify.repository import Channel, Message, MessageState
from promesa.notify.service import list_asking, queue_webhooks, tell
from promesa.proof.repository import EvidenceKind
from promesa.proof.service import Capture, keep_picture, open_picture
from promesa.storage.database import Database
from promesa.tracking.service import Tracker, take_positions
from promesa.tracking.travel import StraightTravel
from tests.support.nouns import a_tenant, an_actor, an_endpoint
from tests.support.outbox_memory import ANA, NOON, ORDER, MemoryLinks, ScriptedChannel
from tests.support.tracked_routes import DRIVER, after_s, fact, fix_at, street_route

TENANT = a_tenant()
ACTOR = an_actor(TENANT.id)
CHANNELS = frozenset({Channel.EMAIL, Channel.SMS})


@pytest_asyncio.fixture(autouse=True)
async def tenant(database: Database) -> None:
    await database.directory.add_tenant(TENANT)
    async with database.transaction(TENANT.id) as tx:
        await tx.people.put(ANA)


async def told(database: Database, kind: MessageKind, minutes: int = 120) -> list[Message]:
    window = TimeWindow(start=NOON, end=NOON + timedelta(minutes=minutes))
    notice = Notice(
        kind=kind,
        facts=MessageFacts(reference="A-100", merchant="Tienda", window=window),
        person=ANA,
        order_id=ORDER,
        cause_event_id=UUID(int=minutes),
        occasion=UUID(int=minutes),
    )
    async with database.transaction(TENANT.id) as tx:
        return await tell(tx, notice, NotifyPolicy(), available=CHANNELS, actor=ACTOR, now=NOON)


async def drained(database: Database, channel: ScriptedChannel, clock: MovedClock) -> DrainReport:
    async with database.transaction(TENANT.id) as tx:
        return await drain(
            tx, dict.fromkeys(Channel, channel), MemoryLinks(), clock=clock, actor=ACTOR
        )


async def drained_and_broken(
    database: Database, channel: ScriptedChannel, clock: MovedClock
) -> None:
    """Everything is sent, and the transaction never ends well."""
    async with database.transaction(TENANT.id) as tx:
        await drain(tx, dict.fromkeys(Channel, channel), MemoryLinks(), clock=clock, actor=ACTOR)
        raise ConnectionError


async def kept_messages(database: Database) -> list[Message]:
    async with database.transaction(TENANT.id) as tx:
        return await tx.outbox.list_page(
            order_id=ORDER, channels=frozenset(Channel), limit=50, before=None
        )


async def test_a_person_is_told_once_and_hears_of_a_real_delay(database: Database) -> None:
    assert len(await told(database, MessageKind.OUT_FOR_DELIVERY)) == 2
    assert await told(database, MessageKind.OUT_FOR_DELIVERY) == []
    assert await told(database, MessageKind.DELAY, 130) == []
    assert len(await told(database, MessageKind.DELAY, 140)) == 2
    assert len(await kept_messages(database)) == 4


async def test_a_message_survives_a_vendor_that_is_down(database: Database) -> None:
    await told(database, MessageKind.ORDER_CONFIRMED)
    channel, clock = ScriptedChannel(ChannelUnavailableError()), MovedClock(NOON)
    assert await drained(database, channel, clock) == DrainReport(retried=1)
    assert await drained(database, channel, clock) == DrainReport()
    clock.move_to(NOON + RETRY_WAITS[0])
    assert await drained(database, channel, clock) == DrainReport(sent=1)
    (message,) = await kept_messages(database)
    assert (message.state, message.tries) == (MessageState.SENT, 2)
    assert "Hola, Ana:" in channel.given[-1].text


async def test_a_crash_between_sending_and_marking_sends_again_under_the_same_key(
    database: Database,
) -> None:
    await told(database, MessageKind.ORDER_CONFIRMED)
    channel, clock = ScriptedChannel(), MovedClock(NOON)
    with pytest.raises(ConnectionError):
        await drained_and_broken(database, channel, clock)
    assert await drained(database, channel, clock) == DrainReport(sent=1)
    first, second = channel.given
    assert first.message_id == second.message_id


async def test_no_name_and_no_address_stand_in_the_outbox_or_the_log(database: Database) -> None:
    await told(database, MessageKind.OUT_FOR_DELIVERY)
    await drained(database, ScriptedChannel(), MovedClock(NOON))
    async with database.transaction(TENANT.id) as tx:
        events = await tx.events.list_of_order(ORDER)
    assert {event.type for event in events} == {"message.queued", "message.sent"}
    everything = repr((await kept_messages(database), events))
    for secret in ("Ana", "example.cl", "912345678", "seguimiento"):
        assert secret not in everything


async def test_an_erased_person_is_told_nothing_more(database: Database) -> None:
    await told(database, MessageKind.ORDER_CONFIRMED)
    async with database.transaction(TENANT.id) as tx:
        await tx.people.erase(ANA.id)
    channel = ScriptedChannel()
    assert await drained(database, channel, MovedClock(NOON)) == DrainReport(failed=1)
    assert channel.given == []


async def test_a_webhook_is_queued_with_its_event_and_sent_signed(database: Database) -> None:
    endpoint = replace(an_endpoint(), merchant_id=None, event_types=frozenset({"stop.closed"}))
    closed = fact("stop.closed", 300, UUID(int=101), outcome="succeeded")
    async with database.transaction(TENANT.id) as tx:
        await tx.outbox.put_endpoint(endpoint)
        asking = await list_asking(tx, closed)
        queued = await queue_webhooks(tx, closed, asking, actor=ACTOR, now=NOON)
    assert [message.kind for message in queued] == ["cl.promesa.stop.closed.v1"]
    channel = ScriptedChannel()
    assert await drained(database, channel, MovedClock(NOON)) == DrainReport(sent=1)
    (envelope,) = channel.given
    assert (envelope.to, envelope.secret) == (endpoint.url, endpoint.secret)
    assert '"outcome":"succeeded"' in envelope.text


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "green").save(out, "JPEG")
    return out.getvalue()


async def test_a_photo_is_kept_once_and_erased_with_its_person(database: Database) -> None:
    photo = Capture(
        id=UUID(int=10),
        stop_id=UUID(int=11),
        order_id=ORDER,
        kind=EvidenceKind.PHOTO,
        person_id=ANA.id,
        captured_at=NOON,
    )
    async with database.transaction(TENANT.id) as tx:
        kept = await keep_picture(tx, tx.vault, photo, jpeg(), actor=ACTOR, now=NOON)
    async with database.transaction(TENANT.id) as tx:
        again = await keep_picture(tx, tx.vault, photo, jpeg(), actor=ACTOR, now=NOON)
        assert again == kept
        content, _ = await open_picture(tx, tx.vault, photo.id)
        assert content.startswith(b"\xff\xd8")
        assert await tx.proofs.list_of_stop(photo.stop_id) == [kept]
        assert len(await tx.events.list_of_order(ORDER)) == 1
        await tx.people.erase(ANA.id)
    async with database.transaction(TENANT.id) as tx:
        with pytest.raises(PromesaError):
            await open_picture(tx, tx.vault, photo.id)


async def test_positions_are_kept_once_and_a_restart_finds_the_van(database: Database) -> None:
    clock = MovedClock(after_s(60))
    tracker = Tracker(StraightTravel(), clock)
    tracker.follow(street_route())
    batch = [fix_at(50, 250), fix_at(55, 275), fix_at(56, 9000)]
    for _ in range(2):
        async with database.transaction(TENANT.id) as tx:
            report = await take_positions(tx, tracker, batch, after_s(60))
        assert (len(report.accepted), len(report.refused)) == (2, 1)
    async with database.transaction(TENANT.id) as tx:
        track = await tx.tracks.list_between(DRIVER, after_s(0), after_s(60))
        reborn = Tracker(StraightTravel(), clock)
        reborn.recall(await tx.tracks.last_fixes())
    assert [fix.at for fix in track] == [after_s(50), after_s(55)]
    reborn.follow(street_route())
    found = reborn.snapshot().routes[street_route().route_id].fix
    assert found is not None
    assert found.at == after_s(55)
