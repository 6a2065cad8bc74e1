"""An indicator opens to its formula and rows: its value follows from nothing but its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from promesa.analytics.facts import DayFacts

# Why a row counts for nothing while its day goes on; the screens tell these apart.
IN_PROGRESS = "en curso"


class Unit(StrEnum):
    """What the sums of an indicator count."""

    ORDERS = "orders"
    STOPS = "stops"
    ROUTES = "routes"
    PARCELS = "parcels"
    MESSAGES = "messages"
    STARS = "stars"
    PAIRS = "pairs"
    MINUTES = "minutes"
    SECONDS = "seconds"
    METRES = "metres"
    PESOS = "pesos"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one order, stop or route adds.

    Attributes:
        subject: order, stop or route.
        label: A reference or a route's code.
        note: Why it counts as it does, in Spanish.
        excluded: Why it counts for nothing; empty when it counts.
    """

    subject: str
    subject_id: UUID
    label: str
    numerator: float
    denominator: float
    note: str = ""
    excluded: str = ""


class Group(StrEnum):
    """Where in the report an indicator stands."""

    PROMISES = "promises"
    ARRIVALS = "arrivals"
    ROUTES = "routes"
    FAILURES = "failures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What an indicator means.

    Attributes:
        formula: In words, as the screen shows it.
        unit: ``%``, ``km``, ``CLP``, ``paradas/h``, …
        scale: The quotient of the sums times this is the value.
        anchor: What is usual elsewhere, with its source; empty when nobody publishes it.
        counts: What the numerators are.
        among: What the denominators are.
        value: Where it is no quotient but a percentile; its rows say which of them are within it.
    """

    key: str
    group: Group
    label: str
    formula: str
    unit: str
    rows: Callable[[DayFacts], Sequence[Row]]
    value: Callable[[DayFacts], float | None] | None = None
    scale: float = 1.0
    anchor: str = ""
    counts: Unit = Unit.ORDERS
    among: Unit = Unit.ORDERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A value with everything it is made of.

    Attributes:
        value: None when nothing counts: unknown is not zero.
    """

    key: str
    group: Group
    label: str
    formula: str
    unit: str
    anchor: str
    counts: Unit
    among: Unit
    value: float | None
    numerator: float
    denominator: float
    rows: tuple[Row, ...]

    @property
    def excluded(self) -> int:
        """How many rows count for nothing, for good."""
        return sum(1 for row in self.rows if row.excluded) - self.in_progress

    @property
    def in_progress(self) -> int:
        """How many rows do not count yet."""
        return sum(1 for row in self.rows if row.excluded == IN_PROGRESS)


# A share of more than everything would be a mistake of ours (others show 186 %).
PERCENT = 100.0
DECIMALS = 4


def measure(definition: Definition, facts: DayFacts) -> Indicator:
    """The indicator of a day."""
    rows = tuple(definition.rows(facts))
    counted = [row for row in rows if not row.excluded]
    if definition.unit == "%":
        assert all(0 <= row.numerator <= row.denominator for row in counted), definition.key
    numerator = sum(row.numerator for row in counted)
    denominator = sum(row.denominator for row in counted)
    value = definition.scale * numerator / denominator if denominator else None
    if definition.value is not None:
        value = definition.value(facts)
    return Indicator(
        key=definition.key,
        group=definition.group,
        label=definition.label,
        formula=definition.formula,
        unit=definition.unit,
        anchor=definition.anchor,
        counts=definition.counts,
        among=definition.among,
        value=None if value is None else round(value, DECIMALS),
        numerator=numerator,
        denominator=denominator,
        rows=rows,
    )
