"""What the board says: what is spent and kept, which days are short, and what could be done.

What is missing is named for what it is: doors where vans stand there and cannot load, a shift where
they have none. What stands idle in another depot is said beside it, and before anybody is hired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from promesa.planning.capacity.board import DepotBoard, whole_plan
from promesa.planning.capacity.next_door import (
    NOBODY,
    FreeVans,
    NextDoor,
    next_door_sentences,
)
from promesa.planning.capacity.sizing import DayPlan
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.terms import DepotTerms
from promesa.planning.capacity.words import (
    day_name,
    gap_sentence,
    hire_sentence,
    kept_words,
    lacking_words,
    long_day_name,
    per_cent,
    target_words,
    vans,
)
from promesa.routing.words import pesos, span

SECOND_MIN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What there is at the depots of a board, by their code."""

    fleets: Mapping[str, DepotFleet]
    terms: Mapping[str, DepotTerms]


NOWHERE = Around(fleets={}, terms={})


def headline(boards: Sequence[DepotBoard]) -> str:
    """What the board says in one sentence: how many days lack vehicles, and the worst of them."""
    plan = whole_plan(boards)
    short = [day for day in plan.days if day.gap]
    served = {day.date for day in plan.days if day.ready}
    money = f"{pesos(round(plan.cost_clp))}"
    if not served:
        return "El pronóstico no trae entregas en estos días: no hace falta ninguna camioneta."
    if not short:
        served_words = "1 día" if len(served) == 1 else f"{len(served)} días"
        return (
            f"No falta ninguna camioneta en {served_words} de reparto: se cumple al menos "
            f"{per_cent(plan.kept, 1)} de las promesas por {money}."
        )
    names = {board.depot: board.name for board in boards}
    worst = max(short, key=lambda day: (day.gap, -day.date.toordinal()))
    dates = {day.date for day in short}
    days = "1 día" if len(dates) == 1 else f"{len(dates)} días"
    what = "andenes" if all(day.is_held_by_doors for day in short) else "camionetas"
    lacks = f"{lacking_words(worst.gap)} en {names[worst.depot]}"
    if worst.is_held_by_doors:
        lacks = f"de {names[worst.depot]} no salen a tiempo {vans(worst.gap)}"
    (target,) = {board.plan.target for board in boards if board.depot == worst.depot}
    return (
        f"Faltan {what} en {days} de {len(served)}. El peor es el "
        f"{long_day_name(worst.date)}: {lacks} {kept_words(worst, target)}."
    )


def board_sentences(
    boards: Sequence[DepotBoard], around: Around = NOWHERE, others: NextDoor = NOBODY
) -> tuple[str, ...]:
    """What to do, day by day: what is missing, what stands idle, then what to hire.

    Args:
        boards: Of all depots.
        around: What there is at them.
        others: Vans of one depot that would help another.
    """
    names = {board.depot: board.name for board in boards}
    target = {board.depot: board.plan.target for board in boards}
    placed = [
        (place, day) for board in boards for place, day in enumerate(board.plan.days) if day.gap
    ]
    told = []
    for place, day in sorted(placed, key=lambda each: (each[1].date, each[1].depot)):
        name = names[day.depot]
        said = (
            _held_sentence(day, place, name, target[day.depot], around)
            if day.is_held_by_doors and day.depot in around.fleets
            else gap_sentence(day, name, target[day.depot])
        )
        idle = _idle_sentences(day, place, boards, around, others.free)
        told.append(" ".join([said, *idle]))
    told += next_door_sentences(others, names)
    told += [hire_sentence(hire, names[hire.depot]) for board in boards for hire in board.hires]
    return tuple(told)


def depot_sentence(board: DepotBoard) -> str:
    """What a depot spends with what there is, what that keeps, and what it would take to keep all.

    As ``Con lo que hay se gastan $8.403.200 y se cumple 92,5 %. Para cumplir 97 % faltan 49
    camionetas-día, que a lo que cuesta una serían $3.959.200 más.``
    """
    plan = board.plan
    spent = f"{pesos(round(plan.cost_clp))}"
    if not board.gap:
        goal = target_words(plan.target)
        return f"Para cumplir {goal} se gastan {spent}, y se cumple {per_cent(plan.kept, 1)}."
    said = f"Con lo que hay se gastan {spent} y se cumple {per_cent(plan.kept, 1)}."
    paid = sum(day.paid for day in plan.days)
    need = f"Para cumplir {target_words(plan.target)} {_lack(board.gap)} {van_days(board.gap)}"
    if not paid:
        return f"{said} {need}."
    more = round(plan.cost_clp / paid * board.gap)
    return f"{said} {need}, que a lo que cuestan las demás serían {pesos(more)} más."


def van_days(count: int) -> str:
    """As ``1 camioneta-día`` or ``49 camionetas-día``: a van on a day."""
    return f"{count} {'camioneta-día' if count == 1 else 'camionetas-día'}"


def doors_missing(day: DayPlan, terms: DepotTerms) -> int:
    """Doors more that let out in time all that the day takes; 0 where nobody said how many."""
    if terms.doors is None:
        return 0
    each = max(1, terms.loading_span_min // terms.loading_min)
    return max(1, -(-day.gap // each))


def _held_sentence(day: DayPlan, place: int, depot: str, target: float, around: Around) -> str:
    """As ``martes 6: por los andenes de CD San Joaquín salen a tiempo 4 camionetas …``.

    Where more vans are needed than there are, those are missing besides.
    """
    terms, fleet = around.terms[day.depot], around.fleets[day.depot].on(place)
    none = day.ready - fleet.own - fleet.contracted_max - fleet.spot_max
    besides = f" y además {lacking_words(none)}" if none > 0 else ""
    more = doors_missing(day, terms)
    lacks = "falta 1 puerta" if more == 1 else f"faltan {more} puertas"
    doors = terms.doors or 1
    sooner = span(-(-day.gap // doors) * terms.loading_min * SECOND_MIN)
    leave = "sale" if day.mix.vehicles == 1 else "salen"
    kept = per_cent(day.kept, 1)
    return (
        f"{day_name(day.date)}: por los andenes de {depot} {leave} a tiempo "
        f"{vans(day.mix.vehicles)} y para cumplir {target_words(target)} hacen falta {day.ready}: "
        f"{lacks} o abrir {sooner} antes{besides}; con las que salen se cumple {kept}."
    )


def _idle_sentences(
    day: DayPlan,
    place: int,
    boards: Sequence[DepotBoard],
    around: Around,
    free: Sequence[FreeVans],
) -> list[str]:
    """Own vans without a shift there, and vans that other depots do not need on that day.

    Those of a depot in ``free`` have a sentence of their own.
    """
    if day.is_held_by_doors or day.depot not in around.fleets:
        return []
    said = []
    idle = _at(around.fleets[day.depot].idle_by_day, place)
    if idle:
        own = "propia" if idle == 1 else "propias"
        said.append(f"Hay {idle} {own} sin turno ese día: se ponen en Turnos.")
    told = {
        each.moved.home for each in free if (each.day, each.moved.other) == (day.date, day.depot)
    }
    for board in boards:
        other = board.plan.days[place]
        fleet = around.fleets.get(board.depot)
        if board.depot in {day.depot, *told} or other.gap or fleet is None:
            continue
        spare = fleet.on(place).own + _at(fleet.idle_by_day, place) - other.mix.own
        if spare > 0:
            said.append(f"{board.name} tiene {spare} que ese día no necesita.")
    return said


def _at(by_day: Sequence[int], place: int) -> int:
    return by_day[place] if by_day else 0


def _lack(count: int) -> str:
    return "falta" if count == 1 else "faltan"
