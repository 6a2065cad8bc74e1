"""The one rule of an operator's deliveries: the terms of offer say it, to checkouts and to us."""

from __future__ import annotations

from typing import Protocol

from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.lead_time import CutOff
from promesa.promising.offers import OfferTerms
from promesa.promising.repository import TermsRepository


class OfferStore(Protocol):
    """The unit of work as far as terms of offer go."""

    @property
    def promise_terms(self) -> TermsRepository: ...


async def delivery_rule(tx: OfferStore) -> DeliveryRule:
    """As the operator saved it, else as we begin with."""
    record = await tx.promise_terms.find()
    return rule_of(OfferTerms() if record is None else record.terms)


def rule_of(terms: OfferTerms) -> DeliveryRule:
    """What terms of offer say of delivery days; a weekday on which any window is offered is one."""
    return DeliveryRule(
        cut_off=CutOff(at=terms.cutoff, days=terms.lead_days),
        weekdays=frozenset().union(*(window.weekdays for window in terms.windows)),
        closed=terms.closed,
        serves_rest_days=terms.serves_rest_days,
    )
