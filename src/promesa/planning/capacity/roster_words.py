"""What rosters say: what lacks by shift and depot, who may come, what a proposal changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import time
from types import MappingProxyType

from promesa.domain.fleet import Depot
from promesa.planning.capacity.door_words import leaving_words, remedy_words
from promesa.planning.capacity.proposed_days import DepotProposal
from promesa.planning.capacity.roster_board import DepotDuties, RosterBoard, ShiftNeed
from promesa.planning.capacity.roster_free import FreeDrivers
from promesa.planning.capacity.rosters import RosterShift, hours
from promesa.planning.capacity.shift_gaps import DayLack, Lack, lacks_of
from promesa.planning.capacity.terms import DepotTerms
from promesa.planning.capacity.words import day_name, lacking_words, long_day_name, vans
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
    """What lacks, then what is covered by who comes besides; each by day, then depot."""
    inputs = board.inputs
    lacks = {(lack.date, lack.depot.depot.id): lack for lack in lacks_of(inputs, board.depots)}
    found = []
    for place, depot in enumerate(board.depots):
        terms = inputs.terms_of(depot.depot)
        for day in inputs.days:
            needs = [need for need in depot.needs if need.date == day]
            lack = lacks.get((day, depot.depot.id))
            if lack is not None:
                found.append((False, day, place, lack_sentence(lack, terms, free)))
            elif day >= inputs.today and _is_told(needs):
                found.append((True, day, place, _covered_sentence(needs, depot.depot, terms)))
    return tuple(sentence for *_, sentence in sorted(found))


def _is_told(needs: Sequence[ShiftNeed]) -> bool:
    """Whether a shift lacks own drivers; hires of the days around alone are no news here."""
    return any((need.wanted or 0) > need.there for need in needs)


def lack_sentence(
    lack: DayLack, terms: DepotTerms, free: FreeDrivers = MappingProxyType({})
) -> str:
    """What a depot's day lacks, and of what: the same words wherever it is told."""
    day, place = day_name(lack.date), lack.depot.depot.name
    if lack.kind is Lack.ROSTER:
        wanted = [need for need in lack.needs if need.wanted]
        counted = [
            f"{need.wanted} de {told_shift(need.shift, lack.depot.shifts)}" for need in wanted
        ]
        verb = "hace falta" if [need.wanted for need in wanted] == [1] else "hacen falta"
        return f"{day}, {place}: nadie tiene turno todavía; {verb} {list_words(counted)}."
    if lack.kind is Lack.DOORS:
        held = _held_words(lack.hires.held)
        remedy = remedy_words(lack.hires.blocked, terms)
        told = "" if terms.doors is None else f": {remedy}"
        return f"{day}, {place}: faltan puertas, no conductores: {held}{told}."
    if not lack.missing:
        short = lacking_words(lack.hires.gap)
        said = f"{day}, {place}: los turnos están completos, pero {short} para la meta."
        return " ".join([said, *_doors_told(lack, terms)])
    return _missing_sentence(lack, terms, free)


def _covered_sentence(needs: Sequence[ShiftNeed], depot: Depot, terms: DepotTerms) -> str:
    contracted, spot = sum(each.contracted for each in needs), sum(each.spot for each in needs)
    hires = hires_words(terms, contracted=contracted, spot=spot)
    verb = "cubre" if contracted + spot == 1 else "cubren"
    return f"{day_name(needs[0].date)}, {depot.name}: {hires} {verb} lo que falta."


def _missing_sentence(lack: DayLack, terms: DepotTerms, free: FreeDrivers) -> str:
    """One for all shifts: who is hired comes to one of them, and not to each."""
    needs, depot = lack.needs, lack.depot
    hires = hires_words(
        terms,
        contracted=sum(each.contracted for each in needs),
        spot=sum(each.spot for each in needs),
    )
    lacking = [need for need in needs if need.missing]
    counted = [
        f"{need.missing} {_drivers(need, is_first=first)}de {told_shift(need.shift, depot.shifts)}"
        for need, first in zip(lacking, [True] + [False] * len(lacking), strict=False)
    ]
    verb = "falta" if lacking[0].missing == 1 and len(lacking) == 1 else "faltan"
    if lack.kind is Lack.SHIFT:
        how = f"{_besides(needs, depot)}: las camionetas del día alcanzan"
    elif hires:
        how = f", ya contando {hires}"
    elif terms.contract_vehicles or terms.spot_vehicles:
        how = _besides(needs, depot)
    else:
        how = f"{_besides(needs, depot)}; sin refuerzo anotado en las condiciones del CD"
    told = _free_words(lacking, depot, free)
    where = f"{day_name(lack.date)}, {depot.depot.name}"
    said = f"{where}: {verb} {list_words(counted)}{how}."
    return " ".join([said, *told, *_doors_told(lack, terms)])


def _doors_told(lack: DayLack, terms: DepotTerms) -> list[str]:
    """What the doors do to the vans of a day that lacks some."""
    hires = lack.hires
    if not hires.blocked:
        return []
    remedy = remedy_words(hires.blocked, terms)
    words = leaving_words(hires.ready - hires.blocked, hires.ready, remedy)
    return [f"{words[0].upper()}{words[1:]}."]


def _held_words(held: int) -> str:
    verb = "sale" if held == 1 else "salen"
    return f"por los andenes no {verb} a tiempo {vans(held)}"


def _besides(needs: Sequence[ShiftNeed], depot: DepotDuties) -> str:
    """As ``, y sobran 2 de mañana``: who is too many on one shift may take another."""
    over = [need for need in needs if need.open < 0]
    if not over:
        return ""
    counted = [f"{-need.open} de {told_shift(need.shift, depot.shifts)}" for need in over]
    verb = "sobra" if [need.open for need in over] == [-1] else "sobran"
    return f", y {verb} {list_words(counted)}"


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


def hires_words(terms: DepotTerms, *, contracted: int, spot: int, most: str = "") -> str:
    """As ``5 por contrato ($95.000 al día, desde 2 días de reparto seguidos) y 4 al día …``.

    Args:
        terms: Of the depot.
        contracted: Hired by its contract.
        spot: Called for the day.
        most: What stands before each count, as ``hasta``.
    """
    ways = []
    if contracted:
        whose = f" con {terms.contract_carrier}" if terms.contract_carrier else ""
        days = terms.contract_days_min
        span = f", desde {days} días de reparto seguidos" if days > 1 else ""
        price = f"{pesos(terms.contract_day_cost_clp)} al día{span}"
        ways.append(f"{most}{contracted} por contrato{whose} ({price})")
    if spot:
        ways.append(f"{most}{spot} al día ({pesos(terms.spot_day_cost_clp)})")
    return list_words(ways) if ways else ""


def who_may_come(terms: DepotTerms) -> str:
    """Who can be called in, from the depot's terms."""
    ways = hires_words(
        terms, contracted=terms.contract_vehicles, spot=terms.spot_vehicles, most="hasta "
    )
    return f"pueden venir {ways}" if ways else "sin refuerzo anotado en las condiciones del CD"


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
    lacks = [each for each in lacks_of(inputs, board.depots) if each.missing]
    told = [words for kind in _HEADED if (words := _lacks_words(lacks, kind))]
    if not told:
        return f"Los turnos están completos {until}. {rules}."
    first, *others = told
    return " ".join([f"{first}, {until}.", *(f"{words}." for words in others), f"{rules}."])


# What the headline tells, in its order; doors are told below it.
_HEADED = (Lack.VANS, Lack.SHIFT, Lack.ROSTER)


def _lacks_words(lacks: Sequence[DayLack], kind: Lack) -> str:
    """As ``Faltan 2 turnos por cubrir en 2 días``; empty where nothing of that kind lacks."""
    own = [each for each in lacks if each.kind is kind]
    if not own:
        return ""
    missing, dates = sum(each.missing for each in own), {each.date for each in own}
    on = "1 día" if len(dates) == 1 else f"{len(dates)} días"
    count = "1 turno" if missing == 1 else f"{thousands(missing)} turnos"
    if kind is Lack.ROSTER:
        return f"En {on} nadie tiene turno todavía"
    if kind is Lack.SHIFT:
        them = "le" if missing == 1 else "les"
        return (
            f"Las camionetas alcanzan, pero a {count} de {on} {them} falta gente que sobra a otra "
            f"hora"
        )
    return f"{'Falta' if missing == 1 else 'Faltan'} {count} por cubrir en {on}"


def _broken(count: int) -> str:
    if count == 1:
        return "1 aviso de jornada por mirar"
    return f"{count} avisos de jornada por mirar"


def proposal_headline(found: Sequence[DepotProposal]) -> str:
    """What a proposal changes, and the overtime it takes."""
    changes = [change for each in found for change in each.changes]
    if not found:
        return "No hay qué proponer: faltan un pronóstico y conductores."
    lent = Counter(change.depot.name for change in changes if change.is_lent)
    at_home = [change for change in changes if not change.is_lent]
    put = sum(1 for change in at_home if change.after and not change.before)
    moved = sum(1 for change in at_home if change.after and change.before)
    spare = sum(1 for change in changes if change.is_spare)
    broken = len(at_home) - put - moved - spare
    overtime_h = sum(each.overtime_h for each in found)
    if not changes:
        headline = "Los turnos que hay ya son los que se propondrían."
    else:
        parts = [f"pone {_counted(put, 'turno', 'turnos')}"] if put else []
        parts += [f"cambia de hora {_counted(moved, 'turno', 'turnos')}"] if moved else []
        parts += [
            f"presta {_counted(count, 'turno', 'turnos')} a {name}"
            for name, count in sorted(lent.items())
        ]
        breaks = "que rompe una regla" if broken == 1 else "que rompen una regla"
        parts += [f"quita {_counted(broken, 'turno', 'turnos')} {breaks}"] if broken else []
        left = "que sobra" if spare == 1 else "que sobran"
        parts += [f"deja {_counted(spare, 'día libre', 'días libres')} {left}"] if spare else []
        headline = f"La propuesta {list_words(parts)}."
    if not overtime_h:
        return headline
    cost_clp = sum(each.overtime_clp for each in found)
    return (
        f"{headline} Horas extra: {hours(overtime_h)} sobre las horas de la semana, "
        f"{pesos(cost_clp)}; repartidas en los días trabajados, no pasan del máximo por día."
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
