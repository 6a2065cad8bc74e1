"""The one rule of an operator's deliveries: the terms of offer say it, to checkouts and to us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from promesa.kernel.serviceday import ServiceDay
from promesa.planning.demand.calendar import EVENTS_A_YEAR_MAX
from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.lead_time import CutOff
from promesa.planning.demand.repository import DemandEventRepository
from promesa.planning.demand.rest_days import rest_days_of
from promesa.promising.offers import OfferTerms
from promesa.promising.repository import TermsRepository

# Two months: who finds no day in them has to be called.
DAYS_LOOKED_AT = 62
# Of the terms of offer; before the oldest of these the terms we begin with are taken to hold.
VERSIONS_READ_MAX = 200


class OfferStore(Protocol):
    """The unit of work as far as terms of offer go."""

    @property
    def promise_terms(self) -> TermsRepository: ...
    @property
    def demand_events(self) -> DemandEventRepository: ...


async def standing_terms(tx: OfferStore) -> OfferTerms:
    """As the operator saved them, else as we begin with; with the days of rest of its calendar."""
    record = await tx.promise_terms.find()
    terms = OfferTerms() if record is None else record.terms
    rows = await tx.demand_events.list_rest_rows(limit=EVENTS_A_YEAR_MAX)
    return replace(terms, rest=rest_days_of(rows))


async def delivery_rule(tx: OfferStore) -> DeliveryRule:
    """What the terms that stand say of delivery days; for days to come."""
    return rule_of(await standing_terms(tx))


async def rule_over_time(tx: OfferStore) -> DeliveryRule:
    """The same, with what held before: what a Saturday delivered stays delivered.

    Of a day on which it was changed, the last that was saved holds.
    """
    versions = await tx.promise_terms.list_versions(limit=VERSIONS_READ_MAX)
    rest = rest_days_of(await tx.demand_events.list_rest_rows(limit=EVENTS_A_YEAR_MAX))
    spans = [(date.min, rule_of(OfferTerms(rest=rest)))]
    for record in reversed(versions):
        rule = rule_of(replace(record.terms, rest=rest))
        saved = ServiceDay.of(record.saved_at, rule.zone).date
        if spans[-1][0] == saved:
            spans.pop()
        if spans[-1][1] != rule:
            spans.append((saved, rule))
    (_, found), *later = spans
    for since, rule in later:
        found = replace(rule, former=found, since=since)
    return found


async def broken_price(tx: OfferStore) -> int | None:
    """What the operator says that a promise costs that is not kept; None while nobody said."""
    record = await tx.promise_terms.find()
    return None if record is None else record.terms.broken_clp


def rule_of(terms: OfferTerms) -> DeliveryRule:
    """What terms of offer say of delivery days; a weekday on which any window is offered is one."""
    return DeliveryRule(
        cut_off=CutOff(at=terms.cutoff, days=terms.lead_days),
        weekdays=frozenset().union(*(window.weekdays for window in terms.windows)),
        closed=terms.closed,
        serves_rest_days=terms.serves_rest_days,
        rest=terms.rest,
        zone=terms.zone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysToChoose:
    """Days that an order may be moved to by who waits for it.

    Attributes:
        first: By the cut-off.
        full: Of those, the ones that the books of promises know to be full.
    """

    rule: DeliveryRule
    first: date
    full: frozenset[date] = frozenset()

    @classmethod
    def after(cls, today: date) -> DaysToChoose:
        """From tomorrow on, by the terms that everybody begins with."""
        return cls(rule=rule_of(OfferTerms()), first=today + timedelta(days=1))

    def next_days(self) -> Iterator[date]:
        """Those of the days ahead, rising."""
        for number in range(DAYS_LOOKED_AT):
            day = self.first + timedelta(days=number)
            if self.rule.is_open(day) and day not in self.full:
                yield day
