"""Where the orders of a file go, and which of them no plan may take without a person's yes.

As in the torre: what is more uncertain than the limit needs a yes, one yes covers every position at
street level, and none covers what lies outside the map. An external geocoder is not asked.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, replace

from promesa.domain.place import UNCERTAINTY_M_MAX, PlaceLevel, Placement
from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import Position
from promesa.orders.drafts import OrderDraft
from promesa.roads.city import City
from promesa.routing.words import thousands
from promesa.runtime.geocoders import city_placement

# The code of a fault that one yes takes away.
STREET_LEVEL = "street_level"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedDraft:
    """An order with what the map knows of its door.

    Attributes:
        position: Where to drive; None where nobody may without a person's yes.
        found: What the city's index says; None when the file gave the position.
    """

    draft: OrderDraft
    position: Position | None
    found: Placement | None

    @property
    def is_at_street(self) -> bool:
        """Whether a yes to street level covers it."""
        found = self.found
        return (
            found is not None
            and not found.is_routable
            and found.level is PlaceLevel.STREET
            and not found.is_outside
        )


def place_drafts(
    drafts: Iterable[OrderDraft], city: City, *, accepts_street: bool
) -> tuple[PlacedDraft, ...]:
    """Each order with its place; a position that the file gives is taken as it is."""
    return tuple(_placed(draft, city, accepts_street=accepts_street) for draft in drafts)


def _placed(draft: OrderDraft, city: City, *, accepts_street: bool) -> PlacedDraft:
    if draft.position is not None:
        return PlacedDraft(draft=draft, position=draft.position, found=None)
    found = city_placement(city, draft.address or "", draft.comuna)
    if found is not None:
        is_outside = not city.covers(found.position, draft.comuna or found.comuna)
        found = replace(found, is_outside=is_outside)
    placed = PlacedDraft(draft=draft, position=None, found=found)
    if found is None or not (found.is_routable or (accepts_street and placed.is_at_street)):
        return placed
    return replace(placed, position=found.position)


def refusals(placed: Iterable[PlacedDraft], city: City) -> list[FieldFault]:
    """Why each order without a place has none, and what to do about it."""
    return [_refusal(each, city) for each in placed if each.position is None]


def _refusal(placed: PlacedDraft, city: City) -> FieldFault:
    draft, found = placed.draft, placed.found
    field, code = "address", "not_placed"
    if found is None:
        named = draft.comuna and city.territory.find(draft.comuna) is None
        field = "comuna" if named else "address"
        reason = (
            f"No conocemos la comuna «{draft.comuna}». Corrígela."
            if named
            else "No encontramos la dirección. Revisa la calle, y agrega la comuna o lon y lat."
        )
    elif found.is_outside:
        place = found.comuna or draft.comuna
        where = f" ({place})" if place else ""
        code = "outside_map"
        reason = f"Fuera del mapa de esta ciudad{where}. Planifícala con el mapa que la cubre."
    elif placed.is_at_street:
        code = STREET_LEVEL
        reason = (
            f"A nivel calle, ±{thousands(found.uncertainty_m)} m. "
            "Acéptala con --accept-street o agrega lon y lat."
        )
    elif found.level is PlaceLevel.COMUNA:
        reason = f"No encontramos esa calle en {found.comuna}. Revísala o agrega lon y lat."
    else:
        reason = (
            f"La posición es de ±{thousands(found.uncertainty_m)} m y el límite es "
            f"{UNCERTAINTY_M_MAX:.0f} m. Agrega lon y lat."
        )
    return FieldFault(field=field, reason=reason, row=draft.row, code=code)


def street_words(placed: Iterable[PlacedDraft]) -> str:
    """As ``54 direcciones a nivel calle, ±1.954 m mediana``; empty when there are none."""
    metres = [each.found.uncertainty_m for each in placed if each.found and each.is_at_street]
    if not metres:
        return ""
    noun = "dirección" if len(metres) == 1 else "direcciones"
    return f"{len(metres)} {noun} a nivel calle, ±{thousands(statistics.median(metres))} m mediana"
