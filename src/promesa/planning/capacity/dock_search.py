"""Betters a schedule of doors by CP-SAT, begun from the one there is.

Only with that hint: from nothing, in the time somebody waits, it finds worse than first come.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from ortools.sat.python import cp_model

from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.docks import Doors, Slot, late_minutes

SECONDS_DEFAULT = 20.0


def better(
    slots: Sequence[Slot], doors: Doors, *, seconds: float = SECONDS_DEFAULT, seed: int = 1
) -> tuple[Slot, ...]:
    """A schedule with fewer minutes late, or the same one when none is found.

    Args:
        slots: The schedule to begin from.
        doors: Where they load.
        seconds: Of the search, on one core.
        seed: Of the search. Stopped by the clock, it may differ from run to run.
    """
    if not late_minutes(slots):
        return tuple(slots)
    model = cp_model.CpModel()
    last = max(slot.end_s for slot in slots) // MINUTE_S + 1
    starts, spans, lates = [], [], []
    for slot in slots:
        loading = slot.loading
        first = -(-max(loading.ready_s, doors.open_s) // MINUTE_S)
        minutes = -(-loading.duration_s // MINUTE_S)
        start = model.new_int_var(first, max(first, last), "")
        late = model.new_int_var(0, 2 * last, "")
        model.add(late >= start + minutes - loading.due_s // MINUTE_S)
        model.add_hint(start, min(max(first, -(-slot.start_s // MINUTE_S)), last))
        starts.append(start)
        spans.append(model.new_fixed_size_interval_var(start, minutes, ""))
        lates.append(late)
    model.add_cumulative(spans, [1] * len(spans), doors.count)
    model.minimize(sum(lates))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return tuple(slots)
    found = _at_doors(slots, [solver.value(start) * MINUTE_S for start in starts], doors)
    return found if late_minutes(found) < late_minutes(slots) else tuple(slots)


def _at_doors(slots: Sequence[Slot], starts_s: Sequence[int], doors: Doors) -> tuple[Slot, ...]:
    """Doors for the starts found: whoever begins takes the door that has been free longest."""
    order = sorted(range(len(slots)), key=lambda number: (starts_s[number], number))
    free = [(doors.open_s, door) for door in range(1, doors.count + 1)]
    loaded = [0] * (doors.count + 1)
    found = []
    for number in order:
        _, door = heapq.heappop(free)
        loading, start_s = slots[number].loading, starts_s[number]
        loaded[door] += 1
        end_s = start_s + loading.duration_s
        found.append(
            Slot(loading=loading, door=door, wave=loaded[door], start_s=start_s, end_s=end_s)
        )
        heapq.heappush(free, (end_s, door))
    return tuple(found)
