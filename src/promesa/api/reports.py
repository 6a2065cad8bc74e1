"""The report of a day: each number opens to its formula and its rows, and leaves as a table."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import Parameter

from promesa.analytics.indicator import Group, Indicator, Unit
from promesa.analytics.reports import day_report, report_csv, rows_csv
from promesa.api.decoding import View
from promesa.domain.actor import Permission
from promesa.runtime.platform import Caller, Platform

Day = Annotated[dt.date, Parameter(query="date")]
_CSV = "text/csv; charset=utf-8"


class IndicatorView(View):
    """A number with its meaning; value null means that nothing counts.

    ``counts`` and ``among`` say what the numerator and the denominator are; rows in progress
    count for nothing until they have a fate.
    """

    key: str
    group: Group
    label: str
    formula: str
    unit: str
    anchor: str
    value: float | None
    numerator: float
    denominator: float
    counts: Unit
    among: Unit
    rows: int
    excluded: int
    in_progress: int


class ReportView(View):
    """The indicators of a day as it stands at ``at``; open orders are in none of them."""

    date: dt.date
    is_simulated: bool
    at: dt.datetime
    is_in_progress: bool
    open_orders: int
    indicators: list[IndicatorView]


class RowView(View):
    """What one order, stop or route adds."""

    subject: str
    subject_id: UUID
    label: str
    numerator: float
    denominator: float
    note: str
    excluded: str


class RowsView(View):
    """An indicator with its rows."""

    indicator: IndicatorView
    rows: list[RowView]


def _view(indicator: Indicator) -> IndicatorView:
    return IndicatorView(
        key=indicator.key,
        group=indicator.group,
        label=indicator.label,
        formula=indicator.formula,
        unit=indicator.unit,
        anchor=indicator.anchor,
        value=indicator.value,
        numerator=indicator.numerator,
        denominator=indicator.denominator,
        rows=len(indicator.rows),
        counts=indicator.counts,
        among=indicator.among,
        excluded=indicator.excluded,
        in_progress=indicator.in_progress,
    )


@get("/v1/reports/day", access=Permission.READ_OPERATION, summary="The report of a day")
async def get_report(platform: Platform, caller: Caller, day: Day) -> ReportView:
    """Every indicator that applies."""
    tenant = await platform.tenant(caller.tenant_id)
    now = platform.clock.now()
    async with platform.transaction(caller.tenant_id) as tx:
        report = await day_report(tx, day, now=now)
    return ReportView(
        date=day,
        is_simulated=tenant.is_simulated,
        at=now,
        is_in_progress=report.is_in_progress,
        open_orders=report.open_orders,
        indicators=[_view(indicator) for indicator in report.indicators],
    )


@get("/v1/reports/day/{key:str}/rows", access=Permission.READ_OPERATION, summary="Its rows")
async def get_rows(key: str, platform: Platform, caller: Caller, day: Day) -> RowsView:
    """What an indicator is made of."""
    async with platform.transaction(caller.tenant_id) as tx:
        indicator = (await day_report(tx, day, now=platform.clock.now())).get(key)
    return RowsView(
        indicator=_view(indicator),
        rows=[
            RowView(
                subject=row.subject,
                subject_id=row.subject_id,
                label=row.label,
                numerator=row.numerator,
                denominator=row.denominator,
                note=row.note,
                excluded=row.excluded,
            )
            for row in indicator.rows
        ],
    )


@get("/v1/reports/day.csv", access=Permission.READ_OPERATION, summary="The report as a table")
async def get_report_csv(platform: Platform, caller: Caller, day: Day) -> Response[str]:
    """One line an indicator."""
    async with platform.transaction(caller.tenant_id) as tx:
        report = await day_report(tx, day, now=platform.clock.now())
    return _table(report_csv(report), f"informe-{day.isoformat()}.csv")


@get("/v1/reports/day/{key:str}/rows.csv", access=Permission.READ_OPERATION)
async def get_rows_csv(key: str, platform: Platform, caller: Caller, day: Day) -> Response[str]:
    """What an indicator is made of, as a table."""
    async with platform.transaction(caller.tenant_id) as tx:
        indicator = (await day_report(tx, day, now=platform.clock.now())).get(key)
    return _table(rows_csv(indicator), f"{key}-{day.isoformat()}.csv")


def _table(content: str, name: str) -> Response[str]:
    return Response(
        content,
        media_type=_CSV,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


router = Router(
    path="",
    route_handlers=[get_report, get_rows, get_report_csv, get_rows_csv],
    tags=["reports"],
)
