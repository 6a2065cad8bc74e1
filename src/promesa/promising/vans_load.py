"""What the vans of a depot's day carry, and what loading again takes of their hours.

As fleets are sized and routes are planned, a van carries so many parcels as often as it may leave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from promesa.domain.fleet import LOADING_TIME_S_DEFAULT, MEASURES, NO_LOAD, Load


class LoadedVan(Protocol):
    """What is asked of a van, of the fleet or of a file."""

    @property
    def capacity(self) -> Load: ...
    @property
    def trips_max(self) -> int: ...
    @property
    def loading_time_s(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VansLoad:
    """What the vans of a day carry; a measure that one of them does not say is unknown: 0.

    Attributes:
        whole: All their trips together.
        first: One load each.
        reload_s: What all loads after the first take of their hours: loading, and the ways there
            and out again.
    """

    whole: Load = NO_LOAD
    first: Load = NO_LOAD
    reload_s: float = 0.0

    @classmethod
    def of(cls, vans: Sequence[LoadedVan | None], stem_s: float) -> VansLoad:
        """Of vans as far from their doors; None for one that nobody knows."""
        loads = [(van.capacity, van.trips_max) if van else (NO_LOAD, 1) for van in vans]
        return cls(
            whole=_each_of(lambda name: _known_sum([getattr(a, name) * n for a, n in loads])),
            first=_each_of(lambda name: _known_sum([getattr(a, name) for a, _ in loads])),
            reload_s=sum(
                (van.trips_max - 1) * (_loading_s(van) + 2 * stem_s)
                for van in vans
                if van is not None
            ),
        )

    @classmethod
    def mean(cls, days: Sequence[VansLoad]) -> VansLoad:
        """Of several days; what one of them does not know is unknown."""
        return cls(
            whole=_mean_load([each.whole for each in days]),
            first=_mean_load([each.first for each in days]),
            reload_s=sum(each.reload_s for each in days) / len(days),
        )


def _mean_load(loads: Sequence[Load]) -> Load:
    return _each_of(lambda name: _known_sum([getattr(each, name) for each in loads]) // len(loads))


def _each_of(amount: Callable[[str], int]) -> Load:
    return Load(**{name: amount(name) for name in MEASURES})


def _known_sum(amounts: Sequence[int]) -> int:
    return sum(amounts) if all(amounts) else 0


def _loading_s(van: LoadedVan) -> int:
    return LOADING_TIME_S_DEFAULT if van.loading_time_s is None else van.loading_time_s
