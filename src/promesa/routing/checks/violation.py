"""What a plan must keep, and what is said when it does not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What a plan must keep."""

    STOP_UNKNOWN = "stop_unknown"
    STOP_MISSING = "stop_missing"
    STOP_REPEATED = "stop_repeated"
    VEHICLE_UNKNOWN = "vehicle_unknown"
    VEHICLE_REPEATED = "vehicle_repeated"
    SKILL_MISSING = "skill_missing"
    PIN_BROKEN = "pin_broken"
    EXCLUDED = "excluded"
    STOPS_MAX = "stops_max"
    BOND_SPLIT = "bond_split"
    BOND_ORDER = "bond_order"
    CAPACITY = "capacity"
    LOAD_WRONG = "load_wrong"
    TRIPS_MAX = "trips_max"
    RELOAD_WRONG = "reload_wrong"
    SHIFT_START = "shift_start"
    LATEST_START = "latest_start"
    SHIFT_END = "shift_end"
    OVERTIME = "overtime"
    OVERTIME_WRONG = "overtime_wrong"
    WINDOW_MISSED = "window_missed"
    BREAK_MISSED = "break_missed"
    BREAK_WRONG = "break_wrong"
    DRIVING_MAX = "driving_max"
    DRIVING_WRONG = "driving_wrong"
    DUTY_MAX = "duty_max"
    TRAVEL_TIME = "travel_time"
    UNREACHABLE = "unreachable"
    SERVICE_TIME = "service_time"
    DISTANCE_WRONG = "distance_wrong"
    COST_WRONG = "cost_wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One rule broken, and by how much.

    Attributes:
        vehicle: Id, or None if no vehicle is at fault; so is ``stop``.
    """

    rule: Rule
    amount: int
    unit: str
    sentence: str
    vehicle: str | None = None
    stop: str | None = None
