"""Whom, by what, when, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from promesa.kernel.timewindow import TimeWindow
from promesa.notify.messages import MessageFacts, MessageKind
from promesa.notify.policy import Notice, NotifyPolicy, decide, due_at
from promesa.notify.repository import Channel, Message, MessageState
from tests.support.outbox_memory import ANA, NOON, ORDER

ALL = frozenset(Channel)
POLICY = NotifyPolicy()


def window(end_minutes: int) -> TimeWindow:
    return TimeWindow(start=NOON, end=NOON + timedelta(minutes=end_minutes))


def notice(
    kind: MessageKind = MessageKind.OUT_FOR_DELIVERY,
    *,
    occasion: int = 10,
    end_minutes: int = 120,
) -> Notice:
    return Notice(
        kind=kind,
        facts=MessageFacts(reference="A", merchant="T", window=window(end_minutes)),
        person=ANA,
        order_id=ORDER,
        cause_event_id=UUID(int=1000 + occasion),
        occasion=UUID(int=occasion),
    )


def decided(
    asked: Notice,
    *,
    available: frozenset[Channel] = ALL,
    history: Sequence[Message] = (),
    sms_today: int = 0,
    policy: NotifyPolicy = POLICY,
) -> list[Message]:
    return decide(
        asked, policy, available=available, history=history, sms_today=sms_today, now=NOON
    )


def channels(messages: list[Message]) -> list[str]:
    return [message.channel.value for message in messages]


def test_minutes_matter_so_it_goes_by_mail_and_sms() -> None:
    assert channels(decided(notice())) == ["email", "sms"]


def test_where_minutes_do_not_matter_mail_is_enough() -> None:
    assert channels(decided(notice(MessageKind.ORDER_CONFIRMED))) == ["email"]


def test_a_person_without_mail_gets_an_sms_instead() -> None:
    asked = replace(notice(MessageKind.ORDER_CONFIRMED), person=replace(ANA, email=None))
    assert channels(decided(asked)) == ["sms"]


def test_a_person_with_nothing_or_an_operator_without_vendors_has_the_bandeja() -> None:
    unreachable = replace(notice(), person=replace(ANA, email=None, phone=None))
    assert channels(decided(unreachable)) == ["tray"]
    assert channels(decided(notice(), available=frozenset({Channel.TRAY}))) == ["tray"]


def test_a_channel_the_person_declined_stays_quiet() -> None:
    asked = replace(notice(), declined=frozenset({Channel.SMS}))
    assert channels(decided(asked)) == ["email"]


def test_who_declined_every_way_to_be_reached_is_told_nothing_not_even_on_screen() -> None:
    both = frozenset({Channel.SMS, Channel.EMAIL})
    assert decided(replace(notice(), declined=both)) == []
    only_phone = replace(notice(), person=replace(ANA, email=None))
    assert decided(replace(only_phone, declined=frozenset({Channel.SMS}))) == []


def test_one_occasion_is_told_once_whatever_event_causes_it_again() -> None:
    first = decided(notice(MessageKind.NEXT_STOP))
    again = replace(notice(MessageKind.NEXT_STOP), cause_event_id=UUID(int=77))
    assert decided(again, history=first) == []
    assert decided(replace(again, occasion=UUID(int=11)), history=first) != []


def test_the_days_budget_for_sms_is_a_ceiling() -> None:
    policy = NotifyPolicy(sms_cost_clp=25, sms_day_cost_clp_max=100)
    assert channels(decided(notice(), sms_today=3, policy=policy)) == ["email", "sms"]
    assert channels(decided(notice(), sms_today=4, policy=policy)) == ["email"]


def test_an_order_has_its_own_ceiling() -> None:
    told = [
        message
        for occasion in range(6)
        for message in decided(notice(MessageKind.NEXT_STOP, occasion=occasion))
    ]
    assert channels(decided(notice(occasion=99), history=told)) == ["email"]


def test_a_delay_is_told_when_the_window_moved_by_fifteen_minutes() -> None:
    told = decided(notice(end_minutes=120))
    for_14 = notice(MessageKind.DELAY, occasion=20, end_minutes=134)
    for_15 = notice(MessageKind.DELAY, occasion=20, end_minutes=135)
    assert decided(for_14, history=told) == []
    assert channels(decided(for_15, history=told)) == ["email", "sms"]


def test_a_delay_is_measured_from_what_was_told_last() -> None:
    told = decided(notice(end_minutes=120))
    first = decided(notice(MessageKind.DELAY, occasion=20, end_minutes=150), history=told)
    later = [replace(message, queued_at=NOON + timedelta(minutes=5)) for message in first]
    second = notice(MessageKind.DELAY, occasion=21, end_minutes=160)
    assert decided(second, history=[*told, *later]) == []


def test_what_never_left_was_not_told() -> None:
    lost = [replace(one, state=MessageState.FAILED) for one in decided(notice(end_minutes=200))]
    delay = notice(MessageKind.DELAY, occasion=20, end_minutes=130)
    assert decided(delay, history=lost) != []


def test_nobody_hears_of_more_than_three_delays() -> None:
    history: list[Message] = []
    told = []
    for round_number in range(5):
        delay = notice(
            MessageKind.DELAY, occasion=20 + round_number, end_minutes=120 + 30 * round_number
        )
        new = [
            replace(message, queued_at=NOON + timedelta(minutes=round_number))
            for message in decided(delay, history=history)
        ]
        history.extend(new)
        told.append(bool(new))
    assert told == [True, True, True, False, False]


def test_a_delay_without_a_new_window_tells_nothing() -> None:
    empty = replace(notice(MessageKind.DELAY), facts=MessageFacts(reference="A", merchant="T"))
    assert decided(empty) == []


def at_santiago(hour: int, minute: int = 0, day: int = 30) -> datetime:
    return datetime(2026, 11, day, hour + 3, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (at_santiago(20, 59), at_santiago(20, 59)),
        (datetime(2026, 12, 1, 0, 0, tzinfo=UTC), datetime(2026, 12, 1, 11, 0, tzinfo=UTC)),
        (at_santiago(3), at_santiago(8)),
        (at_santiago(7, 59), at_santiago(8)),
        (at_santiago(8), at_santiago(8)),
    ],
)
def test_from_nine_at_night_to_eight_it_waits(now: datetime, due: datetime) -> None:
    assert due_at(MessageKind.ORDER_CONFIRMED, Channel.EMAIL, POLICY, now) == due


def test_who_is_at_the_door_does_not_wait_and_the_bandeja_wakes_nobody() -> None:
    night = at_santiago(3)
    assert due_at(MessageKind.NEXT_STOP, Channel.SMS, POLICY, night) == night
    assert due_at(MessageKind.ORDER_CONFIRMED, Channel.TRAY, POLICY, night) == night


def test_a_message_holds_no_name_and_no_address() -> None:
    for message in decided(notice()):
        assert "Ana" not in repr(message)
        assert "example.cl" not in repr(message)
        assert "912345678" not in repr(message)
