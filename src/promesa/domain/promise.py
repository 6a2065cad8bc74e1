"""The promise: the window told to the recipient. The first is immutable; each later one is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow

# A cause that begins so says that we are late.
DELAY = "delay"


class PromiseFate(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    EARLY = "early"
    LATE = "late"
    BROKEN = "broken"  # Not delivered on the promised day.
    RELEASED = "released"  # The recipient or merchant asked for something else.


class PromiseRisk(StrEnum):
    """How a pending promise stands; the five meanings of the screens, closed included."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    LATE = "late"
    FAILED = "failed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Version ``version`` (from 1) of what an order's recipient was told."""

    order_id: UUID
    version: int
    window: TimeWindow
    made_at: datetime
    cause: str  # A code: order_confirmed, rescheduled_by_recipient, delay, …
    fate: PromiseFate = PromiseFate.OPEN

    @property
    def is_delay(self) -> bool:
        """Whether it was told because we are late."""
        return self.cause.startswith(DELAY)


def judge(promise: Promise, delivered_at: datetime) -> PromiseFate:
    """The fate of a promise whose order was delivered at ``delivered_at``."""
    if delivered_at < promise.window.start:
        return PromiseFate.EARLY
    return PromiseFate.KEPT if delivered_at <= promise.window.end else PromiseFate.LATE


def standing_promise(versions: Sequence[Promise], day: ServiceDay) -> Promise | None:
    """The newest window of ``day`` not told because we are late; the first one of it otherwise.

    What was promised for a day belongs to that day, wherever the order goes afterwards.
    """
    told = [promise for promise in versions if day.start <= promise.window.start < day.end]
    own = [promise for promise in told if not promise.is_delay]
    return own[-1] if own else next(iter(told), None)


def counting_promises(
    told: Mapping[UUID, Sequence[Promise]], day: ServiceDay
) -> dict[UUID, Promise]:
    """The promise that counts on ``day`` for each order: the standing one, else the last told."""
    return {
        order_id: standing_promise(versions, day) or versions[-1]
        for order_id, versions in told.items()
        if versions
    }


def windows_to_keep(
    told: Mapping[UUID, Sequence[Promise]], day: ServiceDay
) -> dict[UUID, TimeWindow]:
    """The window that counts for each order, whatever later one we told for being late."""
    return {
        order_id: promise.window
        for order_id, promise in counting_promises(told, day).items()
        if promise.fate is PromiseFate.OPEN
    }


def windows_told(told: Mapping[UUID, Sequence[Promise]]) -> dict[UUID, TimeWindow]:
    """The window told last to each, as long as it is open."""
    return {
        order_id: versions[-1].window
        for order_id, versions in told.items()
        if versions and versions[-1].fate is PromiseFate.OPEN
    }
