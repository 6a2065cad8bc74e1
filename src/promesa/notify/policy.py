"""Whom to tell what, by which channel, when, and how often: once.

Pure: it reads the person, what was sent before and what it may cost, and gives messages to queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from promesa.domain.person import Person
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import SANTIAGO
from promesa.notify.declining import wants_silence
from promesa.notify.delay import is_worth_telling
from promesa.notify.messages import MessageFacts, MessageKind
from promesa.notify.repository import UNTOLD, Channel, Message, MessageState

_K = MessageKind
# Someone is at the door or just was; told in the morning these would be noise or worse.
URGENT: frozenset[MessageKind] = frozenset(
    {_K.NEXT_STOP, _K.DELIVERED, _K.PARTIALLY_DELIVERED, _K.COULD_NOT_DELIVER, _K.DELAY}
)
# E-mail costs nothing, so it always goes; the SMS goes where minutes matter.
BY_SMS: frozenset[MessageKind] = frozenset(
    {_K.OUT_FOR_DELIVERY, _K.NEXT_STOP, _K.COULD_NOT_DELIVER, _K.DELAY, _K.BACK_ON_TIME}
)
_TELLING_THE_HOUR = frozenset({_K.DELAY, _K.BACK_ON_TIME})


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyPolicy:
    """What an operator decides about messages.

    Attributes:
        quiet_start: From here to ``quiet_end``, by the zone's clocks, only urgent kinds go out.
        sms_cost_clp: Of one message; assumed, a wholesale price of 2025.
        sms_day_cost_clp_max: When a day's SMS reach this, the rest go another way.
        order_sms_max: SMS about one order.
        order_delays_max: Delay messages about one order and channel.
    """

    quiet_start: time = time(21, 0)
    quiet_end: time = time(8, 0)
    zone: str = SANTIAGO
    urgent: frozenset[MessageKind] = URGENT
    by_sms: frozenset[MessageKind] = BY_SMS
    sms_cost_clp: int = 25
    sms_day_cost_clp_max: int = 100_000
    order_sms_max: int = 6
    order_delays_max: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell one person about one order.

    Attributes:
        occasion: What it may be told once about: the stop for next_stop, the order for
            order_confirmed, the event when each event is its own occasion.
        declined: Channels the person does not want.
    """

    kind: MessageKind
    facts: MessageFacts
    person: Person
    order_id: UUID
    cause_event_id: UUID
    occasion: UUID
    declined: frozenset[Channel] = field(default_factory=frozenset)


def decide(
    notice: Notice,
    policy: NotifyPolicy,
    *,
    available: frozenset[Channel],
    history: Sequence[Message],
    sms_today: int,
    now: datetime,
) -> list[Message]:
    """The messages to queue; none when it was told already or is not worth telling.

    ``available`` are the channels that are configured, ``history`` what was sent about the order,
    ``sms_today`` how many SMS the day has seen.
    """
    if notice.kind is MessageKind.DELAY and not _is_delay_news(notice, policy, history):
        return []
    told = {message.id for message in history}
    channels = choose_channels(notice, policy, available, history, sms_today)
    if notice.kind is MessageKind.BACK_ON_TIME:
        misled = _told_late_by(history)
        channels = [channel for channel in channels if channel in misled]
    messages = [_message(notice, channel, policy, now) for channel in channels]
    return [
        message
        for message in messages
        if message.id not in told and not _comes_too_late(notice, message)
    ]


def choose_channels(
    notice: Notice,
    policy: NotifyPolicy,
    available: frozenset[Channel],
    history: Sequence[Message],
    sms_today: int,
) -> list[Channel]:
    """E-mail and SMS as the person has and wants them and the ceilings allow; else the bandeja."""
    person = notice.person
    if wants_silence(person, notice.declined):
        return []
    usable = available - notice.declined
    channels = []
    if Channel.EMAIL in usable and person.email:
        channels.append(Channel.EMAIL)
    wants_sms = notice.kind in policy.by_sms or not channels
    if Channel.SMS in usable and person.phone and wants_sms:
        spent_clp = sms_today * policy.sms_cost_clp
        of_order = sum(message.channel is Channel.SMS for message in history)
        is_paid_for = spent_clp + policy.sms_cost_clp <= policy.sms_day_cost_clp_max
        if is_paid_for and of_order < policy.order_sms_max:
            channels.append(Channel.SMS)
    if not channels and Channel.TRAY in usable:
        channels.append(Channel.TRAY)
    return channels


def due_at(kind: MessageKind, channel: Channel, policy: NotifyPolicy, now: datetime) -> datetime:
    """Now, or when the quiet hours end; the bandeja and webhooks wake nobody."""
    if kind in policy.urgent or channel in {Channel.TRAY, Channel.WEBHOOK}:
        return now
    zone = ZoneInfo(policy.zone)
    local = now.astimezone(zone)
    if policy.quiet_end <= local.time() < policy.quiet_start:
        return now
    day = local.date()
    if local.time() >= policy.quiet_start:
        day += timedelta(days=1)
    return datetime.combine(day, policy.quiet_end, zone).astimezone(now.tzinfo)


def last_told_window(history: Iterable[Message]) -> MessageFacts | None:
    """The facts of the newest message about the order that told a window."""
    told = [
        (message.queued_at, message.id, facts)
        for message in history
        if message.state not in UNTOLD
        and message.channel is not Channel.WEBHOOK
        and (facts := MessageFacts.from_data(message.facts)).window is not None
    ]
    return max(told, key=lambda entry: entry[:2])[2] if told else None


def _is_delay_news(notice: Notice, policy: NotifyPolicy, history: Sequence[Message]) -> bool:
    """Whether the window moved enough since it was last told, and it was not told too often."""
    if notice.facts.window is None:
        return False
    delays = [
        message
        for message in history
        if message.kind == MessageKind.DELAY and message.state is not MessageState.WITHDRAWN
    ]
    told_delays = {message.cause_event_id for message in delays}
    if len(told_delays) >= policy.order_delays_max:
        return False
    last = last_told_window(history)
    if last is None or last.window is None:
        return True
    return is_worth_telling(last.window, notice.facts.window)


def _told_late_by(history: Iterable[Message]) -> frozenset[Channel]:
    """Channels by which the last thing told of the hour is a delay: to be taken back by them."""
    newest: dict[Channel, tuple[datetime, UUID, str]] = {}
    for message in history:
        if message.state is MessageState.SENT and message.kind in _TELLING_THE_HOUR:
            found = (message.queued_at, message.id, message.kind)
            newest[message.channel] = max(newest.get(message.channel, found), found)
    return frozenset(channel for channel, (*_, kind) in newest.items() if kind == _K.DELAY)


def _comes_too_late(notice: Notice, message: Message) -> bool:
    """Good news that the quiet hours hold back beyond its window is none."""
    window = notice.facts.window
    is_good_news = notice.kind is MessageKind.BACK_ON_TIME
    return is_good_news and window is not None and message.due_at > window.end


def _message(notice: Notice, channel: Channel, policy: NotifyPolicy, now: datetime) -> Message:
    return Message(
        id=derived_id("message", notice.occasion, notice.kind.value, channel.value),
        kind=notice.kind.value,
        channel=channel,
        person_id=notice.person.id,
        order_id=notice.order_id,
        cause_event_id=notice.cause_event_id,
        queued_at=now,
        due_at=due_at(notice.kind, channel, policy, now),
        facts=notice.facts.to_data(),
    )
