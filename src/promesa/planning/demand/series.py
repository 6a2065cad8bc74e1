"""Which daily counts belong together: a comuna, the depot that serves it, a class of product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

SEPARATOR = " · "
# Stands for a depot that nobody said, where a class follows.
UNSAID = "–"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SeriesKey:
    """One series of counts.

    Attributes:
        depot: Its code; empty where nobody said it.
        product_class: Empty where nobody said it.
    """

    comuna: str
    depot: str = ""
    product_class: str = ""

    @property
    def text(self) -> str:
        """What a panel of series calls it: ``Ñuñoa``, ``Ñuñoa · CD``, ``Ñuñoa · CD · grande``."""
        if self.product_class:
            return SEPARATOR.join((self.comuna, self.depot or UNSAID, self.product_class))
        return SEPARATOR.join((self.comuna, self.depot)) if self.depot else self.comuna


# Orders of each series by day; a day that nobody knows of a series is absent.
DayCounts = Mapping[SeriesKey, Mapping[date, int]]
