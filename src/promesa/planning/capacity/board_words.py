"""What the board says: what is spent and kept, which days are short, and what could be done.

What is missing is named for what it is: doors where vans stand there and cannot load, a shift where
they have none. What stands idle in another depot is said beside it, and before anybody is hired.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from promesa.planning.capacity.board import DepotBoard, whole_plan
from promesa.planning.capacity.door_words import blocked_words, remedy_words
from promesa.planning.capacity.next_door import (
    NOBODY,
    FreeVans,
    NextDoor,
    next_door_sentences,
)
from promesa.planning.capacity.roster_words import lack_sentence
from promesa.planning.capacity.shift_gaps import DayLack, Lack
from promesa.planning.capacity.sizing import DayPlan
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.terms import DepotTerms
from promesa.planning.capacity.words import (
    beyond_sentence,
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
from promesa.routing.words import pesos


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What there is at the depots of a board, by their code."""

    fleets: Mapping[str, DepotFleet]
    terms: Mapping[str, DepotTerms]


NOWHERE = Around(fleets={}, terms={})


def headline(
    boards: Sequence[DepotBoard], around: Around = NOWHERE, lacks: Sequence[DayLack] = ()
) -> str:
    """What the board says in one sentence: how many days lack what binds them, and the worst.

    Args:
        boards: Of all depots.
        around: What there is at them.
        lacks: Days that lack drivers of a shift while their vans suffice are told behind.
    """
    plan = whole_plan(boards)
    short = [day for day in plan.days if day.gap]
    served = {day.date for day in plan.days if day.ready}
    money = f"{pesos(round(plan.cost_clp))}"
    if not served:
        return "El pronóstico no trae entregas en estos días: no hace falta ninguna camioneta."
    uneven = _uneven_words(lacks)
    if not short:
        served_words = "1 día" if len(served) == 1 else f"{len(served)} días"
        return (
            f"No falta ninguna camioneta en {served_words} de reparto: se cumple al menos "
            f"{per_cent(plan.kept, 1)} de las promesas por {money}.{uneven}"
        )
    names = {board.depot: board.name for board in boards}
    by_doors = doors_bind(short)
    worst = max(
        short,
        key=lambda day: (day.held if by_doors else day.lacking, -day.date.toordinal()),
    )
    (target,) = {board.plan.target for board in boards if board.depot == worst.depot}
    lacking = f"{lacking_words(worst.lacking)} en {names[worst.depot]}"
    terms = around.terms.get(worst.depot)
    blocked = blocked_words(worst, terms)
    why = f", pero {blocked}" if blocked else ""
    if by_doors:
        there = vans(worst.mix.vehicles + worst.held)
        besides = f" y además {lacking_words(worst.lacking)}" if worst.lacking else ""
        lacking = (
            f"de {there} de {names[worst.depot]} salen a tiempo {worst.mix.vehicles}: "
            f"{remedy_words(worst.blocked, terms)}{besides}"
        )
        why = ""
    return (
        f"{_short_words(short)} de {len(served)}. El peor es el "
        f"{long_day_name(worst.date)}: {lacking} {kept_words(worst, target, why)}.{uneven}"
    )


def doors_bind(days: Sequence[DayPlan]) -> bool:
    """Whether doors hold back more vans than are missing."""
    return sum(day.held for day in days) > sum(day.lacking for day in days)


def _short_words(short: Sequence[DayPlan]) -> str:
    """As ``Faltan puertas en 2 días y camionetas en 1``, what binds most first."""
    counted = {
        "camionetas": {day.date for day in short if day.lacking},
        "puertas": {day.date for day in short if day.blocked},
    }
    order = sorted(counted, reverse=doors_bind(short))
    first, *others = [(what, len(counted[what])) for what in order if counted[what]]
    told = f"Faltan {first[0]} en {first[1]} {'día' if first[1] == 1 else 'días'}"
    return "".join([told, *(f" y {what} en {days}" for what, days in others)])


def _uneven_words(lacks: Sequence[DayLack]) -> str:
    dates = {each.date for each in lacks if each.kind is Lack.SHIFT}
    if not dates:
        return ""
    days = "1 día" if len(dates) == 1 else f"{len(dates)} días"
    return f" En {days} alcanzan las camionetas, pero a un turno le falta gente."


def board_sentences(
    boards: Sequence[DepotBoard],
    around: Around = NOWHERE,
    others: NextDoor = NOBODY,
    lacks: Sequence[DayLack] = (),
) -> tuple[str, ...]:
    """What to do, day by day: what is missing, what stands idle, then what to hire.

    Args:
        boards: Of all depots.
        around: What there is at them.
        others: Vans of one depot that would help another.
        lacks: What rosters lack, as *Turnos* tells it.
    """
    names = {board.depot: board.name for board in boards}
    target = {board.depot: board.plan.target for board in boards}
    placed = [
        (place, day) for board in boards for place, day in enumerate(board.plan.days) if day.gap
    ]
    told = []
    for place, day in sorted(placed, key=lambda each: (each[1].date, each[1].depot)):
        name, terms = names[day.depot], around.terms.get(day.depot)
        said = (
            _held_sentence(day, name, target[day.depot], terms)
            if day.is_held_by_doors and day.depot in around.fleets
            else gap_sentence(day, name, target[day.depot], blocked_words(day, terms))
        )
        idle = _idle_sentences(day, place, boards, around, others.free)
        told.append(" ".join([said, *idle]))
    told += [
        lack_sentence(each, around.terms[each.depot.depot.code])
        for each in lacks
        if each.kind is Lack.SHIFT and each.depot.depot.code in around.terms
    ]
    told += next_door_sentences(others, names)
    told += [hire_sentence(hire, names[hire.depot]) for board in boards for hire in board.hires]
    beyond_clp = sum(board.beyond_clp for board in boards)
    if beyond_clp:
        told.append(beyond_sentence(beyond_clp, boards[0].plan.days[-1].date))
    told += _unput_sentences(lacks)
    return tuple(told)


def _unput_sentences(lacks: Sequence[DayLack]) -> list[str]:
    """Days whose own vans are only supposed, as nobody has a shift on them."""
    dates = sorted({each.date for each in lacks if each.kind is Lack.ROSTER})
    if not dates:
        return []
    when = f"El {day_name(dates[0])}" if len(dates) == 1 else f"En {len(dates)} días"
    since = "" if len(dates) == 1 else f", desde el {day_name(dates[0])},"
    return [
        (
            f"{when}{since} nadie tiene turno todavía: se supone que salen las camionetas "
            "activas, o las del mismo día de la semana. Se ponen en Turnos."
        )
    ]


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
    paid, lacking = sum(day.paid for day in plan.days), sum(day.lacking for day in plan.days)
    goal, blocked = f"Para cumplir {target_words(plan.target)}", sum(d.blocked for d in plan.days)
    leave = ("sale" if blocked == 1 else "salen") if not lacking else "saldrían"
    leave = "saldría" if lacking and blocked == 1 else leave
    doors = f"{van_days(blocked)} no {leave} a tiempo por los andenes"
    if not lacking:
        return f"{said} {goal} faltan puertas: {doors}."
    need = f"{goal} {_lack(lacking)} {van_days(lacking)}"
    besides = f" Además, {doors}." if blocked else ""
    if not paid:
        return f"{said} {need}.{besides}"
    more = round(plan.cost_clp / paid * lacking)
    return f"{said} {need}, que a lo que cuestan las demás serían {pesos(more)} más.{besides}"


def van_days(count: int) -> str:
    """As ``1 camioneta-día`` or ``49 camionetas-día``: a van on a day."""
    return f"{count} {'camioneta-día' if count == 1 else 'camionetas-día'}"


def _held_sentence(day: DayPlan, depot: str, target: float, terms: DepotTerms | None) -> str:
    """As ``martes 6: por los andenes de CD San Joaquín salen a tiempo 4 camionetas …``.

    Where more vans are needed than there are, those are missing besides.
    """
    besides = f" y además {lacking_words(day.lacking)}" if day.lacking else ""
    leave = "sale" if day.mix.vehicles == 1 else "salen"
    return (
        f"{day_name(day.date)}: por los andenes de {depot} {leave} a tiempo "
        f"{vans(day.mix.vehicles)} y para cumplir {target_words(target)} hacen falta {day.ready}: "
        f"{remedy_words(day.blocked, terms)}{besides}; con las que salen se cumple "
        f"{per_cent(day.kept, 1)}."
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
