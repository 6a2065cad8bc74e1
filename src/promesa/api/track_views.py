"""What the person who waits sees: four states in large letters, and never more than is earned."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from promesa.api.decoding import View
from promesa.api.order_views import WindowView, window_view
from promesa.dispatch.corrections import ASKED, CORRECTIONS_MAX, SETTLED
from promesa.dispatch.customer_actions import MOVABLE, options_of
from promesa.dispatch.delivery_days import DaysToChoose
from promesa.domain.events import Event
from promesa.domain.order import Order, OrderState
from promesa.domain.parcel import HANDED_OVER
from promesa.domain.person import Person
from promesa.domain.promise import Promise
from promesa.domain.reasons import REASONS
from promesa.kernel.polyline import encode_polyline
from promesa.notify.addressing import masked
from promesa.notify.declining import addresses_of
from promesa.notify.repository import Channel
from promesa.proof.repository import Evidence, EvidenceKind
from promesa.runtime.fleet_watch import FleetWatch, OrderNow
from promesa.tracking.near import find_van

PREPARING, ON_THE_WAY, DELIVERED, IN_PART, FAILED = (
    "en_preparacion",
    "en_camino",
    "entregado",
    "entrega_parcial",
    "no_pudimos_entregar",
)
CANCELLED, RETURNING = "anulado", "en_devolucion"
_S = OrderState
_STATES: dict[OrderState, str] = {
    _S.OUT_FOR_DELIVERY: ON_THE_WAY,
    _S.DELIVERED: DELIVERED,
    _S.PARTIALLY_DELIVERED: IN_PART,
    _S.DELIVERY_FAILED: FAILED,
    _S.LOST: FAILED,
    _S.CANCELLED: CANCELLED,
    _S.RETURNING: RETURNING,
    _S.RETURNED: RETURNING,
}


class VanSeen(View):
    """Where the van is, only while it is near, and its way to the door as an encoded polyline."""

    position: tuple[float, float]
    heading_deg: float | None
    at: datetime
    way: str


class MessageChoice(View):
    """A channel the recipient is told by; the address is shown by its ends only."""

    channel: str
    to: str
    is_declined: bool


class DeliveredSeen(View):
    """When it was handed over, to whom, how much of it, and what the driver received for it."""

    at: datetime
    receiver_first_name: str | None
    has_photo: bool
    parcels: int
    parcels_total: int
    paid_clp: int | None


class FailedSeen(View):
    """Why it could not be, and what comes next."""

    at: datetime
    reason: str
    reason_label: str
    reason_label_en: str
    next_date: dt.date | None


class CanDo(View):
    """What the page offers now."""

    instruct: bool
    safe_place: bool
    reschedule: bool
    cancel: bool
    send_back: bool
    rate: bool
    correct: bool


class CorrectionSeen(View):
    """What the recipient asked to correct, while nobody answered; then only the answer."""

    address: str | None
    unit: str | None
    reference: str | None
    has_pin: bool
    answer: str | None


class TrackView(View):
    """The page of one delivery."""

    reference: str
    merchant: str
    merchant_email: str | None
    merchant_phone: str | None
    state: str
    date: dt.date
    window: WindowView | None
    previous_window: WindowView | None
    cause: str | None
    expected: WindowView | None
    address_short: str | None
    unit: str | None
    first_name: str | None
    language: str
    stops_before: int | None
    is_at_door: bool
    driver_first_name: str | None
    van: VanSeen | None
    messages: list[MessageChoice]
    destination: tuple[float, float] | None
    placement_level: str | None
    instructions: str | None
    safe_place: str | None
    pin: str | None
    cod_clp: int | None
    correction: CorrectionSeen | None
    map_center: tuple[float, float]
    can: CanDo
    dates: list[dt.date]
    delivered: DeliveredSeen | None
    failed: FailedSeen | None
    rating: int | None
    is_simulated: bool
    now: datetime


def first_name(person: Person | None) -> str | None:
    """The first word of a name: enough to greet, too little to find somebody."""
    words = (person.name or "").split() if person else []
    return words[0] if words else None


def state_of(order: Order) -> str:
    """The state in the recipient's words; nothing is on the way of what was not in the van."""
    if order.state is OrderState.OUT_FOR_DELIVERY and order.is_left_behind:
        return PREPARING
    return _STATES.get(order.state, PREPARING)


def windows_of(promises: list[Promise]) -> tuple[WindowView | None, WindowView | None, str | None]:
    """The window told last, the one it replaced, and why."""
    if not promises:
        return None, None, None
    last = promises[-1]
    is_delay = last.is_delay
    before = promises[-2].window if is_delay and len(promises) > 1 else None
    cause = last.cause.removeprefix("delay").lstrip("_") or "default" if is_delay else None
    return window_view(last.window), window_view(before) if before else None, cause


def rating_of(facts: list[Event]) -> int | None:
    """The score given, if one was."""
    for fact in facts:
        score = fact.data.get("score")
        if fact.type == "order.rated" and isinstance(score, int):
            return score
    return None


def delivered_seen(
    order: Order, facts: list[Event], evidence: list[Evidence], receiver: Person | None
) -> DeliveredSeen | None:
    """The hand-over, from the order's own facts."""
    for fact in reversed(facts):
        if fact.type in {"order.delivered", "order.partially_delivered"}:
            return DeliveredSeen(
                at=fact.occurred_at,
                receiver_first_name=first_name(receiver),
                has_photo=any(
                    item.kind is EvidenceKind.PHOTO and item.blob_name for item in evidence
                ),
                parcels=sum(parcel.state in HANDED_OVER for parcel in order.parcels),
                parcels_total=len(order.parcels),
                paid_clp=_paid_clp(facts) if order.cod_clp else None,
            )
    return None


def _paid_clp(facts: list[Event]) -> int | None:
    """What the driver says to have received; None when nothing was said."""
    closed = [fact for fact in facts if fact.type == "stop.closed"]
    said = closed[-1].data.get("cod_collected_clp") if closed else None
    return said if isinstance(said, int) else None


def failed_seen(order: Order, facts: list[Event]) -> FailedSeen | None:
    """The last attempt that failed, while it is what matters."""
    if order.state is not OrderState.DELIVERY_FAILED and not (
        order.state is OrderState.RESCHEDULED and order.attempts
    ):
        return None
    for fact in reversed(facts):
        if fact.type == "order.delivery_failed":
            code = str(fact.data.get("reason", ""))
            reason = REASONS.get(code)
            is_moved = order.state is OrderState.RESCHEDULED
            return FailedSeen(
                at=fact.occurred_at,
                reason=code,
                reason_label=reason.spanish if reason else "",
                reason_label_en=reason.english if reason else "",
                next_date=order.date if is_moved else None,
            )
    return None


def van_seen(watch: FleetWatch, now: OrderNow | None, at: datetime) -> VanSeen | None:
    """The van, while this recipient is among the next."""
    seen = watch.picture(now.route_id) if now else None
    van = find_van(seen, now.stop_id, at) if seen and now else None
    if van is None:
        return None
    return VanSeen(
        position=(van.position.lon, van.position.lat),
        heading_deg=van.heading_deg,
        at=van.at,
        way=encode_polyline(watch.way_to(now.route_id, now.stop_id) if now else []),
    )


def choices_of(person: Person, declined: frozenset[Channel]) -> list[MessageChoice]:
    """How the recipient is told, and what of it they declined."""
    return [
        MessageChoice(channel=channel.value, to=masked(address), is_declined=channel in declined)
        for channel, address in addresses_of(person).items()
    ]


def expected_seen(now: OrderNow | None) -> WindowView | None:
    """When the van is expected: what the message to who is next says as well."""
    expected = now.expected if now else None
    return window_view(expected) if expected else None


def correction_seen(order: Order, person: Person, facts: list[Event]) -> CorrectionSeen | None:
    """What waits for an answer, or the answer given last while it can still matter."""
    asked = person.correction
    if order.correction_asked_at is not None and asked is not None:
        return CorrectionSeen(
            address=asked.address_line,
            unit=asked.unit,
            reference=asked.reference,
            has_pin=asked.position is not None,
            answer=None,
        )
    answers = [fact.data.get("decision") for fact in facts if fact.type == SETTLED]
    if not answers or order.state not in MOVABLE:
        return None
    return CorrectionSeen(
        address=None, unit=None, reference=None, has_pin=False, answer=str(answers[-1])
    )


def can_of(
    order: Order, *, today: dt.date, is_rated: bool, facts: list[Event], days: DaysToChoose
) -> tuple[CanDo, list[dt.date]]:
    """What may be done now, and the days to choose from."""
    options = options_of(order, today=today, is_rated=is_rated, days=days)
    asked = sum(fact.type == ASKED for fact in facts)
    can = CanDo(
        instruct=options.can_instruct,
        safe_place=options.can_choose_safe_place,
        reschedule=options.can_reschedule,
        cancel=options.can_cancel,
        send_back=options.can_send_back,
        rate=options.can_rate,
        correct=options.can_correct and asked < CORRECTIONS_MAX,
    )
    return can, list(options.dates)
