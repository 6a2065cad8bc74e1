"""What a visitor of the demo can turn: the clock, the visitor's own van, a server that falls.

Exists only while `promesa demo` runs; a real platform has no such thing.
"""

from __future__ import annotations

import asyncio
import hmac
from dataclasses import dataclass, field
from uuid import UUID

from promesa.kernel.clock import ScaledClock

# A visitor who delivers a stop needs the pace of a person.
SPEED_OF_A_VISITOR = 1.0
SPEED_MAX = 600.0


@dataclass(slots=True, kw_only=True)
class Demo:
    """The demo's switches.

    Attributes:
        code: Asked of whoever does not come from this machine; used once.
        user_id: Who the visitor is signed in as.
        speed: What was asked for; the clock stands still while the day catches up with it.
        driver_id: The driver left for the visitor; None until the day is planned.
        phase: What is being done, for the screen.
        progress: 0 to 1 until the day runs at its own pace.
    """

    clock: ScaledClock
    tenant_id: UUID
    user_id: UUID
    code: str | None
    label: str
    speed: float = 0.0
    driver_id: UUID | None = None
    phase: str = "Preparando el día"
    progress: float = 0.0
    restart: asyncio.Event = field(default_factory=asyncio.Event)
    is_code_used: bool = False

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

    def admits(self, code: str | None) -> bool:
        """Whether a visitor with this code may come in; the code opens once."""
        if self.code is None:
            return True
        if self.is_code_used or code is None or not hmac.compare_digest(code, self.code):
            return False
        self.is_code_used = True
        return True
