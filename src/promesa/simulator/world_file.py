"""The figures of a simulated world, read from TOML; what a file leaves out keeps its default."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from promesa.domain.reasons import REASONS
from promesa.kernel.errors import InvalidError


class WorldFileError(InvalidError):
    """A world file names what does not exist, or a figure out of range."""

    code: ClassVar[str] = "world_invalid"
    message = "El archivo del mundo simulado no sirve. Compáralo con el que trae Promesa."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """How visits end; a share of 1."""

    not_delivered: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersWorld:
    """What orders look like; shares of 1."""

    with_position: float
    cash_on_delivery: float
    second_parcel: float
    window_half_day: float
    window_two_hours: float
    with_email: float
    same_day_pickup: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWorld:
    """Time at the door and at the depot, seconds; ``sigma`` of the logarithm."""

    median_s: float
    sigma: float
    absent_wait_s: float
    load_scan_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelWorld:
    """How real trips differ from the network's."""

    noise_sigma: float
    incidents_per_route: float
    incident_median_s: float
    breakdowns_per_route: float
    breakdown_repair_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PhonesWorld:
    """What phones and networks do to messages."""

    fix_interval_s: float
    gps_noise_m: float
    gps_outlier: float
    duplicate: float
    late: float
    late_median_s: float
    dead_phone: float
    dead_median_s: float
    clock_off: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientsWorld:
    """What people do with their page; shares of 1."""

    open_page: float
    instruct: float
    rate: float
    happy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All figures of a simulated day."""

    outcomes: Outcomes
    reasons: dict[str, float]
    orders: OrdersWorld
    service: ServiceWorld
    travel: TravelWorld
    phones: PhonesWorld
    recipients: RecipientsWorld


def load_world(path: Path | None = None) -> World:
    """The world of ``path`` laid over the one that ships.

    Raises:
        WorldFileError: It cannot be read, or a name or a figure is wrong.
    """
    shipped = resources.files("promesa.simulator") / "data" / "world.toml"
    tree = tomllib.loads(shipped.read_text(encoding="utf-8"))
    if path is not None:
        _overlay(tree, _read(path))
    try:
        world = msgspec.convert(tree, World, strict=False)
    except msgspec.ValidationError as error:
        raise WorldFileError(cause=str(error)) from error
    unknown = sorted(set(world.reasons) - set(REASONS))
    if unknown or abs(sum(world.reasons.values()) - 1.0) > 1e-6:
        raise WorldFileError(cause=f"reasons: {', '.join(unknown) or 'do not add up to 1'}")
    return world


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise WorldFileError(cause=str(error)) from error


def _overlay(tree: dict[str, Any], given: dict[str, Any]) -> None:
    for section, values in given.items():
        if section not in tree or not isinstance(values, dict):
            raise WorldFileError(cause=section)
        if section == "reasons":
            tree[section] = values
            continue
        unknown = sorted(set(values) - set(tree[section]))
        if unknown:
            raise WorldFileError(cause=f"{section}: {', '.join(unknown)}")
        tree[section] |= values
