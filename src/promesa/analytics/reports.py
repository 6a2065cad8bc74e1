"""The report of a day: every indicator that applies, and each of them opened to its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from promesa.analytics.definitions import definitions_of
from promesa.analytics.facts import DayFacts
from promesa.analytics.gathering import gather_facts
from promesa.analytics.indicator import Indicator, measure
from promesa.analytics.repository import ReportStore
from promesa.kernel.errors import NotFoundError
from promesa.kernel.serviceday import SANTIAGO

ROW_COLUMNS = (
    "tipo",
    "identificador",
    "referencia",
    "numerador",
    "denominador",
    "nota",
    "excluida",
)
REPORT_COLUMNS = (
    "clave",
    "indicador",
    "valor",
    "unidad",
    "numerador",
    "denominador",
    "excluidas",
    "en curso",
    "formula",
    "referencia",
)
# A spreadsheet runs what begins so; OWASP asks to disarm it.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class IndicatorUnknownError(NotFoundError):
    """No indicator of this day has this key."""

    code: ClassVar[str] = "indicator_unknown"
    message: ClassVar[str] = "Ese indicador no existe para este día."


@dataclass(frozen=True, slots=True, kw_only=True)
class DayReport:
    """Indicators of a day.

    Attributes:
        open_orders: Promises of the day without a fate yet; they count for nothing.
        is_in_progress: Whether the day still goes on.
    """

    date: date
    open_orders: int
    is_in_progress: bool
    indicators: tuple[Indicator, ...]

    def get(self, key: str) -> Indicator:
        """The indicator with this key.

        Raises:
            IndicatorUnknownError: There is none.
        """
        for indicator in self.indicators:
            if indicator.key == key:
                return indicator
        raise IndicatorUnknownError(key=key)


async def day_report(
    tx: ReportStore, day: date, *, now: datetime, zone: str = SANTIAGO
) -> DayReport:
    """The report of a day as it stands now."""
    return report_of(await gather_facts(tx, day, now=now, zone=zone))


def report_of(facts: DayFacts) -> DayReport:
    """The report made of those facts; pure."""
    definitions = definitions_of(facts)
    open_orders = facts.open_orders
    return DayReport(
        date=facts.date,
        open_orders=open_orders,
        is_in_progress=open_orders > 0 or any(map(facts.is_under_way, facts.routes)),
        indicators=tuple(measure(definition, facts) for definition in definitions),
    )


def report_csv(report: DayReport) -> str:
    """The report as a table for spreadsheets, with points for decimals."""
    return _csv(
        REPORT_COLUMNS,
        [
            (
                indicator.key,
                indicator.label,
                "" if indicator.value is None else f"{indicator.value:g}",
                indicator.unit,
                f"{indicator.numerator:g}",
                f"{indicator.denominator:g}",
                str(indicator.excluded),
                str(indicator.in_progress),
                indicator.formula,
                indicator.anchor,
            )
            for indicator in report.indicators
        ],
    )


def rows_csv(indicator: Indicator) -> str:
    """What an indicator is made of, as a table."""
    return _csv(ROW_COLUMNS, [row_cells(indicator, n) for n in range(len(indicator.rows))])


def row_cells(indicator: Indicator, number: int) -> tuple[str, ...]:
    """One row of an indicator as text, in the order of ROW_COLUMNS."""
    row = indicator.rows[number]
    return (
        row.subject,
        str(row.subject_id),
        row.label,
        f"{row.numerator:g}",
        f"{row.denominator:g}",
        row.note,
        row.excluded,
    )


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([[_disarmed(cell) for cell in row] for row in rows])
    return out.getvalue()


def _disarmed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell
