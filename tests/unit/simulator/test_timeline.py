from __future__ import annotations

from datetime import UTC, datetime, timedelta

from promesa.simulator.timeline import Timeline

NOON = datetime(2026, 10, 5, 15, tzinfo=UTC)


async def nothing(_at: datetime) -> None:
    """A deed without effect."""


def test_what_is_due_first_comes_first() -> None:
    timeline = Timeline()
    timeline.plan(NOON + timedelta(minutes=2), nothing)
    timeline.plan(NOON, nothing)

    due = timeline.pop_due(NOON + timedelta(minutes=1))

    assert due is not None
    assert due[0] == NOON
    assert timeline.pop_due(NOON + timedelta(minutes=1)) is None
    assert timeline.next_at == NOON + timedelta(minutes=2)


def test_deeds_of_one_instant_keep_the_order_they_were_planned_in() -> None:
    timeline = Timeline()
    deeds = [Deed() for _ in range(3)]
    for deed in deeds:
        timeline.plan(NOON, deed)

    popped = [timeline.pop_due(NOON) for _ in deeds]

    assert [pair[1] for pair in popped if pair] == deeds


class Deed:
    """One of several that are alike."""

    async def __call__(self, at: datetime) -> None:
        """Has no effect."""
