"""What rosters say: what lacks by shift and depot, who may come, what a proposal changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from promesa.planning.capacity.roster_board import DepotDuties, RosterBoard, ShiftNeed
from promesa.planning.capacity.roster_free import FreeDrivers
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


def gap_sentences(board: RosterBoard, free: FreeDrivers) -> tuple[str, ...]:
    """What lacks and who was counted on to come, by day, then depot."""
    found = []
    for place, depot in enumerate(board.depots):
        for day in board.inputs.days:
            needs = [need for need in depot.needs if need.date == day]
            if day >= board.inputs.today and any(need.missing or _hired(need) for need in needs):
                found.append((day, place, _day_sentence(needs, depot, board, free)))
    return tuple(sentence for *_, sentence in sorted(found))


def _day_sentence(
    needs: Sequence[ShiftNeed], depot: DepotDuties, board: RosterBoard, free: FreeDrivers
) -> str:
    """One for all shifts: who is hired comes to one of them, and not to each."""
    terms, place = board.inputs.terms_of(depot.depot), depot.depot.name
    day, hires = day_name(needs[0].date), who_comes(needs, terms)
    lacking = [need for need in needs if need.missing]
    if not lacking:
        covered = sum(map(_hired, needs))
        verb = "cubre" if covered == 1 else "cubren"
        return f"{day}, {place}: {hires} {verb} lo que falta."
    counted = [
        f"{need.missing} {_drivers(need, is_first=first)}de {told_shift(need.shift, depot.shifts)}"
        for need, first in zip(lacking, [True] + [False] * len(lacking), strict=False)
    ]
    verb = "falta" if lacking[0].missing == 1 and len(lacking) == 1 else "faltan"
    if hires:
        how = f", ya contando {hires}"
    elif terms.contract_vehicles or terms.spot_vehicles:
        how = ""
    else:
        how = "; sin refuerzo anotado en las condiciones del CD"
    told = _free_words(lacking, depot, free)
    return " ".join([f"{day}, {place}: {verb} {list_words(counted)}{how}.", *told])


def _free_words(lacking: Sequence[ShiftNeed], depot: DepotDuties, free: FreeDrivers) -> list[str]:
    """Whom to ask, by shift; once where they are the same people."""
    names = [free.get((depot.depot.id, need.date, need.shift), ()) for need in lacking]
    if len(names) > 1 and names[0] and len(set(names)) == 1:
        return [f"Libres: {list_words(names[0])}."]
    return [
        f"Libres de {told_shift(need.shift, depot.shifts)}: {list_words(own)}."
        for need, own in zip(lacking, names, strict=True)
        if own
    ]


def _drivers(need: ShiftNeed, *, is_first: bool) -> str:
    if not is_first:
        return ""
    return "conductor " if need.missing == 1 else "conductores "


def _hired(need: ShiftNeed) -> int:
    return need.contracted + need.spot


def who_comes(needs: Sequence[ShiftNeed], terms: DepotTerms) -> str:
    """Who is counted on besides the own drivers, from the depot's terms; empty for nobody."""
    contracted, spot = sum(each.contracted for each in needs), sum(each.spot for each in needs)
    ways = []
    if contracted:
        price, days = pesos(terms.contract_day_cost_clp), terms.contract_days_min
        span = f", desde {days} días seguidos" if days > 1 else ""
        whose = f" de {terms.contract_carrier}" if terms.contract_carrier else ""
        ways.append(f"{contracted} por contrato{whose} ({price} al día{span})")
    if spot:
        ways.append(f"{spot} al día ({pesos(terms.spot_day_cost_clp)})")
    return list_words(ways) if ways else ""


def who_may_come(terms: DepotTerms) -> str:
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
    if coming and not has_coming:
        since = "después de hoy y " if coming[0] > inputs.days[0] else ""
        return f"No hay turnos puestos {since}{until}: proponlos desde lo que hace falta."
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
