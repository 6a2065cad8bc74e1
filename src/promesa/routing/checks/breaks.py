"""The driver has every break: under way, before leaving or once back, each within its span."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.routing.checks.case import Case, Step
from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.plan import Pause
from promesa.routing.problem import Break


def violations(case: Case) -> Iterator[Violation]:
    """Pauses that are none of its breaks or do not fit where they stand, and breaks not had."""
    misplaced = len(case.route.pauses) - sum(len(s.before) + len(s.after) for s in case.steps)
    misplaced += sum(_clashes(case, step) for step in case.steps)
    if misplaced:
        sentence = f"{_pauses(misplaced)} sin tiempo donde se anotó."
        yield case.broken(Rule.BREAK_WRONG, misplaced, "colaciones", sentence)
    odd, missed = _judge(case)
    if odd:
        sentence = f"{_pauses(odd)} fuera de su horario o con otra duración."
        yield case.broken(Rule.BREAK_WRONG, odd, "colaciones", sentence)
    if missed:
        sentence = f"le falta tiempo para {_pauses(missed)}."
        yield case.broken(Rule.BREAK_MISSED, missed, "colaciones", sentence)


def _pauses(count: int) -> str:
    return "una colación" if count == 1 else f"{count} colaciones"


def _clashes(case: Case, step: Step) -> int:
    """Pauses at the step during which it drives, serves or loads."""
    if step.visit is not None and step.stop is not None:
        begun_s, work_s = step.visit.start_s, step.stop.service_time_s
    else:
        ready_s = max([step.arrival_s, *(pause.end_s for pause in step.before)])
        begun_s, work_s = max(ready_s, case.depot.open_s), case.vehicle.loading_time_s
    clashes, free_s = 0, step.arrival_s
    for pause in step.before:
        clashes += pause.start_s < free_s or pause.end_s > begun_s
        free_s = pause.end_s
    free_s = begun_s + work_s
    for pause in step.after:
        clashes += pause.start_s < free_s or pause.end_s > step.departure_s
        free_s = pause.end_s
    return clashes


def _judge(case: Case) -> tuple[int, int]:
    """Pauses that are no break of its, and breaks not had, if it had as many before as helps."""
    breaks, pauses = case.vehicle.breaks, _in_order(case)
    judged = [_matched(breaks, 0, pauses, case.route.end_s)]
    rested_s = 0
    for number, each in enumerate(breaks, start=1):
        rested_s = max(rested_s, each.start_s) + each.duration_s
        if rested_s > min(each.end_s, case.route.departure_s):
            break
        judged.append(_matched(breaks, number, pauses, case.route.end_s))
    return min(judged, key=sum)


def _in_order(case: Case) -> list[Pause]:
    return [pause for step in case.steps for pause in (*step.before, *step.after)]


def _matched(
    breaks: tuple[Break, ...], had: int, pauses: list[Pause], end_s: int
) -> tuple[int, int]:
    """Each pause is the next break it can be; the breaks that are left come after the end."""
    odd = missed = 0
    following = had
    for pause in pauses:
        fits = [k for k in range(following, len(breaks)) if _is(pause, breaks[k])]
        if not fits:
            odd += 1
            continue
        missed += fits[0] - following
        following = fits[0] + 1
    now_s = end_s
    for each in breaks[following:]:
        then_s = max(now_s, each.start_s) + each.duration_s
        if then_s > each.end_s:
            missed += 1
        else:
            now_s = then_s
    return odd, missed


def _is(pause: Pause, planned: Break) -> bool:
    is_whole = pause.end_s - pause.start_s == planned.duration_s
    return is_whole and planned.start_s <= pause.start_s and pause.end_s <= planned.end_s
