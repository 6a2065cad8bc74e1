"""What rosters say: what lacks by shift and depot, who may come, what a proposal changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from promesa.planning.capacity.roster_board import DepotDuties, RosterBoard, ShiftNeed
from promesa.planning.capacity.roster_people import shift_of
from promesa.planning.capacity.roster_proposal import DepotProposal, contract_words
from promesa.planning.capacity.roster_search import Reinforced, Short
from promesa.planning.capacity.rosters import RosterShift, hours
from promesa.planning.capacity.terms import DepotTerms
from promesa.planning.capacity.words import day_name, long_day_name
from promesa.routing.words import list_words, pesos, thousands

_NOON, _EVENING = time(11), time(17)


def shift_word(shift: RosterShift) -> str:
    """What people call it: ``mañana``, ``tarde`` or ``noche``, by when it begins."""
    if shift.start < _NOON:
        return "mañana"
    return "tarde" if shift.start < _EVENING else "noche"


def told_shift(code: str, shifts: Sequence[RosterShift]) -> str:
    """As ``tarde``; with its hours where two of the depot are called alike."""
    words = {shift.code: shift_word(shift) for shift in shifts}
    word = words.get(code)
    if word is None:
        return code
    return word if list(words.values()).count(word) == 1 else f"{word} {code}"


def gap_sentences(board: RosterBoard) -> tuple[str, ...]:
    """What lacks, by day, then depot and shift."""
    found = [
        (
            need.date,
            place,
            need.shift,
            _gap_sentence(need, depot, board.inputs.terms_of(depot.depot)),
        )
        for place, depot in enumerate(board.depots)
        for need in depot.needs
        if need.missing and need.date >= board.inputs.today
    ]
    return tuple(sentence for *_, sentence in sorted(found))


def _gap_sentence(need: ShiftNeed, depot: DepotDuties, terms: DepotTerms) -> str:
    shift = told_shift(need.shift, depot.shifts)
    missing = "falta 1 conductor" if need.missing == 1 else f"faltan {need.missing} conductores"
    return f"{day_name(need.date)}, {shift}, {depot.depot.name}: {missing}; {who_comes(terms)}."


def who_comes(terms: DepotTerms) -> str:
    """Who can be called in, from the depot's terms."""
    ways = []
    if terms.contract_vehicles:
        days = (
            f"{terms.contract_days_min} días seguidos" if terms.contract_days_min > 1 else "1 día"
        )
        price = pesos(terms.contract_day_cost_clp)
        whose = contract_words(terms)
        whose = whose[:1].lower() + whose[1:]
        ways.append(f"hasta {terms.contract_vehicles} {whose} ({price} al día, desde {days})")
    if terms.spot_vehicles:
        ways.append(f"hasta {terms.spot_vehicles} al día ({pesos(terms.spot_day_cost_clp)})")
    if not ways:
        return "sin refuerzo anotado en las condiciones del CD"
    return f"pueden venir {list_words(ways)}"


def board_headline(board: RosterBoard) -> str:
    """The rosters in one sentence."""
    inputs = board.inputs
    until = f"hasta el {long_day_name(inputs.days[-1])}"
    has_any = any(row.shifts for depot in board.depots for row in depot.rows)
    if not inputs.ready:
        return (
            f"Sin pronóstico no se sabe cuántos conductores hacen falta {until}; "
            "las reglas de jornada sí se revisan."
        )
    broken = len(board.warnings)
    rules = "Ninguna regla de jornada se rompe" if not broken else _broken(broken)
    coming = [day for day in inputs.days if day > inputs.today]
    has_coming = any(
        day in row.shifts for depot in board.depots for row in depot.rows for day in coming
    )
    if not has_any or not has_coming:
        return f"No hay turnos puestos {until}: proponlos desde lo que hace falta."
    if not board.missing:
        return f"Los turnos están completos {until}. {rules}."
    days = {need.date for depot in board.depots for need in depot.needs if need.missing}
    count = "1 turno" if board.missing == 1 else f"{thousands(board.missing)} turnos"
    on = "1 día" if len(days) == 1 else f"{len(days)} días"
    verb = "Falta" if board.missing == 1 else "Faltan"
    return f"{verb} {count} por cubrir en {on}, {until}. {rules}."


def _broken(count: int) -> str:
    if count == 1:
        return "1 aviso de jornada por mirar"
    return f"{count} avisos de jornada por mirar"


def proposal_sentences(found: Sequence[DepotProposal]) -> tuple[str, tuple[str, ...]]:
    """What a proposal changes in one sentence; then who is called in, and what still lacks."""
    changes = [change for each in found for change in each.changes]
    if not found:
        return "No hay qué proponer: faltan un pronóstico y conductores.", ()
    put = sum(1 for change in changes if change.after)
    freed = len(changes) - put
    overtime_h = sum(each.overtime_h for each in found)
    cost_clp = sum(each.cost_clp for each in found)
    if not changes:
        headline = "Los turnos que hay ya son los que se propondrían."
    else:
        parts = [f"pone {_counted(put, 'turno', 'turnos')}"] if put else []
        parts += [f"deja {_counted(freed, 'día libre', 'días libres')}"] if freed else []
        headline = f"La propuesta {list_words(parts)}."
    if overtime_h or cost_clp:
        headline += f" Horas extra: {hours(overtime_h)}. Refuerzo y horas extra: {pesos(cost_clp)}."
    told = [_hire_sentence(hire, each) for each in found for hire in each.reinforced]
    told += [_short_sentence(short, each) for each in found for short in each.short]
    return headline, tuple(told)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _hire_sentence(hire: Reinforced, proposal: DepotProposal) -> str:
    shift = shift_word(shift_of(hire.shift))
    when = f"el {day_name(hire.start)}"
    if hire.end != hire.start:
        when = f"del {day_name(hire.start)} al {day_name(hire.end)}"
    drivers = _counted(hire.drivers, "conductor", "conductores")
    return f"{hire.name}: {drivers} para {proposal.depot.name}, {shift}, {when}."


def _short_sentence(short: Short, proposal: DepotProposal) -> str:
    shift = shift_word(shift_of(short.shift))
    missing = "falta 1 conductor" if short.missing == 1 else f"faltan {short.missing} conductores"
    return f"{day_name(short.date)}, {shift}, {proposal.depot.name}: igual {missing}."
