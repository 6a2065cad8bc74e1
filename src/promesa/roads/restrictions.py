"""Turns that signs forbid, to whom and when: restriction relations of OpenStreetMap.

https://wiki.openstreetmap.org/wiki/Relation:restriction. A restriction that leads through a way
instead of a node is counted and not used: a turn knows the edge before it and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from promesa.roads.schedules import Schedule, read_clauses
from promesa.roads.vehicles import ALL_KINDS, MOTOR_KINDS, VehicleKind

_KINDS_OF_NAME = {
    "motorcar": VehicleKind.VAN,
    "goods": VehicleKind.VAN,
    "hgv": VehicleKind.TRUCK,
    "motorcycle": VehicleKind.MOTORCYCLE,
    "bicycle": VehicleKind.BICYCLE,
    "motor_vehicle": MOTOR_KINDS,
    "vehicle": ALL_KINDS,
}
_CONDITIONAL = "restriction:conditional"
RESTRICTION_KEYS = (
    "restriction",
    _CONDITIONAL,
    *(f"restriction:{name}" for name in _KINDS_OF_NAME),
)

CountIgnored = Callable[[str], None]
# Role, type ("n" or "w") and id.
Member = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TurnRestriction:
    """A turn that is forbidden, or the only one allowed, from a way through a node to a way.

    Attributes:
        applies_to: Kinds of vehicle.
        schedule: When; None for always.
    """

    from_way: int
    via_node: int
    to_way: int
    is_only: bool
    applies_to: VehicleKind = ALL_KINDS
    schedule: Schedule | None = None


def read_restrictions(
    tags: Mapping[str, str], members: Sequence[Member], count_ignored: CountIgnored
) -> list[TurnRestriction]:
    """The forbidden turns of one relation; a street nobody may enter has one for each way in."""
    rules = list(_rules(tags, count_ignored))
    if not rules:
        return []
    via = [ref for role, kind, ref in members if (role, kind) == ("via", "n")]
    leaving = [ref for role, kind, ref in members if (role, kind) == ("from", "w")]
    entered = [ref for role, kind, ref in members if (role, kind) == ("to", "w")]
    if any((role, kind) == ("via", "w") for role, kind, _ in members):
        count_ignored("restriction via way")
        return []
    if len(via) != 1 or not leaving or not entered:
        count_ignored("restriction incomplete")
        return []
    return [
        TurnRestriction(
            from_way=from_way,
            via_node=via[0],
            to_way=to_way,
            is_only=is_only,
            applies_to=applies_to,
            schedule=schedule,
        )
        for is_only, applies_to, schedule in rules
        for from_way, to_way in product(leaving, entered)
    ]


def _rules(
    tags: Mapping[str, str], count_ignored: CountIgnored
) -> Iterator[tuple[bool, VehicleKind, Schedule | None]]:
    excepted = VehicleKind(0)
    for name in tags.get("except", "").split(";"):
        excepted |= _KINDS_OF_NAME.get(name.strip(), VehicleKind(0))
    said = [("restriction", ALL_KINDS)]
    said += [(f"restriction:{name}", kinds) for name, kinds in _KINDS_OF_NAME.items()]
    for key, kinds in said:
        if _is_rule(tags.get(key, "")):
            yield tags[key].startswith("only_"), kinds & ~excepted, None
    for value, schedule in read_clauses(tags.get(_CONDITIONAL, "")):
        if schedule is None or not _is_rule(value):
            count_ignored(_CONDITIONAL)
        else:
            yield value.startswith("only_"), ALL_KINDS & ~excepted, schedule


def _is_rule(value: str) -> bool:
    return value.startswith(("no_", "only_"))
