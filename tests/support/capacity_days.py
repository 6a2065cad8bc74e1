"""Needs of depots small enough to check by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from promesa.planning.capacity.needs import Need

FIRST_DAY = date(2026, 10, 5)


def need_of(
    vehicles: Sequence[Sequence[float]], *, depot: str = "QUI", zones: Sequence[str] = ("A",)
) -> Need:
    """A need by scenario and day; each vehicle has ten stops and five hours, zones share alike."""
    counts = np.array(vehicles, float)
    days = tuple(FIRST_DAY + timedelta(days=number) for number in range(counts.shape[1]))
    return Need(
        depot=depot,
        days=days,
        zones=tuple(zones),
        stops=counts * 10,
        minutes=counts * 300,
        vehicles=counts,
        shares=np.full((*counts.shape, len(zones)), 1 / len(zones)),
    )
