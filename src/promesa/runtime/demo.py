"""What a visitor of the demo can turn: the clock, the wheel of a van, a server that falls.

Exists only while `promesa demo` runs; a real platform has no such thing.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.kernel.clock import ScaledClock
from promesa.kernel.errors import ConflictError
from promesa.runtime.recount import Comparison

# A visitor who delivers a stop needs the pace of a person.
SPEED_OF_A_VISITOR = 1.0
SPEED_MAX = 600.0


class DemoNotReadyError(ConflictError):
    """The day is not planned yet, or is over."""

    code: ClassVar[str] = "demo_not_ready"
    message = "El día simulado no está en marcha: aún se prepara, o ya terminó."


class DemoPhase(StrEnum):
    """What is being done; the screen has the words."""

    PREPARING = "preparing"
    RESUMING = "resuming"
    MORNING = "morning"
    RUNNING = "running"
    OVER = "over"


class Wheel(Protocol):
    """How a visitor gets a van of the simulated day, and its driver gets it back."""

    async def hand_over(self, route_id: UUID, at: datetime) -> None: ...
    async def take_back(self, route_id: UUID, at: datetime) -> None: ...


@dataclass(slots=True, kw_only=True)
class Demo:
    """The demo's switches.

    Attributes:
        user_id: Who the visitor is signed in as.
        draw_code: Makes the codes that let a visitor in; None where everybody may come in.
        code: The one that is good now; it opens once, then there is another.
        speed: What was asked for; the clock stands still while the day catches up with it.
        has_plan: Whether vans have routes, so that there is something to look at.
        wheel: The day that runs; None until it does, and when it is over.
        visited: The route a visitor drives.
        phase: What is being done.
        progress: 0 to 1 until the day runs at its own pace.
        falls: How often the server fell and came back.
        last_fall: What was found then.
    """

    clock: ScaledClock
    tenant_id: UUID
    user_id: UUID
    label: str
    draw_code: Callable[[], str] | None = None
    code: str | None = None
    speed: float = 0.0
    has_plan: bool = False
    wheel: Wheel | None = None
    visited: UUID | None = None
    phase: DemoPhase = DemoPhase.PREPARING
    progress: float = 0.0
    falls: int = 0
    last_fall: Comparison | None = None
    restart: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._change_code()

    def run_at(self, speed: float) -> None:
        """Runs the clock at another pace, and keeps it."""
        self.speed = speed
        self.clock.run_at(speed)

    def hold(self) -> None:
        """Stops the clock for a moment without forgetting its pace."""
        self.clock.run_at(0)

    def go_on(self) -> None:
        """Takes the pace up again."""
        self.clock.run_at(self.speed)

    async def set_pace(self, speed: float) -> None:
        """What a visitor asks for; nobody drives faster than the wall's clock: the van goes back.

        Raises:
            DemoNotReadyError: The day is being prepared, or is over.
        """
        if self.wheel is None:
            raise DemoNotReadyError
        if speed > SPEED_OF_A_VISITOR:
            await self.give_back()
        self.run_at(speed)

    async def take_wheel(self, route_id: UUID) -> None:
        """Gives a van to the visitor, and the one it had before back to its driver.

        Raises:
            DemoNotReadyError: The day is being prepared, or is over.
        """
        if self.wheel is None:
            raise DemoNotReadyError
        if self.visited != route_id:
            await self.give_back()
            self.visited = route_id
            await self.wheel.hand_over(route_id, self.clock.now())
        self.run_at(min(self.speed, SPEED_OF_A_VISITOR))

    async def give_back(self) -> None:
        """The visitor's van goes on by itself."""
        route_id, self.visited = self.visited, None
        if route_id is not None and self.wheel is not None:
            await self.wheel.take_back(route_id, self.clock.now())

    def ask_to_fall(self) -> None:
        """Has the server fall.

        Raises:
            DemoNotReadyError: The day is being prepared, or is over.
        """
        if self.wheel is None:
            raise DemoNotReadyError
        self.restart.set()

    def admits(self, code: str | None) -> bool:
        """Whether a visitor with this code may come in; each code opens once."""
        if self.code is None:
            return True
        if code is None or not hmac.compare_digest(code.encode(), self.code.encode()):
            return False
        self._change_code()
        return True

    def _change_code(self) -> None:
        self.code = self.draw_code() if self.draw_code else None
