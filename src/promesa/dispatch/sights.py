"""What the torre looks at: a route as tracking shows it, and a line of 'Qué mirar'.

Values only: the sentences are made where the language is known, on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from promesa.domain.promise import PromiseRisk
from promesa.domain.route import PlannedStop, Route, RouteVersion
from promesa.domain.stop import Stop, StopState
from promesa.kernel.timewindow import TimeWindow
from promesa.tracking.snapshot import RouteSnapshot


class ExceptionKind(StrEnum):
    """What kind of trouble it is."""

    BREAKDOWN = "breakdown"
    LATE_ROUTE = "late_route"
    SLIGHT_RISK = "slight_risk"
    LATE_START = "late_start"
    SILENT_PHONE = "silent_phone"
    FAILED_STOPS = "failed_stops"
    ADDRESS = "address"
    UNPLANNED = "unplanned"
    CASH_DIFFERS = "cash_differs"
    DELIVERY_DISPUTED = "delivery_disputed"
    PROMISES_WORSE = "promises_worse"
    PROMISES_BETTER = "promises_better"


class ActionKind(StrEnum):
    """What the torre offers to do about it."""

    PROPOSAL = "proposal"
    CALL = "call"
    REVIEW = "review"
    DECIDE = "decide"
    PLAN = "plan"
    INSERT = "insert"
    RESCHEDULE = "reschedule"
    SEE = "see"
    OFFER = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFacts:
    """What is in doubt about one visit.

    Attributes:
        driver: Who told it, as the asker may know them.
        outcome: What the phone told of a disputed delivery; ``why`` is what contradicts it.
        note: The driver's words, for who may read them.
    """

    reference: str
    driver: str | None = None
    cod_due_clp: int | None = None
    cod_collected_clp: int | None = None
    outcome: str | None = None
    why: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionFacts:
    """What a line of 'Qué mirar' says, before it is put into words of any language.

    Attributes:
        promises: How many depend on it, the passed ones too; of a drift, how many came due.
        passed: How many of them have a window that is over.
        late: How many of them will not be kept; of a drift, were not.
        late_stated: How many of a drift were stated not to be.
        since: When the trouble began; for a silent phone, its last sign.
        due: End of the first window that is still to be kept, of what is in trouble.
        heading_to: Street of the van's next stop.
        reasons: Why stops failed, the commonest first, with how often.
        released: Visits that failed and broke no promise: its recipient or merchant let it go.
        visit: What is in doubt about one visit.
    """

    promises: int
    passed: int = 0
    late: int = 0
    late_stated: int = 0
    delay_s: int = 0
    since: datetime | None = None
    due: datetime | None = None
    heading_to: str | None = None
    is_route_seen: bool = True
    route_codes: tuple[str, ...] = ()
    reasons: tuple[tuple[str, int], ...] = ()
    released: int = 0
    visit: VisitFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayException:
    """One line of 'Qué mirar'.

    Attributes:
        key: The same thing has the same key as long as it lasts.
    """

    key: str
    kind: ExceptionKind
    risk: PromiseRisk
    facts: ExceptionFacts
    action: ActionKind
    route_id: UUID | None = None
    order_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtSight:
    """A visit of any day about which a person has still to decide."""

    stop_id: UUID
    order_id: UUID
    kind: ExceptionKind
    at: datetime | None
    route_code: str
    visit: VisitFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftSight:
    """Promises that for days have been broken more often than was stated, or less.

    Attributes:
        since: When the first of those days began.
        promises: How many came due since then; ``late`` of them were not kept.
        late_stated: How many of them were stated not to be.
    """

    is_worse: bool
    since: datetime
    promises: int
    late: int
    late_stated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSight:
    """An order of today that no route carries.

    Attributes:
        window: The promise that counts; None when its recipient was told nothing.
    """

    order_id: UUID
    is_in_review: bool
    window: TimeWindow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSight:
    """A route with what tracking knows of it.

    Attributes:
        seen: None while tracking does not follow it.
        promised: The window that counts, by order id.
        settled: Orders whose failed visit somebody has decided about.
        released: Orders whose promise was let go by who it was made to.
    """

    route: Route
    version: RouteVersion
    stops: Mapping[UUID, Stop]
    seen: RouteSnapshot | None
    promised: Mapping[UUID, TimeWindow] = field(default_factory=dict)
    streets: Mapping[UUID, str] = field(default_factory=dict)
    settled: frozenset[UUID] = frozenset()
    released: frozenset[UUID] = frozenset()

    @property
    def open_stops(self) -> list[PlannedStop]:
        """Still to be visited, by sequence."""
        return [
            planned
            for planned in self.version.stops
            if planned.stop_id in self.stops
            and self.stops[planned.stop_id].state is not StopState.CLOSED
        ]

    def at(self, *risks: PromiseRisk) -> list[PlannedStop]:
        """Open stops at one of these risks."""
        if self.seen is None:
            return []
        return [stop for stop in self.open_stops if self.seen.risks.get(stop.stop_id) in risks]

    def count(self, *risks: PromiseRisk) -> int:
        """How many they are."""
        return len(self.at(*risks))
