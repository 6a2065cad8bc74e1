"""What geocoders behind HTTP have in common; the vendors' words are in their own files."""

from __future__ import annotations

import math

from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.kernel.errors import UnavailableError
from promesa.kernel.geo import Position, distance_m

TIMEOUT_S = 5.0
ANSWER_BYTES_MAX = 1_000_000
# Nominatim's usage policy asks clients to say who they are; the others do not mind.
USER_AGENT = "promesa (https://promesa.dev)"
COUNTRY_NAME = "Chile"


class GeocoderUnavailableError(UnavailableError):
    """The external geocoder does not answer, or not as it should."""

    code = "geocoder_unavailable"
    message = "El buscador de direcciones externo no responde. La dirección quedó por revisar."


def query_text(line: str, comuna: str | None) -> str:
    """One line for a search box: street and number, comuna, country."""
    return ", ".join(part for part in (line, comuna, COUNTRY_NAME) if part)


def half_diagonal_m(south_west: Position, north_east: Position) -> float:
    """How far the middle of a box is from its corners."""
    return distance_m(south_west, north_east) / 2


def external_placement(
    *,
    position: Position,
    level: PlaceLevel,
    score: float,
    uncertainty_m: float,
    comuna: str | None,
) -> Placement:
    """A placement by an external service, in whole metres."""
    return Placement(
        position=position,
        level=level,
        score=score,
        uncertainty_m=float(math.ceil(uncertainty_m)),
        source=PlaceSource.EXTERNAL,
        comuna=comuna,
    )
