"""Where a quote is for: found the same way when it is asked for and when its order comes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from promesa.domain.place import PlaceLevel
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.geo import Position
from promesa.orders.geocoding import AddressQuery
from promesa.roads.territory import Comuna, Territory
from promesa.runtime.platform import Platform


class QuotePlaceError(InvalidError):
    """Nobody knows where that is, or no van gets there."""

    code: ClassVar[str] = "quote_place_unknown"
    message = "No sabemos dónde es eso. Envía la posición, o una comuna del mapa."


class QuoteOutsideError(InvalidError):
    """The place lies outside the map that vans are planned on."""

    code: ClassVar[str] = "quote_outside"
    message = "Ese lugar queda fuera del mapa: no se reparte ahí. Revisa la posición o la comuna."


# How a quote calls the levels of a position; "given" is one that came with the question.
_LEVELS = {PlaceLevel.HOUSE: "address", PlaceLevel.GIVEN: "address", PlaceLevel.STREET: "street"}
COMUNA = "comuna"
# Comunas of Chile.
REACHES_KEPT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a quote is for.

    Attributes:
        comuna: As the map writes it; None where nobody knows it.
        level: given, address, street or comuna: the middle of a comuna stands for any door in it.
        uncertainty_m: The door is within this nine times of ten; None of a position as given.
    """

    position: Position
    comuna: str | None
    level: str
    uncertainty_m: float | None = None


async def find_place(
    platform: Platform, *, position: Position | None, address: str | None, comuna: str | None
) -> Place:
    """Where it is: as given, by the address, or the middle of the comuna.

    Raises:
        QuotePlaceError: None of them says it.
        QuoteOutsideError: No van can be planned there.
    """
    place = await _named_place(platform, position, address, comuna)
    if place is None:
        raise _unknown_place(platform, comuna)
    if place.level != COMUNA and not platform.city.covers(place.position, comuna):
        raise QuoteOutsideError
    return place


async def _named_place(
    platform: Platform, position: Position | None, address: str | None, comuna: str | None
) -> Place | None:
    territory = platform.city.territory
    known = territory.exact(comuna) if comuna else None
    if position is not None:
        around = territory.comuna_at(position) or known
        return Place(position=position, comuna=around.name if around else None, level="given")
    if address:
        found = await platform.geocoder.locate(AddressQuery(line=address, comuna=comuna))
        if found is not None and found.level in _LEVELS:
            around = territory.exact(found.comuna or comuna or "")
            around = around or territory.comuna_at(found.position)
            return Place(
                position=found.position,
                comuna=around.name if around else None,
                level=_LEVELS[found.level],
                uncertainty_m=found.uncertainty_m,
            )
        if found is not None and found.comuna:
            known = territory.exact(found.comuna) or known
    if known is None:
        return None
    if known not in platform.city.addresses.comunas:
        raise QuoteOutsideError
    return Place(
        position=known.centre,
        comuna=known.name,
        level=COMUNA,
        uncertainty_m=_reach_m(territory, known),
    )


@lru_cache(maxsize=REACHES_KEPT)
def _reach_m(territory: Territory, comuna: Comuna) -> float:
    """How far its doors lie from its middle, nine times of ten."""
    return round(territory.reach_m(comuna.code, comuna.centre))


def _unknown_place(platform: Platform, comuna: str | None) -> QuotePlaceError:
    """Names the comuna that was meant, where a letter or two are wrong."""
    among = [each.code for each in platform.city.addresses.comunas]
    meant = platform.city.territory.find(comuna, among) if comuna else None
    if meant is None:
        return QuotePlaceError(faults=(_no_place(QuotePlaceError.message),))
    reason = f"No conocemos la comuna {comuna}. ¿Quisiste decir {meant.name}? Corrígela y cotiza."
    return QuotePlaceError(reason, comuna=meant.name, faults=(_no_place(reason),))


def _no_place(reason: str) -> FieldFault:
    return FieldFault(field="comuna", code="place_unknown", reason=reason)
