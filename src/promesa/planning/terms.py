"""What orders ask of a route besides window, load and skills, as the routing problem has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from promesa.domain.order import RouteTerms
from promesa.planning.crews import Crews
from promesa.planning.travel import DayMap
from promesa.routing.problem import Bond, Stop


def on_terms(stop: Stop, terms: RouteTerms, crews: Crews, day_map: DayMap) -> Stop:
    """The stop with the vehicles its order names, and without those that cannot get there."""
    excluded = crews.named(terms.never_vehicles) | _closed_to(stop.location, crews, day_map)
    pinned, skills = None, stop.skills
    if terms.only_vehicle is not None:
        named = crews.named(frozenset({terms.only_vehicle}))
        if len(named) == 1:
            pinned = next(iter(named))
        elif named:
            excluded |= frozenset(vehicle.id for vehicle in crews.vehicles) - named
        else:
            # Nobody has it that day, which a dispatcher reads as the reason.
            called = crews.plates.get(terms.only_vehicle, terms.only_vehicle)
            skills |= {f"el vehículo {called}"}
    return replace(stop, excluded_vehicles=excluded, pinned_vehicle=pinned, skills=skills)


def bonds_of(asked: Sequence[tuple[UUID | None, RouteTerms]]) -> tuple[Bond, ...]:
    """The bonds among the stops of a day, each with its merchant and terms.

    One whose others are not due binds nobody.
    """
    groups: dict[tuple[UUID | None, str], list[int]] = defaultdict(list)
    for index, (merchant_id, terms) in enumerate(asked):
        if terms.bond is not None:
            groups[merchant_id, terms.bond].append(index)
    ranks = [terms.bond_rank for _, terms in asked]
    return tuple(_bond(group, ranks) for group in groups.values() if len(group) > 1)


def _bond(group: Sequence[int], ranks: Sequence[int | None]) -> Bond:
    """In order where each has a rank of its own."""
    known = {rank: index for index in group if (rank := ranks[index]) is not None}
    if len(known) < len(group):
        return Bond(stops=tuple(group))
    return Bond(stops=tuple(known[rank] for rank in sorted(known)), in_order=True)


def _closed_to(location: int, crews: Crews, day_map: DayMap) -> frozenset[str]:
    pairs = zip(crews.vehicles, crews.profiles, strict=True)
    return frozenset(
        vehicle.id for vehicle, profile in pairs if location in day_map.closed[profile]
    )
