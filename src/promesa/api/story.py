"""An order's whole story: facts in order, proof, custody, messages, and what the recipient sees."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from litestar import Response, Router, get, post

from promesa.api.decoding import View
from promesa.api.doubts import DoubtView, view_doubts
from promesa.api.messages import MessageView, view_messages
from promesa.api.order_views import (
    OrderView,
    PromiseView,
    WindowView,
    people_shown,
    promise_view,
    view_records,
)
from promesa.api.track_views import state_of, windows_of
from promesa.dispatch.customer_actions import comment_id_of
from promesa.domain.actor import Permission
from promesa.domain.custody import CustodyEntry
from promesa.domain.events import Event
from promesa.domain.order import Order
from promesa.domain.person import Person
from promesa.kernel.errors import ForbiddenError, NotFoundError
from promesa.notify.repository import TO_PEOPLE, Channel
from promesa.orders import reading
from promesa.proof.ledger import verify
from promesa.proof.repository import Evidence, EvidenceKind
from promesa.proof.service import open_picture
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.proof_pages import make_proof_pdf
from promesa.runtime.repository import PlatformStore
from promesa.runtime.tracking_links import TrackingLinks

# Device and server times this far apart are shown both.
CLOCKS_DIFFER = timedelta(seconds=60)
MESSAGES_MAX = 100


class ReceiverView(View):
    """Who took it, as the driver told; a person's words only for who may read them."""

    name: str | None
    rut: str | None
    relation: str | None


class EvidenceView(View):
    """A piece of proof; one that was withdrawn proves nothing, and stays for honesty."""

    id: UUID
    kind: str
    captured_at: datetime
    media_type: str | None
    url: str | None
    receiver: ReceiverView | None
    withdrawn_at: datetime | None


class FactView(View):
    """Something that happened."""

    event_id: UUID
    number: int | None
    type: str
    at: datetime
    recorded_at: datetime
    clocks_differ: bool
    actor_kind: str
    position: tuple[float, float] | None
    evidence: list[UUID]
    data: dict[str, object]
    request_id: str | None


class CustodyLink(View):
    """A link of a parcel's chain."""

    sequence: int
    holder_kind: str
    holder_id: UUID
    at: datetime
    hash: str


class CustodyView(View):
    """A parcel's chain, and whether every link still covers the one before."""

    parcel_id: UUID
    barcode: str
    is_intact: bool
    entries: list[CustodyLink]


class SeenByRecipient(View):
    """What the recipient's page says now."""

    state: str
    window: WindowView | None
    previous_window: WindowView | None
    cause: str | None


class StoryView(View):
    """Everything about an order."""

    order: OrderView
    facts: list[FactView]
    promises: list[PromiseView]
    messages: list[MessageView]
    evidence: list[EvidenceView]
    custody: list[CustodyView]
    recipient_sees: SeenByRecipient
    doubts: list[DoubtView]


class TrackingLinkView(View):
    """A fresh link to the recipient's page."""

    url: str
    expires_at: datetime


@get("/v1/orders/{order_id:uuid}/story", access=Permission.READ_OWN_ORDERS, summary="Its story")
async def get_story(order_id: UUID, platform: Platform, caller: Caller) -> StoryView:
    """An order with everything that happened to it."""
    await platform.ready_watch(caller.tenant_id)
    async with platform.transaction(caller.tenant_id) as tx:
        record = await reading.get_order_record(tx, order_id, caller.actor)
        order = (await view_records(platform, tx, caller, [record]))[0]
        quoted = await tx.reservations.list_taken([order_id])
        facts = await tx.events.list_of_order(order_id)
        words = await _words(tx, caller, facts)
        messages = []
        if caller.actor.reads_recipients:
            messages = await tx.outbox.list_page(
                order_id=order_id, channels=TO_PEOPLE, limit=MESSAGES_MAX, before=None
            )
        window, previous, cause = windows_of(list(record.promises))
        return StoryView(
            order=order,
            facts=[
                _fact(event, words.get(event.id)) for event in facts if not _is_to_a_system(event)
            ],
            promises=[promise_view(promise, quoted.get(order_id)) for promise in record.promises],
            messages=await view_messages(tx, messages),
            evidence=await _evidence(tx, caller, order_id, facts),
            custody=await _custody(tx, record.order),
            recipient_sees=SeenByRecipient(
                state=state_of(record.order), window=window, previous_window=previous, cause=cause
            ),
            doubts=await view_doubts(tx, caller, record.order),
        )


async def _words(tx: PlatformStore, caller: Caller, facts: list[Event]) -> dict[UUID, str]:
    """What was written with a fact, for who may read people; the event itself has no words."""
    kept = {event.id: kept_at for event in facts if (kept_at := _words_id(event)) is not None}
    writers = await people_shown(tx, caller, sorted(kept.values()))
    return {
        event_id: words
        for event_id, kept_at in kept.items()
        if kept_at in writers and (words := writers[kept_at].instructions)
    }


def _words_id(event: Event) -> UUID | None:
    if event.type == "order.rated" and event.order_id is not None:
        return comment_id_of(event.order_id)
    note = event.data.get("note_id")
    return UUID(note) if isinstance(note, str) else None


def _is_to_a_system(event: Event) -> bool:
    """Whether a webhook took it: each fact has one, and they would bury the order's own."""
    is_message = event.type.startswith("message.")
    return is_message and event.data.get("channel") == Channel.WEBHOOK.value


def _fact(event: Event, words: str | None) -> FactView:
    name = "comment" if event.type == "order.rated" else "cause"
    spot = event.position
    return FactView(
        event_id=event.id,
        number=event.number,
        type=event.type,
        at=event.occurred_at,
        recorded_at=event.recorded_at,
        clocks_differ=abs(event.recorded_at - event.occurred_at) > CLOCKS_DIFFER,
        actor_kind=event.actor.kind.value,
        position=(spot.lon, spot.lat) if spot else None,
        evidence=list(event.evidence),
        data=event.data if words is None else event.data | {name: words},
        request_id=event.request_id,
    )


async def _evidence(
    tx: PlatformStore, caller: Caller, order_id: UUID, facts: list[Event]
) -> list[EvidenceView]:
    pieces = await tx.proofs.list_of_order(order_id)
    told = [item for item in pieces if item.kind is EvidenceKind.RECEIVER and item.person_id]
    people = await people_shown(tx, caller, [item.person_id for item in told if item.person_id])
    relations = {
        fact.subject_id: fact.data.get("relation")
        for fact in facts
        if fact.type in {"stop.closed", "stop.told_late"}
    }
    views = []
    for item in pieces:
        person = people.get(item.person_id) if item in told and item.person_id else None
        views.append(_piece(item, person, relations.get(item.stop_id)))
    return views


def _piece(item: Evidence, person: Person | None, relation: object) -> EvidenceView:
    return EvidenceView(
        id=item.id,
        kind=item.kind.value,
        captured_at=item.captured_at,
        media_type=item.media_type,
        url=f"/v1/evidence/{item.id}" if item.blob_name else None,
        receiver=None
        if person is None
        else ReceiverView(
            name=person.name,
            rut=person.rut,
            relation=relation if isinstance(relation, str) else None,
        ),
        withdrawn_at=item.withdrawn_at,
    )


async def _custody(tx: PlatformStore, order: Order) -> list[CustodyView]:
    views = []
    for parcel in order.parcels:
        entries = await tx.custody.list_of(parcel.id)
        views.append(
            CustodyView(
                parcel_id=parcel.id,
                barcode=parcel.barcode,
                is_intact=not verify(entries),
                entries=[_link(entry) for entry in entries],
            )
        )
    return views


def _link(entry: CustodyEntry) -> CustodyLink:
    return CustodyLink(
        sequence=entry.sequence,
        holder_kind=entry.holder.kind.value,
        holder_id=entry.holder.id,
        at=entry.occurred_at,
        hash=entry.hash.hex(),
    )


@post("/v1/orders/{order_id:uuid}/tracking-link", access=Permission.WRITE_ORDERS)
async def make_tracking_link(
    order_id: UUID, platform: Platform, caller: Caller
) -> TrackingLinkView:
    """Makes a link to the recipient's page; earlier ones keep working."""
    async with platform.transaction(caller.tenant_id) as tx:
        await reading.get_own_order(tx, order_id, caller.actor)
        url, expires_at = await TrackingLinks(platform, tx, caller.tenant_id).make(order_id)
        await platform.record(tx, caller, "order.tracking_link_made", subject=("order", order_id))
    return TrackingLinkView(url=url, expires_at=expires_at)


@get("/v1/orders/{order_id:uuid}/proof.pdf", access=Permission.READ_OWN_ORDERS, summary="Proof")
async def get_proof(order_id: UUID, platform: Platform, caller: Caller) -> Response[bytes]:
    """The proof as one page: promise, outcome, receiver, pictures, custody."""
    if not caller.actor.reads_recipients:
        raise ForbiddenError
    async with platform.transaction(caller.tenant_id) as tx:
        record = await reading.get_order_record(tx, order_id, caller.actor)
        content = await make_proof_pdf(platform, tx, caller.tenant_id, record)
    name = f"prueba-{order_id}.pdf"
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


@get("/v1/evidence/{evidence_id:uuid}", access=Permission.READ_OWN_ORDERS, summary="A picture")
async def get_evidence(evidence_id: UUID, platform: Platform, caller: Caller) -> Response[bytes]:
    """A picture of a proof, for who may see its order and its people."""
    if not caller.actor.reads_recipients:
        raise ForbiddenError
    async with platform.transaction(caller.tenant_id) as tx:
        piece = await tx.proofs.get(evidence_id)
        await reading.get_own_order(tx, piece.order_id, caller.actor)
        if piece.blob_name is None:
            raise NotFoundError
        content, media_type = await open_picture(tx, tx.vault, evidence_id)
    return Response(
        content, media_type=media_type, headers={"Cache-Control": "private, max-age=300"}
    )


router = Router(
    path="",
    route_handlers=[get_story, make_tracking_link, get_proof, get_evidence],
    tags=["orders"],
)
