"""A driver's phone: an outbox in order, a network that fails, a clock that may be wrong.

What it sends is what a real phone would: events and positions with ids of its own, again until
they are answered.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.simulator.client import Api
from promesa.simulator.world_file import PhonesWorld

EVENTS_PER_POST = 100
FIXES_PER_POST = 300
# A phone that saves its battery sends a few positions together.
FIXES_GATHERED = 4
_M_PER_DEGREE = 111_195.0
_OUTLIER_M = 4_000.0


@dataclass(slots=True)
class PhoneLog:
    """What a phone was told became of its messages.

    Attributes:
        acknowledged: Ids of events the platform said it has.
        refused: Ids and codes of those it would not use.
        refused_pictures: Of stops that went to another van while the picture waited.
    """

    acknowledged: set[UUID] = field(default_factory=set)
    refused: dict[UUID, str] = field(default_factory=dict)
    refused_pictures: set[UUID] = field(default_factory=set)


class Phone:
    """Sends what its driver does, when the network lets it."""

    def __init__(self, api: Api, name: str, world: PhonesWorld, draw: random.Random) -> None:
        self._api = api
        self._name = name
        self._world = world
        self._draw = draw
        self._events: list[dict[str, Any]] = []
        self._fixes: list[dict[str, Any]] = []
        self._pictures: list[tuple[UUID, dict[str, str], bytes]] = []
        self._count = 0
        self._silent_until: datetime | None = None
        is_off = draw.random() < world.clock_off
        self._clock_error = timedelta(minutes=draw.choice((-7, -3, 1.5)) if is_off else 0)
        self.log = PhoneLog()

    def tell(self, kind: str, at: datetime, position: Position | None, **content: Any) -> UUID:
        """Puts an event into the outbox; returns the id the phone gave it."""
        self._count += 1
        event_id = derived_id("phone", self._name, self._count)
        event: dict[str, Any] = {
            "id": str(event_id),
            "type": kind,
            "occurred_at": (at + self._clock_error).isoformat(),
            **content,
        }
        if position is not None:
            event["position"] = [position.lon, position.lat]
        self._events.append(event)
        return event_id

    def see(self, at: datetime, position: Position, speed_mps: float) -> None:
        """Puts a position into the outbox, as a GPS receiver would see it."""
        world, draw = self._world, self._draw
        sigma = world.gps_noise_m / _M_PER_DEGREE
        if draw.random() < world.gps_outlier:
            sigma = _OUTLIER_M / _M_PER_DEGREE
        self._count += 1
        seen = Position(lon=draw.gauss(position.lon, sigma), lat=draw.gauss(position.lat, sigma))
        self._fixes.append(
            {
                "id": str(derived_id("fix", self._name, self._count)),
                "at": (at + self._clock_error).isoformat(),
                "position": [seen.lon, seen.lat],
                "accuracy_m": world.gps_noise_m,
                "speed_mps": round(speed_mps, 1),
            }
        )

    def keep_picture(self, picture_id: UUID, fields: dict[str, str], content: bytes) -> None:
        """Puts a picture into the outbox."""
        self._pictures.append((picture_id, fields, content))

    def fall_silent(self, until: datetime) -> None:
        """The battery or the network is gone until then; nothing is lost."""
        self._silent_until = max(until, self._silent_until or until)

    def is_silent(self, now: datetime) -> bool:
        """Whether nothing goes out or comes in now."""
        return self._silent_until is not None and now < self._silent_until

    def enter_dead_spot(self, now: datetime) -> None:
        """A basement, now and then: what is told there goes later."""
        if self._draw.random() < self._world.late:
            wait_s = self._world.late_median_s * self._draw.lognormvariate(0.0, 0.5)
            self.fall_silent(now + timedelta(seconds=wait_s))

    async def flush_positions(self, now: datetime) -> None:
        """Sends the positions gathered so far, a few at a time."""
        if len(self._fixes) >= FIXES_GATHERED and not self.is_silent(now):
            await self._send_fixes()

    async def flush(self, now: datetime) -> None:
        """Sends everything that waits, in order, some of it twice."""
        if self.is_silent(now):
            return
        await self._send_fixes()
        await self._send_pictures()
        await self._send_events()

    async def flush_all(self) -> None:
        """The end of the day at the depot, where there is a network: whatever waits goes."""
        self._silent_until = None
        await self._send_fixes()
        await self._send_pictures()
        await self._send_events()

    async def _send_events(self) -> None:
        while self._events:
            batch = self._events[:EVENTS_PER_POST]
            for _ in range(self._times()):
                answer = await self._api.post("/v1/driver/events", {"events": batch})
                self._note(answer["results"])
            del self._events[: len(batch)]

    async def _send_fixes(self) -> None:
        while self._fixes:
            batch = self._fixes[:FIXES_PER_POST]
            for _ in range(self._times()):
                await self._api.post("/v1/driver/positions", {"fixes": batch})
            del self._fixes[: len(batch)]

    async def _send_pictures(self) -> None:
        while self._pictures:
            picture_id, fields, content = self._pictures[0]
            for _ in range(self._times()):
                path = f"/v1/driver/evidence/{picture_id}"
                if not await self._api.try_put_form(path, fields, content):
                    self.log.refused_pictures.add(picture_id)
            del self._pictures[0]

    def _times(self) -> int:
        return 2 if self._draw.random() < self._world.duplicate else 1

    def _note(self, results: list[dict[str, Any]]) -> None:
        for result in results:
            event_id = UUID(result["id"])
            if result["status"] == "refused":
                self.log.refused[event_id] = str(result["code"])
            else:
                self.log.acknowledged.add(event_id)
