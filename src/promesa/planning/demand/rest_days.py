"""On which days commerce rests: the law's dates, as the operator's own calendar has them.

The one place that knows: checkouts, vans, docks and rosters all ask it. It does not say whether
vans go out all the same; the terms of offer do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from promesa.planning.demand.chile import is_rest_day, rest_day_of
from promesa.planning.demand.event_row import EVERYWHERE, EventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RestDays:
    """What a calendar makes of the law's dates; as it is begun with, those and no others.

    Attributes:
        added: Of rows that are marked, whatever day they are on.
        lifted: The law's, of rows that somebody deleted, moved, or took the mark from.
    """

    added: frozenset[date] = frozenset()
    lifted: frozenset[date] = frozenset()

    def has(self, day: date) -> bool:
        """Whether commerce rests on a day."""
        return day in self.added or (is_rest_day(day) and day not in self.lifted)

    def of(self, days: Sequence[date]) -> frozenset[date]:
        """Those of the days on which it rests."""
        return frozenset(day for day in days if self.has(day))


# Of who has no calendar: the command line, and what is begun with.
OF_THE_LAW = RestDays()


def rest_days_of(rows: Iterable[EventRow]) -> RestDays:
    """What rows of the calendar say, deleted ones among them."""
    added: set[date] = set()
    lifted: set[date] = set()
    for row in rows:
        days = _days(row) if _is_standing(row) else frozenset()
        law = rest_day_of(row.shipped_key)
        if law is not None and law not in days and not _is_partial(row):
            lifted.add(law)
        added |= days
    return RestDays(added=frozenset(added), lifted=frozenset(lifted - added))


def _is_partial(row: EventRow) -> bool:
    """Whether it is marked for a part of the operation, from when that could be said."""
    return row.deleted_at is None and row.content.is_rest and row.content.scope != EVERYWHERE


def _is_standing(row: EventRow) -> bool:
    # A row of one comuna or merchant cannot close what the whole operator offers.
    content = row.content
    return row.deleted_at is None and content.is_rest and content.scope == EVERYWHERE


def _days(row: EventRow) -> frozenset[date]:
    start, end = row.content.start, row.content.end
    return frozenset(start + timedelta(days=number) for number in range((end - start).days + 1))
