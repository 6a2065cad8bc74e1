"""What a merchant brings, of the newest weeks, by comuna where that is known."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from promesa.planning.demand.merchant_shares import MerchantCount, merchant_share

BOLDO, OTHER = UUID(int=1), UUID(int=2)
DAY, NEXT = date(2026, 11, 2), date(2026, 11, 3)


def count(merchant_id: UUID, comuna: str, orders: int, day: date = DAY) -> MerchantCount:
    return MerchantCount(merchant_id=merchant_id, comuna=comuna, day=day, orders=orders)


OWN = [
    count(BOLDO, "Maipú", 20),
    count(OTHER, "Maipú", 40),
    count(BOLDO, "Lampa", 9),
    count(OTHER, "Lampa", 11),
]
BOTH = ("Maipú", "Lampa")


def test_a_share_is_by_comuna_where_there_are_enough_orders_else_of_the_whole() -> None:
    found = merchant_share(OWN, {}, merchant_ids=[BOLDO], comunas=BOTH)
    assert found is not None
    # 29 of 80; Maipú had 60 orders, Lampa 20.
    assert (found.whole, found.of("Maipú")) == (29 / 80, 1 / 3)
    assert found.of("Lampa") == found.whole


def test_orders_that_only_a_file_tells_are_of_the_whole_too() -> None:
    known = {("Maipú", DAY): 100, ("Lampa", DAY): 20}
    found = merchant_share(OWN, known, merchant_ids=[BOLDO], comunas=BOTH)
    assert found is not None
    assert (found.whole, found.of("Maipú")) == (29 / 120, 0.2)


def test_days_before_the_first_own_order_and_of_the_campaign_say_nothing() -> None:
    sale = [*OWN, count(BOLDO, "Maipú", 300, NEXT)]
    known = {("Maipú", date(2026, 10, 1)): 5_000}
    found = merchant_share(sale, known, merchant_ids=[BOLDO], comunas=BOTH, without=[NEXT])
    assert found is not None
    assert found.whole == pytest.approx(29 / 80)


def test_who_brings_nothing_has_no_share() -> None:
    assert merchant_share(OWN, {}, merchant_ids=[UUID(int=3)], comunas=BOTH) is None
    assert merchant_share(OWN, {}, merchant_ids=[BOLDO], comunas=["Putre"]) is None
