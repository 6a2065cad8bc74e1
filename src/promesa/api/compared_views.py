"""Plans beside the plan as it is, as they go over the wire and onto paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from promesa.api.decoding import View
from promesa.planning.capacity.what_if import Compared

# Without a price fewer vans look like money saved.
UNPRICED = (
    "El costo no cuenta lo que no se entrega: pon en Promesas el precio de una promesa incumplida."
)


class ComparedView(View):
    """A plan beside the plan as it is, in the same scenarios.

    ``cost_clp`` is of the vans; at most ``undelivered`` orders stay behind, which cost
    ``undelivered_clp``, null while nobody said what a broken promise costs; ``total_clp`` is both.
    ``more_clp`` and ``more_kept`` are beyond the plan as it is, below zero what is less.
    ``takes`` are the comunas that a new depot would serve; ``notes`` say what was assumed, and why
    a comuna is not among them.
    """

    name: str
    sentence: str
    cost_clp: int
    undelivered: float
    undelivered_clp: int | None
    total_clp: int
    more_clp: int
    kept: float
    more_kept: float
    gap: int
    worst_day: date | None
    worst_kept: float
    takes: list[str]
    notes: list[str]


class WhatIfView(View):
    """The plan as it is first, then the changed one, of the days from ``since`` on."""

    since: date
    items: list[ComparedView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRow:
    """A plan of those compared, on its way out; one that can't be tried has a reason instead."""

    name: str
    plan: ComparedView | None = None
    base: ComparedView | None = None
    failure: str = ""

    @property
    def is_base(self) -> bool:
        """Whether it is the plan as it is."""
        return self.plan is not None and self.plan == self.base


def view_compared(
    compared: Compared,
    base: Compared,
    sentence: str,
    takes: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> ComparedView:
    """A plan as one line, beside the plan as it is."""
    worst = compared.plan.worst
    return ComparedView(
        name=compared.name,
        sentence=sentence,
        cost_clp=round(compared.plan.cost_clp),
        undelivered=compared.undelivered,
        undelivered_clp=compared.undelivered_clp,
        total_clp=compared.total_clp,
        more_clp=compared.total_clp - base.total_clp,
        kept=compared.plan.kept,
        more_kept=compared.plan.kept - base.plan.kept,
        gap=compared.gap,
        worst_day=worst.date if worst else None,
        worst_kept=worst.kept if worst else 1.0,
        takes=list(takes),
        notes=list(notes),
    )
