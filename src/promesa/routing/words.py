"""How times, sums and loads are said to a dispatcher, in Chilean Spanish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.units import DAY_S, HOUR_S, MINUTE_S
from promesa.routing.problem import Stop, Vehicle

GRAMS = 1_000
LITRE_ML = 1_000
# Says a second of the service day.
Tell = Callable[[int], str]


def clock(second: int) -> str:
    """A second of the service day as clocks show it; what falls on another day is said so."""
    days, rest_s = divmod(second, DAY_S)
    hours, minutes = divmod(rest_s // MINUTE_S, 60)
    return f"{hours:02}:{minutes:02}{_on_day(days)}"


def clock_on(day: ServiceDay) -> Tell:
    """The same on a day whose clocks may change: its seconds are then not those clocks show."""

    def tell(second: int) -> str:
        shown = day.instant_at(second).astimezone(ZoneInfo(day.zone))
        days = (shown.date() - day.date).days
        return clock(days * DAY_S + shown.hour * HOUR_S + shown.minute * MINUTE_S)

    return tell


def _on_day(days: int) -> str:
    """Which day it is, so many after the service day."""
    if not days:
        return ""
    if abs(days) == 1:
        return " del día siguiente" if days > 0 else " del día anterior"
    return f" de {days} días después" if days > 0 else f" de {-days} días antes"


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
            # Whole units, unless both would read the same.
            is_whole = asked // unit > most // unit
            brings, holds = (_in_units(each, unit, is_whole=is_whole) for each in (asked, most))
            name = one if brings == "1" else many
            gaps.append(f"trae {brings} {name} y el más grande lleva {holds}")
    return list_words(gaps) or "cada medida cabe en alguno, pero ninguno las lleva todas"


def _in_units(amount: int, unit: int, *, is_whole: bool) -> str:
    """So many units: rounded down, or with all that is behind the comma."""
    whole, rest = divmod(amount, unit)
    behind = "" if is_whole else f"{rest / unit:.3f}"[2:].rstrip("0")
    return f"{thousands(whole)},{behind}" if behind else thousands(whole)


def span(seconds: int) -> str:
    """A length of time in hours and minutes."""
    hours, minutes = divmod(-(-seconds // MINUTE_S), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
