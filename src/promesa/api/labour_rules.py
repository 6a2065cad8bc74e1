"""The rules of working hours: the rows that hold, those that ship, and who wrote which version."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Router, get, put

from promesa.api.decoding import View, Wire
from promesa.api.demand_events import writer_of
from promesa.api.demand_views import authors_shown
from promesa.domain.actor import Permission
from promesa.planning.capacity.labour_rules import (
    CHILE,
    ROWS_MAX,
    SOURCE_CHARS_MAX,
    LabourRule,
    RuleKind,
)
from promesa.planning.capacity.labour_terms import (
    TEMPLATE,
    VERSIONS_SHOWN_MAX,
    LabourRecord,
    save_rules,
)
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

VERSION_MAX = 2**31


class LabourRuleBody(Wire):
    """One rule: hours, days or Sundays; of several of a kind the latest that has begun counts."""

    kind: RuleKind
    value: float
    source: Annotated[str, msgspec.Meta(max_length=SOURCE_CHARS_MAX)]
    since: date = date(2000, 1, 1)
    is_on: bool = True


class LabourRulesBody(Wire):
    """All rows, over the ``version`` that was read; 0 for the first."""

    rows: Annotated[list[LabourRuleBody], msgspec.Meta(max_length=ROWS_MAX)]
    version: Annotated[int, msgspec.Meta(ge=0, le=VERSION_MAX)] = 0


class LabourRuleView(View):
    """One rule."""

    kind: RuleKind
    value: float
    source: str
    since: date
    is_on: bool


class LabourVersionView(View):
    """One version; 0 is the template that ships, which nobody wrote."""

    version: int
    author: str | None
    saved_at: datetime | None
    rows: list[LabourRuleView]


class LabourRulesView(View):
    """The version that holds, the ones before it, the newest first, and the template."""

    standing: LabourVersionView
    earlier: list[LabourVersionView]
    template: list[LabourRuleView]


@get("/v1/capacity/labour-rules", access=Permission.READ_OPERATION, summary="Working hours")
async def see_labour_rules(platform: Platform, caller: Caller) -> LabourRulesView:
    """The rules that rosters are held against."""
    async with platform.transaction(caller.tenant_id) as tx:
        return await _view(tx, caller)


@put("/v1/capacity/labour-rules", access=Permission.PLAN, summary="Save the working hours")
async def put_labour_rules(
    data: LabourRulesBody, platform: Platform, caller: Caller
) -> LabourRulesView:
    """Keeps a version with its author; over another than the newest it is a conflict."""
    rows = [
        LabourRule(
            kind=each.kind,
            value=each.value,
            source=each.source.strip(),
            since=each.since,
            is_on=each.is_on,
        )
        for each in data.rows
    ]
    async with platform.transaction(caller.tenant_id) as tx:
        saved = await save_rules(tx, rows, writer_of(platform, caller), over=data.version)
        await platform.record(
            tx,
            caller,
            "capacity.labour_rules_saved",
            subject=("tenant", caller.tenant_id),
            data={"version": saved.version},
        )
        return await _view(tx, caller)


async def _view(tx: PlatformStore, caller: Caller) -> LabourRulesView:
    records = await tx.labour_rules.list_versions(limit=VERSIONS_SHOWN_MAX)
    names = await authors_shown(tx, caller, [record.author_id for record in records])
    versions = [
        _version(each, names.get(each.author_id) if each.author_id else None)
        for each in [*records, TEMPLATE]
    ]
    return LabourRulesView(
        standing=versions[0], earlier=versions[1:], template=[_rule(each) for each in CHILE]
    )


def _version(record: LabourRecord, author: str | None) -> LabourVersionView:
    return LabourVersionView(
        version=record.version,
        author=author,
        saved_at=record.saved_at,
        rows=[_rule(each) for each in record.rows],
    )


def _rule(rule: LabourRule) -> LabourRuleView:
    return LabourRuleView(
        kind=rule.kind, value=rule.value, source=rule.source, since=rule.since, is_on=rule.is_on
    )


router = Router(path="", route_handlers=[see_labour_rules, put_labour_rules], tags=["capacity"])
