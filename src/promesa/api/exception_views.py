"""A line of what to look at, for the wire: facts and codes, that the screen puts into words."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from promesa.api.decoding import View
from promesa.dispatch.sights import DayException, VisitFacts


class ReasonCount(View):
    """A driver's reason and how often it was given."""

    reason: str
    count: int


class VisitFactsView(View):
    """What is in doubt about one visit.

    The driver tells an amount that is not the due one; or a delivery with this ``outcome``, which
    ``why`` contradicts: what became of the order or of its parcel since, as noun.state.
    """

    reference: str
    driver: str | None
    cod_due_clp: int | None
    cod_collected_clp: int | None
    outcome: str | None
    why: str | None
    note: str | None


class ExceptionFactsView(View):
    """What the line says, for the screen to put into words.

    ``promises`` depend on it; the window of ``passed`` of them is over, ``late`` will not be kept.
    Of promises that drift, ``late`` of those due since ``since`` were not, and ``late_stated`` were
    stated not to be.
    ``since`` is when it began, ``due`` when the first window ends that can still be kept;
    ``released`` of its failed visits broke no promise, since who asked for it let it go.
    """

    promises: int
    passed: int
    late: int
    late_stated: int
    delay_s: int
    since: datetime | None
    due: datetime | None
    heading_to: str | None
    is_route_seen: bool
    route_codes: list[str]
    reasons: list[ReasonCount]
    released: int
    visit: VisitFactsView | None


class ExceptionView(View):
    """A line of what to look at, with what is offered to do about it."""

    key: str
    kind: str
    risk: str
    facts: ExceptionFactsView
    action: str
    route_id: UUID | None
    order_id: UUID | None


def exception_view(item: DayException) -> ExceptionView:
    """The line for the wire."""
    facts = item.facts
    return ExceptionView(
        key=item.key,
        kind=item.kind.value,
        risk=item.risk.value,
        facts=ExceptionFactsView(
            promises=facts.promises,
            passed=facts.passed,
            late=facts.late,
            late_stated=facts.late_stated,
            delay_s=facts.delay_s,
            since=facts.since,
            due=facts.due,
            heading_to=facts.heading_to,
            is_route_seen=facts.is_route_seen,
            route_codes=list(facts.route_codes),
            reasons=[ReasonCount(reason=reason, count=often) for reason, often in facts.reasons],
            released=facts.released,
            visit=None if facts.visit is None else visit_view(facts.visit),
        ),
        action=item.action.value,
        route_id=item.route_id,
        order_id=item.order_id,
    )


def visit_view(facts: VisitFacts) -> VisitFactsView:
    """What is in doubt, for the wire."""
    return VisitFactsView(
        reference=facts.reference,
        driver=facts.driver,
        cod_due_clp=facts.cod_due_clp,
        cod_collected_clp=facts.cod_collected_clp,
        outcome=facts.outcome,
        why=facts.why,
        note=facts.note,
    )
