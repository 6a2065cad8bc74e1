"""Which part of the orders a merchant brings: what its campaign multiplies, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

# The newest weeks say what a merchant is now; a day alone may be a sale.
SHARE_WEEKS = 8
# Of so many orders a comuna's own share is known within some 5 points; below, the whole one is
# taken.
COMUNA_ORDERS_MIN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantCount:
    """Own orders of a merchant for a comuna on the day they were placed."""

    merchant_id: UUID
    comuna: str
    day: date
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantShare:
    """The part of some merchants of the orders of the comunas that they ship to, from 0 to 1.

    Attributes:
        whole: Of all of those comunas.
        by_comuna: Of each that had enough orders.
    """

    whole: float
    by_comuna: Mapping[str, float] = field(default_factory=dict)

    def of(self, comuna: str) -> float:
        """Of a comuna, as far as its orders say it."""
        return self.by_comuna.get(comuna, self.whole)


def merchant_share(
    own: Iterable[MerchantCount],
    known: Mapping[tuple[str, date], int],
    *,
    merchant_ids: Collection[UUID],
    comunas: Collection[str],
    without: Collection[date] = (),
) -> MerchantShare | None:
    """What some merchants bring; None while they bring nothing.

    Args:
        own: Own orders of all merchants over the newest weeks.
        known: Orders of a comuna and day, of files too; a day before the first own order does not
            count, since nobody knows whose its orders were.
        merchant_ids: Whose part.
        comunas: Of which orders.
        without: Days that say nothing, of the campaign itself.
    """
    theirs: defaultdict[tuple[str, date], int] = defaultdict(int)
    all_own: defaultdict[tuple[str, date], int] = defaultdict(int)
    first = date.max
    for each in own:
        first = min(first, each.day)
        all_own[each.comuna, each.day] += each.orders
        if each.merchant_id in merchant_ids:
            theirs[each.comuna, each.day] += each.orders
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for comuna, day in {*all_own, *known}:
        if comuna in comunas and day >= first and day not in without:
            part = theirs[comuna, day]
            found[comuna][0] += part
            found[comuna][1] += max(all_own[comuna, day], known.get((comuna, day), 0))
    part, whole = (sum(each[place] for each in found.values()) for place in (0, 1))
    if not part:
        return None
    return MerchantShare(
        whole=part / whole,
        by_comuna={
            comuna: some / every
            for comuna, (some, every) in sorted(found.items())
            if every >= COMUNA_ORDERS_MIN
        },
    )
