"""When orders usually arrive where nobody knows with what vans: learnt each day, once asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from promesa.planning.demand.history import OrderFlow
from promesa.promising.alarm import AlarmState
from promesa.promising.lead_time_model import (
    Lane,
    LeadTimeModel,
    fit_lead_times,
    watch_lead_times,
)

# Deliveries of half a year: older ones were made with another fleet.
LEARNT_DAYS = 180

ReadFlows = Callable[[], Awaitable[list[OrderFlow]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualArrival:
    """By when an order usually arrives.

    Attributes:
        share: Of orders, those that arrive by then.
        lane_deliveries: On how many of this depot and comuna it rests; 0 leans on all others.
        deliveries: On how many of the newest the share rests.
        drift: What the newest days say of those before them.
    """

    by: date
    days: int
    share: float
    lane_deliveries: int
    deliveries: int
    drift: AlarmState


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntLanes:
    """What a day's model says; None where too little was delivered."""

    day: date
    model: LeadTimeModel | None
    drift: AlarmState = AlarmState.UNKNOWN


@dataclass(slots=True)
class LeadTimes:
    """The lanes of one operator, learnt anew each day."""

    learnt: LearntLanes | None = None
    _learning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ready(self, read: ReadFlows, *, today: date) -> LearntLanes:
        """Today's; who comes second waits for the first."""
        async with self._learning:
            if self.learnt is None or self.learnt.day != today:
                flows = await read()
                self.learnt = await asyncio.to_thread(_learn, flows, today)
            return self.learnt


def usual_arrival(
    learnt: LearntLanes, lane: Lane, *, share: float, today: date
) -> UsualArrival | None:
    """By when an order placed today arrives with those odds; None where deliveries do not tell."""
    if learnt.model is None:
        return None
    days = learnt.model.days_for(lane, today, share)
    if days is None:
        return None
    own = learnt.model.lanes.get(lane)
    return UsualArrival(
        by=today + timedelta(days=days),
        days=days,
        share=learnt.model.share_within(lane, today, days),
        lane_deliveries=own.deliveries if own is not None else 0,
        deliveries=len(learnt.model.scores),
        drift=learnt.drift,
    )


def _learn(flows: list[OrderFlow], today: date) -> LearntLanes:
    """A processor's second of a large operator's half year: not on the loop that serves."""
    return LearntLanes(
        day=today,
        model=fit_lead_times(flows, today=today),
        drift=watch_lead_times(flows, today=today).state,
    )
