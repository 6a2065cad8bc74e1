"""What the doors of a depot do not let out in time, and what it takes that they do.

Said of vans that there are and of vans that would have to be hired alike: who signs a contract for
vans has to know at once that they would stand at the doors.
"""

from __future__ import annotations

from promesa.planning.capacity.sizing import DayPlan
from promesa.planning.capacity.terms import DepotTerms
from promesa.routing.words import span

_MINUTE_S = 60


def doors_missing(blocked: int, terms: DepotTerms) -> int:
    """Doors more that let so many vans more out in time; 0 where nobody said how many there are."""
    if terms.doors is None:
        return 0
    each = max(1, terms.loading_span_min // terms.loading_min)
    return max(1, -(-blocked // each))


def remedy_words(blocked: int, terms: DepotTerms | None) -> str:
    """As ``faltan 2 puertas o abrir 15 min antes``."""
    if terms is None or terms.doors is None:
        return "faltan puertas"
    more = doors_missing(blocked, terms)
    sooner = span(-(-blocked // terms.doors) * terms.loading_min * _MINUTE_S)
    return f"{'falta 1 puerta' if more == 1 else f'faltan {more} puertas'} o abrir {sooner} antes"


def leaving_words(leaving: int, ready: int, remedy: str) -> str:
    """As ``por los andenes saldrían a tiempo sólo 25 de las 58 que hacen falta: además …``."""
    if not leaving:
        return f"por los andenes no saldría ninguna a tiempo: además {remedy}"
    leave = "saldría a tiempo sólo 1" if leaving == 1 else f"saldrían a tiempo sólo {leaving}"
    return f"por los andenes {leave} de las {ready} que hacen falta: además {remedy}"


def blocked_words(day: DayPlan, terms: DepotTerms | None) -> str:
    """Of a day that lacks vans, what its doors would do to them; empty where they let out all."""
    if not day.blocked or day.departures_max is None:
        return ""
    return leaving_words(day.departures_max, day.ready, remedy_words(day.blocked, terms))
