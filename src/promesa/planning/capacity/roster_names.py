"""Gives the drivers of a roster their names: each takes the way most like what they had.

The search counts drivers alike as one, so that any of them may take any of their ways. Whoever had
most chooses first; whatever way is taken out of a flow, a flow is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from promesa.planning.capacity.roster_states import State, Step, Walk
from promesa.planning.capacity.rosters import Duty

Left = list[dict[State, list[Step]]]


def named_duties(
    days: Sequence[date],
    walk: Walk,
    counts: Mapping[Step, int],
    keep: Mapping[tuple[str, date], str],
) -> Iterator[Duty]:
    """The duties of every driver of a walk.

    Args:
        days: Of the roster.
        walk: Where its drivers begin.
        counts: How many take each step.
        keep: Shifts by driver and day that each had.
    """
    left: Left = [{} for _ in days]
    for step, count in counts.items():
        left[step.day].setdefault(step.before, []).extend([step] * count)
    had = Counter(name for name, _ in keep)
    begun = [(name, state) for state, names in walk.begun.items() for name in names]
    for name, state in sorted(begun, key=lambda each: -had[each[0]]):
        kept = [keep.get((name, day), "") for day in days]
        for step in _way(left, state, kept):
            left[step.day][step.before].remove(step)
            if step.shift:
                yield Duty(driver=name, date=days[step.day], shift=step.shift)


def _way(left: Left, start: State, kept: Sequence[str]) -> list[Step]:
    """The way from a state that shares most days with what was kept."""
    ahead: dict[State, tuple[int, Step]] = {}
    ways: list[dict[State, tuple[int, Step]]] = []
    for number in reversed(range(len(kept))):
        here: dict[State, tuple[int, Step]] = {}
        for state, steps in left[number].items():
            for step in dict.fromkeys(steps):
                shared = (step.shift == kept[number]) + (
                    ahead[step.after][0] if step.after in ahead else 0
                )
                if state not in here or shared > here[state][0]:
                    here[state] = shared, step
        ways.append(here)
        ahead = here
    found = []
    for here in reversed(ways):
        _, step = here[start]
        found.append(step)
        start = step.after
    return found
