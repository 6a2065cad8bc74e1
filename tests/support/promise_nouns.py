"""A place held for an order, and terms of offer, as tests keep them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.offers import OfferTerms
from promesa.promising.repository import PromisingStore, Reservation, TermsRecord

ACCEPTED = datetime(2026, 11, 23, 12, tzinfo=UTC)
WINDOW = TimeWindow(
    start=datetime(2026, 11, 24, 12, tzinfo=UTC), end=datetime(2026, 11, 25, tzinfo=UTC)
)


def a_reservation(name: str = "one", *, order_id: UUID | None = None) -> Reservation:
    """A whole day held for an hour."""
    return Reservation(
        id=derived_id("reservation", name),
        merchant_id=None,
        depot_id=derived_id("depot", "one"),
        date=date(2026, 11, 24),
        window=WINDOW,
        position=Position(lon=-70.6, lat=-33.4),
        service_s=180,
        work_s=400,
        p_kept=0.97,
        p_model=0.96,
        price_clp=990,
        quoted_at=ACCEPTED - timedelta(minutes=5),
        accepted_at=ACCEPTED,
        expires_at=ACCEPTED + timedelta(hours=1),
        order_id=order_id,
    )


def saved_terms() -> TermsRecord:
    """Those we begin with, but for a holiday."""
    terms = replace(OfferTerms(), closed=frozenset({date(2026, 12, 25)}))
    return TermsRecord(
        version=1, terms=terms, saved_at=ACCEPTED, saved_by=derived_id("user", "one")
    )


async def keep_promising(tx: PromisingStore) -> None:
    """Puts a row into each of its tables."""
    await tx.reservations.add(a_reservation())
    await tx.promise_terms.add(saved_terms())
