"""What orders ask of a route besides window, load and skills, as the routing problem has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from promesa.domain.order import Order, RouteTerms
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
            skills |= {f"el vehículo {terms.only_vehicle}"}
    return replace(stop, excluded_vehicles=excluded, pinned_vehicle=pinned, skills=skills)


def bonds_of(orders: Sequence[Order]) -> tuple[Bond, ...]:
    """The bonds among orders of a day; one whose others are not due binds nobody."""
    groups: dict[tuple[UUID, str], list[int]] = defaultdict(list)
    for index, order in enumerate(orders):
        if order.terms.bond is not None:
            groups[order.merchant_id, order.terms.bond].append(index)
    return tuple(_bond(orders, group) for group in groups.values() if len(group) > 1)


def _bond(orders: Sequence[Order], group: Sequence[int]) -> Bond:
    ranks = [rank for index in group if (rank := orders[index].terms.bond_rank) is not None]
    if len(set(ranks)) < len(group):
        return Bond(stops=tuple(group))
    return Bond(
        stops=tuple(sorted(group, key=lambda i: orders[i].terms.bond_rank or 0)), in_order=True
    )


def _closed_to(location: int, crews: Crews, day_map: DayMap) -> frozenset[str]:
    pairs = zip(crews.vehicles, crews.profiles, strict=True)
    return frozenset(
        vehicle.id for vehicle, profile in pairs if location in day_map.closed[profile]
    )
