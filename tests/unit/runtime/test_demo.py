"""What a visitor of the demo may turn, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from uuid import UUID

import pytest

from promesa.kernel.clock import ScaledClock
from promesa.kernel.ids import derived_id
from promesa.runtime.demo import Demo, DemoNotReadyError

NOON = datetime(2026, 10, 5, 15, 30, tzinfo=UTC)
FIRST, SECOND = derived_id("route", 1), derived_id("route", 2)


class Vans:
    """Notes who drives what."""

    def __init__(self) -> None:
        self.told: list[tuple[str, UUID]] = []

    async def hand_over(self, route_id: UUID, _at: datetime) -> None:
        self.told.append(("over", route_id))

    async def take_back(self, route_id: UUID, _at: datetime) -> None:
        self.told.append(("back", route_id))


def codes() -> Iterator[str]:
    return (f"code-{number}" for number in count(1))


def a_demo(*, wheel: Vans | None = None, is_open: bool = True) -> Demo:
    drawn = codes()
    return Demo(
        clock=ScaledClock(NOON, speed=0),
        tenant_id=derived_id("tenant"),
        user_id=derived_id("user"),
        label="Cyber Monday",
        draw_code=None if is_open else lambda: next(drawn),
        wheel=wheel,
        speed=60.0,
    )


def test_on_this_machine_everybody_comes_in() -> None:
    assert a_demo().admits(None)


def test_a_code_opens_once_and_then_there_is_another() -> None:
    demo = a_demo(is_open=False)
    assert not demo.admits(None)
    assert not demo.admits("code-2")
    assert demo.admits("code-1")
    assert not demo.admits("code-1")
    assert demo.admits("code-2")


async def test_who_takes_a_van_slows_the_clock_and_has_one_van_at_a_time() -> None:
    vans = Vans()
    demo = a_demo(wheel=vans)
    await demo.take_wheel(FIRST)
    await demo.take_wheel(FIRST)
    assert demo.speed == 1.0
    await demo.take_wheel(SECOND)
    assert vans.told == [("over", FIRST), ("back", FIRST), ("over", SECOND)]


async def test_a_clock_faster_than_a_person_gives_the_van_back() -> None:
    vans = Vans()
    demo = a_demo(wheel=vans)
    await demo.take_wheel(FIRST)
    await demo.set_pace(0)
    await demo.set_pace(1)
    assert vans.told == [("over", FIRST)]
    await demo.set_pace(60)
    assert vans.told == [("over", FIRST), ("back", FIRST)]
    assert demo.visited is None


async def test_before_the_day_runs_nothing_can_be_turned() -> None:
    demo = a_demo()
    with pytest.raises(DemoNotReadyError):
        await demo.set_pace(60)
    with pytest.raises(DemoNotReadyError):
        await demo.take_wheel(FIRST)
    with pytest.raises(DemoNotReadyError):
        demo.ask_to_fall()
