"""What a dispatcher draws on the map: a street that is closed or slow, for how long, and why.

A mark is a row with its author; taking it away keeps the row, so that it can be put back. Which
streets the line runs along is the roads' business: a new map may say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.domain.events import Event
from promesa.kernel.clock import Clock
from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position
from promesa.kernel.ids import Ids
from promesa.orders.repository import EventRepository
from promesa.roads.overlay import SPEED_KPH_MIN
from promesa.roads.profiles import SPEED_KPH_MAX

# Works in a street are announced for a season at most.
SPAN_MAX = timedelta(days=92)
REASON_CHARS_MAX = 200
# A dispatcher draws a handful a day; a list of so many is a feed and belongs in one.
MARKS_MAX = 500


class MarkInvalidError(InvalidError):
    """The speed or the span of a mark cannot be meant."""

    code: ClassVar[str] = "traffic_mark_invalid"
    message: ClassVar[str] = (
        "La marca no sirve: revisa la velocidad y desde cuándo hasta cuándo vale (hasta 92 días)."
    )


class MarkWithoutStreetError(InvalidError):
    """No street of the map is near the line."""

    code: ClassVar[str] = "traffic_mark_without_street"
    message: ClassVar[str] = "Ahí no hay una calle del mapa. Haz clic sobre la calle o dibújala."


class TooManyMarksError(InvalidError):
    """More marks hold than a person draws."""

    code: ClassVar[str] = "traffic_marks_too_many"
    message: ClassVar[str] = f"Hay {MARKS_MAX} marcas vigentes. Quita las que ya no valen."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficMark:
    """A street that a person says is closed or slow.

    Attributes:
        line: Along the street, in the direction of travel; one position is the street under it.
        is_both_ways: Whether it holds in both directions, where the street has both.
        speed_kph: None when it is closed.
        start, end: From when until when.
        author_id: The user who drew it.
        removed_at: Since when it holds no more; None while it does.
    """

    id: UUID
    line: tuple[Position, ...]
    is_both_ways: bool
    speed_kph: float | None
    reason: str
    start: datetime
    end: datetime
    author_id: UUID
    made_at: datetime
    removed_at: datetime | None = None


class MarkRepository(Protocol):
    """The marks of one tenant."""

    async def put(self, mark: TrafficMark) -> None:
        """Adds or replaces by id."""
        ...

    async def get(self, mark_id: UUID) -> TrafficMark: ...
    async def list_standing(self, now: datetime) -> list[TrafficMark]:
        """Those not removed and not over at ``now``, by start and id."""
        ...


class MarkStore(Protocol):
    """The unit of work as marks see it."""

    @property
    def traffic_marks(self) -> MarkRepository: ...
    @property
    def events(self) -> EventRepository: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What a dispatcher asks for."""

    line: tuple[Position, ...]
    is_both_ways: bool
    speed_kph: float | None
    reason: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Who draws, and what a record of it needs."""

    actor: Actor
    clock: Clock
    ids: Ids
    request_id: str | None = None


async def draw_mark(tx: MarkStore, drawing: Drawing, hand: Hand) -> TrafficMark:
    """Keeps a mark whose line is known to lie on a street.

    Raises:
        MarkInvalidError: Speed or span cannot be meant.
        TooManyMarksError: MARKS_MAX hold already.
    """
    now = hand.clock.now()
    is_span = drawing.start < drawing.end <= drawing.start + SPAN_MAX and drawing.end > now
    kph = drawing.speed_kph
    if not is_span or (kph is not None and not SPEED_KPH_MIN <= kph <= SPEED_KPH_MAX):
        raise MarkInvalidError
    if len(await tx.traffic_marks.list_standing(now)) >= MARKS_MAX:
        raise TooManyMarksError
    mark = TrafficMark(
        id=hand.ids.next(),
        line=drawing.line,
        is_both_ways=drawing.is_both_ways,
        speed_kph=kph,
        reason=drawing.reason,
        start=drawing.start,
        end=drawing.end,
        author_id=hand.actor.id,
        made_at=now,
    )
    await tx.traffic_marks.put(mark)
    await _record(tx, "traffic.marked", mark, hand)
    return mark


async def remove_mark(tx: MarkStore, mark_id: UUID, hand: Hand) -> TrafficMark:
    """Takes a mark away; one that is gone already stays as it is."""
    mark = await tx.traffic_marks.get(mark_id)
    if mark.removed_at is not None:
        return mark
    removed = replace(mark, removed_at=hand.clock.now())
    await tx.traffic_marks.put(removed)
    await _record(tx, "traffic.unmarked", removed, hand)
    return removed


async def restore_mark(tx: MarkStore, mark_id: UUID, hand: Hand) -> TrafficMark:
    """Puts a mark back that was taken away; it holds until the end it was given."""
    mark = await tx.traffic_marks.get(mark_id)
    if mark.removed_at is None:
        return mark
    restored = replace(mark, removed_at=None)
    await tx.traffic_marks.put(restored)
    await _record(tx, "traffic.marked", restored, hand)
    return restored


async def _record(tx: MarkStore, kind: str, mark: TrafficMark, hand: Hand) -> None:
    now = hand.clock.now()
    event = Event(
        id=hand.ids.next(),
        type=kind,
        subject_kind="traffic_mark",
        subject_id=mark.id,
        occurred_at=now,
        recorded_at=now,
        actor=hand.actor,
        request_id=hand.request_id,
        data={
            "speed_kph": mark.speed_kph,
            "start": mark.start.isoformat(),
            "end": mark.end.isoformat(),
        },
    )
    await tx.events.record(event)
