"""The doors of a day as they go over the wire."""

from __future__ import annotations

from datetime import date, datetime

from promesa.api.decoding import View
from promesa.planning.capacity.dock_day import DockSource


class DockSlotView(View):
    """A route at a door; ``wave`` is how many loaded there with it, from 1."""

    route: str
    door: int
    wave: int
    start: datetime
    end: datetime
    due: datetime
    late_min: int


class DepotDocksView(View):
    """A depot's doors; ``source`` says what its routes are known from.

    Where ``are_given`` is false nobody said how many doors there are, and ``doors`` is how many it
    takes. ``needed`` is null where no number of doors is enough.
    """

    depot: str
    name: str
    source: DockSource
    doors: int
    are_given: bool
    needed: int | None
    loading_min: int
    opens: datetime
    closes: datetime
    late: int
    headline: str
    sentences: list[str]
    variants: list[str]
    slots: list[DockSlotView]


class DocksView(View):
    """The doors of a day; a depot without routes is left out.

    ``nothing`` says why none leaves from any; empty where some do.
    """

    day: date
    today: date
    nothing: str
    depots: list[DepotDocksView]
