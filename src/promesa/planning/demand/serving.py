"""Which depot serves a series: one rule for the forecast of a depot, its vans and its promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from promesa.planning.demand.series import SeriesKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingDepots:
    """The depot that a series names, else the one whose vans are sized for its comuna.

    Attributes:
        codes: Of the depots there are. What names another is served as if it named none; without
            any depot a series is of the one it names.
        by_comuna: Codes by comuna; one of which nobody knows where it is is absent.
    """

    codes: frozenset[str] = frozenset()
    by_comuna: Mapping[str, str] = field(default_factory=dict)

    def of(self, key: SeriesKey) -> str:
        """The code; empty where nobody knows."""
        if key.depot in self.codes or not self.codes:
            return key.depot
        return self.by_comuna.get(key.comuna, "")

    def placed(self, keys: Iterable[SeriesKey]) -> tuple[SeriesKey, ...]:
        """Each with the depot that serves it."""
        return tuple(replace(key, depot=self.of(key)) for key in keys)


# Every series is of the depot that it names.
AS_NAMED = ServingDepots()


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotShare:
    """How much of the orders of a series is one depot's; all of it where none is asked about.

    Orders that name no depot, of a comuna that several serve, are each one's as they are expected.

    Attributes:
        expected: Orders by comuna, and by depot.
    """

    depot: str | None
    serving: ServingDepots
    expected: Mapping[str, Mapping[str, float]]

    def of(self, key: SeriesKey) -> float:
        """From 0 to 1."""
        if self.depot is None:
            return 1.0
        there = self.expected.get(key.comuna, {})
        whole = sum(there.values())
        if key.depot in self.serving.codes or not whole > 0:
            return float(self.serving.of(key) == self.depot)
        return there.get(self.depot, 0.0) / whole
