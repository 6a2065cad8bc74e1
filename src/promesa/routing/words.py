"""How times, sums and loads are said to a dispatcher, in Chilean Spanish."""

from __future__ import annotations

from collections.abc import Sequence

from promesa.kernel.units import DAY_S, MINUTE_S
from promesa.routing.problem import Stop, Vehicle

GRAMS = 1_000
LITRE_ML = 1_000


def clock(second: int) -> str:
    """A second of the service day as clocks show it; the next day is said so."""
    hours, minutes = divmod(second // 60, 60)
    if second >= DAY_S:
        return f"{hours - 24:02}:{minutes:02} del día siguiente"
    return f"{hours:02}:{minutes:02}"


def pesos(amount_clp: int) -> str:
    """A sum with the dots Chile puts between thousands."""
    return f"{'−' if amount_clp < 0 else ''}${thousands(abs(amount_clp))}"


def thousands(number: float) -> str:
    """A whole number with the dots Chile puts between thousands."""
    return f"{number:,.0f}".replace(",", ".")


def list_words(words: Sequence[str]) -> str:
    """Words with commas and a last 'y'."""
    return " y ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def capacity_gap(stop: Stop, vehicles: Sequence[Vehicle]) -> str:
    """What the stop brings against the most that one of the vehicles holds."""
    measures = (
        ("parcels", 1, "bulto", "bultos"),
        ("weight_g", GRAMS, "kg", "kg"),
        ("volume_ml", LITRE_ML, "litro", "litros"),
    )
    gaps = []
    for measure, unit, one, many in measures:
        asked = max(getattr(stop.delivered, measure), getattr(stop.picked_up, measure))
        most = max(getattr(vehicle.capacity, measure) for vehicle in vehicles)
        if asked > most:
            brings = asked // unit
            name = one if brings == 1 else many
            gaps.append(
                f"trae {thousands(brings)} {name} y el más grande lleva {thousands(most // unit)}"
            )
    return list_words(gaps) or "cada medida cabe en alguno, pero ninguno las lleva todas"


def span(seconds: int) -> str:
    """A length of time in hours and minutes."""
    hours, minutes = divmod(-(-seconds // MINUTE_S), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
