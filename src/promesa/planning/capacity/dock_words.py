"""Why a route leaves its door late, in words for the depot's floor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.docks import Doors, Slot
from promesa.planning.capacity.words import long_day_name
from promesa.routing.words import Tell, clock

# Routes named as those that were loaded before; more says nothing more.
NAMED_MAX = 3


def late_sentences(slots: Sequence[Slot], doors: Doors, tell: Tell = clock) -> tuple[str, ...]:
    """One sentence for each route that misses its slot, in order of loading.

    ``tell`` says a second of the service day as clocks do.
    """
    late = [slot for slot in slots if slot.late_s or slot.end_s > doors.close_s]
    return tuple(_sentence(slot, slots, doors, tell) for slot in late)


def _sentence(slot: Slot, slots: Sequence[Slot], doors: Doors, tell: Tell) -> str:
    loading = slot.loading
    if not slot.late_s:
        return (
            f"{loading.route}: termina de cargar a las {tell(slot.end_s)}, "
            f"después del cierre de andenes a las {tell(doors.close_s)}. Adelanta la apertura o "
            "agrega una puerta."
        )
    late = -(-slot.late_s // MINUTE_S)
    missed = (
        f"{loading.route}: sale a las {tell(slot.end_s)} y debía salir a las "
        f"{tell(loading.due_s)}, {late} min tarde"
    )
    return f"{missed}. {_reason(slot, slots, doors, tell)}"


def _reason(slot: Slot, slots: Sequence[Slot], doors: Doors, tell: Tell) -> str:
    loading = slot.loading
    need = f"cargar toma {-(-loading.duration_s // MINUTE_S)} min"
    if loading.due_s - loading.duration_s < doors.open_s:
        return f"Los andenes abren a las {tell(doors.open_s)} y {need}: abre antes."
    if loading.ready_s + loading.duration_s > loading.due_s:
        return f"Sus bultos están listos recién a las {tell(loading.ready_s)} y {need}."
    # Staged in time: just before it began every door was taken by routes that leave no later.
    before_s = slot.start_s - 1
    there = [other for other in slots if other.start_s <= before_s < other.end_s]
    names = ", ".join(other.loading.route for other in there[:NAMED_MAX])
    more = f" y {len(there) - NAMED_MAX} más" if len(there) > NAMED_MAX else ""
    taken = (
        "La única puerta está tomada"
        if doors.count == 1
        else f"Las {doors.count} puertas están tomadas"
    )
    return (
        f"{taken} hasta las {tell(slot.start_s)} con {names}{more}: "
        "agrega una puerta, parte antes o deja salir más tarde a otra ruta."
    )


def nothing_words(day: date, *, is_closed: bool, is_forecast: bool) -> str:
    """Why no route leaves on a day, and what to do where something could.

    Args:
        day: On which nothing is planned and nobody has a shift.
        is_closed: Whether nothing is delivered on it by the operator's rule.
        is_forecast: Whether the forecast reaches it.
    """
    when = f"El {long_day_name(day)} no sale ninguna ruta"
    if is_closed:
        return f"{when}: ese día no se reparte."
    if is_forecast:
        return f"{when}: no se espera ninguna entrega y nadie tiene turno."
    return f"{when} todavía: no hay plan ni turnos, y el pronóstico no llega. Pon los turnos."
