"""The rules of working hours as rows people edit: what is asked, since when, by which source.

What ships is a template for drivers of a courier in Chile, November 2026. It is no legal advice: an
operator switches off what does not bind them and changes what their contracts say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from promesa.kernel.errors import FieldFault, InvalidError

VALUE_MAX = 168
ROWS_MAX = 60
SOURCE_CHARS_MAX = 300


class RuleKind(StrEnum):
    """What a rule limits, and of what span; its value is in hours, days or Sundays, as it says."""

    WEEK_HOURS_MAX = "week_hours_max"
    DAY_HOURS_MAX = "day_hours_max"
    DAY_OVERTIME_HOURS_MAX = "day_overtime_hours_max"
    WEEK_DAYS_MAX = "week_days_max"
    DAYS_IN_ROW_MAX = "days_in_row_max"
    MONTH_SUNDAYS_OFF_MIN = "month_sundays_off_min"
    REST_HOURS_MIN = "rest_hours_min"
    CLOSED_HOLIDAYS = "closed_holidays"
    CONTRACT_WEEK_HOURS_MIN = "contract_week_hours_min"


class LabourRulesInvalidError(InvalidError):
    """The rules of working hours cannot be used; the details say which."""

    code: ClassVar[str] = "capacity_labour_rules_invalid"
    message: ClassVar[str] = "Las reglas de jornada tienen errores. Corrige las que se indican."


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourRule:
    """One rule.

    Attributes:
        value: Hours, days or Sundays; 0 for closed holidays, which have none.
        source: The law and its article, or who decided.
        since: First day it holds; of several of a kind the latest that has begun counts.
        is_on: Whether it is looked at.
    """

    kind: RuleKind
    value: float
    source: str
    since: date = date(2000, 1, 1)
    is_on: bool = True


_LAW_40 = "Ley 21.561, art. 1 y 1º transitorio (Código del Trabajo, art. 22)"
CHILE: tuple[LabourRule, ...] = (
    LabourRule(kind=RuleKind.WEEK_HOURS_MAX, value=44, source=_LAW_40, since=date(2024, 4, 26)),
    LabourRule(kind=RuleKind.WEEK_HOURS_MAX, value=42, source=_LAW_40, since=date(2026, 4, 26)),
    LabourRule(kind=RuleKind.WEEK_HOURS_MAX, value=40, source=_LAW_40, since=date(2028, 4, 26)),
    LabourRule(
        kind=RuleKind.DAY_HOURS_MAX, value=10, source="Código del Trabajo, art. 28, inciso 2"
    ),
    LabourRule(kind=RuleKind.DAY_OVERTIME_HOURS_MAX, value=2, source="Código del Trabajo, art. 31"),
    LabourRule(
        kind=RuleKind.WEEK_DAYS_MAX, value=6, source="Código del Trabajo, art. 28, inciso 1"
    ),
    LabourRule(
        kind=RuleKind.DAYS_IN_ROW_MAX,
        value=6,
        source="Código del Trabajo, arts. 35 y 38: un día de descanso por cada semana",
    ),
    LabourRule(
        kind=RuleKind.MONTH_SUNDAYS_OFF_MIN,
        value=2,
        source="Código del Trabajo, art. 38, inciso 4",
    ),
    LabourRule(
        kind=RuleKind.REST_HOURS_MIN,
        value=12,
        source="Plantilla de Promesa: la ley no fija un número para el reparto urbano",
    ),
    LabourRule(
        kind=RuleKind.CLOSED_HOLIDAYS,
        value=0,
        source="Ley 19.973, feriados irrenunciables del comercio; si tus conductores no lo son, "
        "apágala",
    ),
    LabourRule(
        kind=RuleKind.CONTRACT_WEEK_HOURS_MIN,
        value=42,
        source="Tus contratos; apagada, cuenta la jornada completa de la ley",
        is_on=False,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabourRules:
    """The rules of an operator.

    Raises:
        LabourRulesInvalidError: A value cannot be.
    """

    rows: tuple[LabourRule, ...] = CHILE

    def __post_init__(self) -> None:
        if faults := tuple(_faults(self.rows)):
            raise LabourRulesInvalidError(faults=faults)

    def on(self, kind: RuleKind, day: date) -> LabourRule | None:
        """The rule of that kind on a day; None where there is none, or it is off."""
        begun = [rule for rule in self.rows if rule.kind == kind and rule.since <= day]
        latest = max(begun, key=lambda rule: rule.since, default=None)
        return latest if latest is not None and latest.is_on else None

    def limit(self, kind: RuleKind, days: Sequence[date]) -> float | None:
        """The tightest value over some days; None where nothing is asked."""
        values = [rule.value for day in days if (rule := self.on(kind, day)) is not None]
        if not values:
            return None
        return max(values) if kind.value.endswith("_min") else min(values)


def _faults(rows: Sequence[LabourRule]) -> Iterator[FieldFault]:
    if len(rows) > ROWS_MAX:
        yield FieldFault(field="rows", reason=f"Son {ROWS_MAX} reglas como máximo.")
    seen: set[tuple[RuleKind, date]] = set()
    for row, rule in enumerate(rows, start=1):
        if not 0 <= rule.value <= VALUE_MAX:
            reason = f"Debe ser un número de 0 a {VALUE_MAX}."
            yield FieldFault(row=row, field="value", reason=reason)
        if not 0 < len(rule.source.strip()) <= SOURCE_CHARS_MAX:
            reason = f"Di de dónde sale, en {SOURCE_CHARS_MAX} letras: la ley, el contrato, quién."
            yield FieldFault(row=row, field="source", reason=reason)
        if (rule.kind, rule.since) in seen:
            reason = "Ya hay otra regla igual que parte ese día. Cambia la fecha o borra una."
            yield FieldFault(row=row, field="since", reason=reason)
        seen.add((rule.kind, rule.since))
