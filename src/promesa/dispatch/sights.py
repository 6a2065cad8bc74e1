"""What the torre looks at: a route as tracking shows it, and a line of 'Qué mirar'. Values only."""

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
    LATE_START = "late_start"
    SILENT_PHONE = "silent_phone"
    FAILED_STOPS = "failed_stops"
    ADDRESS = "address"
    UNPLANNED = "unplanned"


class ActionKind(StrEnum):
    """What the torre's button does."""

    PROPOSAL = "proposal"
    CALL = "call"
    REVIEW = "review"
    DECIDE = "decide"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAction:
    """The button beside the line."""

    kind: ActionKind
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayException:
    """One line of 'Qué mirar'.

    Attributes:
        key: The same thing has the same key as long as it lasts.
        in_play: Promises that depend on it.
    """

    key: str
    kind: ExceptionKind
    risk: PromiseRisk
    title: str
    count_label: str
    why: str
    proposal: str
    in_play: int
    route_id: UUID | None = None
    order_id: UUID | None = None
    action: ProposedAction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSight:
    """A route with what tracking knows of it.

    Attributes:
        seen: None while tracking does not follow it.
        promised: The window told last, by order id.
        broke_down_at: When the driver or the torre said so.
    """

    route: Route
    version: RouteVersion
    stops: Mapping[UUID, Stop]
    seen: RouteSnapshot | None
    promised: Mapping[UUID, TimeWindow] = field(default_factory=dict)
    streets: Mapping[UUID, str] = field(default_factory=dict)
    broke_down_at: datetime | None = None

    @property
    def open_stops(self) -> list[PlannedStop]:
        """Still to be visited, by sequence."""
        return [
            planned
            for planned in self.version.stops
            if planned.stop_id in self.stops
            and self.stops[planned.stop_id].state is not StopState.CLOSED
        ]

    def count(self, *risks: PromiseRisk) -> int:
        """Open stops at one of these risks."""
        if self.seen is None:
            return 0
        return sum(1 for s in self.open_stops if self.seen.risks.get(s.stop_id) in risks)
