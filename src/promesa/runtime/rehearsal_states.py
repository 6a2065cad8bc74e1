"""What goes on with rehearsals of each operator: kept in memory, found again by asking anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from promesa.promising.rehearsal.making import Asked
from promesa.runtime.slips import Slip


@dataclass(slots=True, kw_only=True)
class Rehearsing:
    """What goes on for one operator; one rehearsal at a time.

    Attributes:
        slip: How far the one is that runs; None while none does.
        name: Of that one.
        asked: What it was asked with.
        failure: Why the last one came to nothing; None when it did not.
        newest: The last one that was kept.
    """

    slip: Slip | None = None
    name: str = ""
    asked: Asked | None = None
    failure: str | None = None
    newest: UUID | None = None


# Each takes a core for minutes, and checkouts are quoted beside them.
RUNNING_MAX = 2


@dataclass(slots=True)
class Rehearsings:
    """Those of every operator."""

    _kept: dict[UUID, Rehearsing] = field(default_factory=dict)

    @property
    def are_full(self) -> bool:
        """Whether as many run as the machine bears."""
        return sum(state.slip is not None for state in self._kept.values()) >= RUNNING_MAX

    def of(self, tenant_id: UUID) -> Rehearsing:
        """What goes on for an operator."""
        return self._kept.setdefault(tenant_id, Rehearsing())
