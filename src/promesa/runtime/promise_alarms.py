"""The alarm of promises of every operator: looked at each hour, told once when it changes.

What was told last is read from the log, so that a restart tells nothing twice; the id of a change
is made of the one before it, so that two who find it at once record it once.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from promesa.domain.events import ALARM_CHANGED, Event
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.alarm import WATCHED_FOR, Alarm, AlarmState, watch
from promesa.promising.offers import OfferTerms
from promesa.runtime.access import system_actor
from promesa.runtime.repository import PlatformStore

LOOKED_FOR = timedelta(hours=1)
# A phone without a signal tells of a day's visits in the morning after, and so do people: until
# then what is open is unknown, and not late.
SETTLED_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found, and what was told of it.

    Attributes:
        zone: That days are of.
        told: The newest change that was told; None before the first.
    """

    at: datetime
    alarm: Alarm
    zone: str
    told: Event | None

    @property
    def was(self) -> AlarmState:
        """What was told last."""
        return _state_of(self.told)

    @property
    def is_to_tell(self) -> bool:
        """Whether it rings and was not told so, or was told and rings no more."""
        return self.alarm.state is not self.was and (
            self.alarm.state.is_ringing or self.was.is_ringing
        )

    def is_of(self, now: datetime) -> bool:
        """Whether nobody need look again."""
        today, looked = ServiceDay.of(now, self.zone), ServiceDay.of(self.at, self.zone)
        return today == looked and timedelta(0) <= now - self.at < LOOKED_FOR


@dataclass(slots=True)
class PromiseAlarms:
    """The last look at each operator."""

    _looks: dict[UUID, Look] = field(default_factory=dict)

    async def look(self, tx: PlatformStore, now: datetime) -> Look:
        """The look of this hour; made where there is none."""
        look = self._looks.get(tx.tenant_id)
        if look is None or not look.is_of(now):
            look = self._looks[tx.tenant_id] = await _look(tx, now)
        return look

    def last(self, tenant_id: UUID) -> Look | None:
        """The last look that was made, whenever; None before the first."""
        return self._looks.get(tenant_id)

    def is_done(self, tenant_id: UUID, now: datetime) -> bool:
        """Whether this hour's look was made, and what it found was told."""
        look = self._looks.get(tenant_id)
        return look is not None and look.is_of(now) and not look.is_to_tell

    def note_told(self, tenant_id: UUID, change: Event) -> None:
        """What the last look found is in the log."""
        self._looks[tenant_id] = replace(self._looks[tenant_id], told=change)

    def count(self, state: AlarmState) -> int:
        """Of how many operators it was found at the last look."""
        return sum(look.alarm.state is state for look in self._looks.values())


def change_of(look: Look, tenant_id: UUID, now: datetime) -> Event:
    """What there is to tell of a look; the same look tells the same event."""
    state, drift = look.alarm.state, look.alarm.drift
    data: dict[str, object] = {"state": state.value, "was": look.was.value}
    if drift is not None:
        data |= {
            "since": drift.since.isoformat(),
            "promises": drift.promises,
            "late": drift.late,
            "late_stated": round(drift.late_stated, 1),
        }
    elif look.told is not None:
        data["since"] = look.told.data["since"]
    return Event(
        id=derived_id(ALARM_CHANGED, tenant_id, look.told and look.told.id, state.value),
        type=ALARM_CHANGED,
        subject_kind="tenant",
        subject_id=tenant_id,
        occurred_at=now,
        recorded_at=now,
        actor=system_actor(tenant_id),
        data=data,
    )


async def _look(tx: PlatformStore, now: datetime) -> Look:
    record = await tx.promise_terms.find()
    zone = (record.terms if record else OfferTerms()).zone
    # Of a day under way those kept early are known, and those that will be late are not.
    end = ServiceDay.of(now - SETTLED_AFTER, zone).start
    days = await tx.reservations.list_promise_days(end - WATCHED_FOR, end, zone)
    told = await tx.events.find_alarm_change()
    return Look(at=now, alarm=watch(days, _state_of(told)), zone=zone, told=told)


def _state_of(told: Event | None) -> AlarmState:
    return AlarmState.CALM if told is None else AlarmState(str(told.data["state"]))
