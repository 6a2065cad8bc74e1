"""Days of a forecast that are a peak, where nobody says which days are an event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

from promesa.planning.capacity.scenarios import Volume

# As big as this against the middle day of the forecast is no busy Monday (assumed: weekdays of a
# courier differ by a third at most).
PEAK_RATIO = 1.6


def with_peaks(volumes: Sequence[Volume]) -> tuple[Volume, ...]:
    """The same, with peak days named as one event each run of them; named days stay as they are.

    A forecast that names any event is believed, and nothing is added to it.
    """
    if any(volume.event for volume in volumes):
        return tuple(volumes)
    name_of = _peaks(volumes)
    return tuple(
        replace(volume, event=name_of[volume.date]) if volume.date in name_of else volume
        for volume in volumes
    )


def _peaks(volumes: Sequence[Volume]) -> dict[date, str]:
    totals: dict[date, float] = defaultdict(float)
    for volume in volumes:
        totals[volume.date] += volume.mean
    usual = median(totals.values())
    name_of: dict[date, str] = {}
    for day in sorted(totals):
        if totals[day] > PEAK_RATIO * usual:
            before = name_of.get(day - timedelta(days=1))
            name_of[day] = before or f"alza del {day:%d-%m}"
    return name_of
