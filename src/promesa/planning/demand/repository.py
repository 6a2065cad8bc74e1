"""What the demand calendar needs kept: events with their versions, history, overrides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.kernel.errors import ConflictError
from promesa.planning.demand.event_row import EventRow


class DemandEventChangedError(ConflictError):
    """Somebody saved the event since it was read."""

    code: ClassVar[str] = "demand_event_changed"
    message: ClassVar[str] = (
        "Otra persona cambió este evento mientras lo mirabas. Recarga y vuelve a intentar."
    )


class DemandEventRepository(Protocol):
    """The events of one tenant; every version of a row is kept."""

    async def add_all(self, rows: Sequence[EventRow]) -> None:
        """Keeps new rows, each with its first version."""
        ...

    async def save(self, row: EventRow) -> None:
        """Replaces the version before ``row.version``; another one is DemandEventChangedError."""
        ...

    async def get(self, event_id: UUID) -> EventRow:
        """The row as it is now, also one that was deleted; or NotFoundError."""
        ...

    async def find_many(self, event_ids: Iterable[UUID]) -> Mapping[UUID, EventRow]:
        """Those that exist, deleted or not, by id."""
        ...

    async def list_between(
        self, start: date, end: date, *, limit: int, with_deleted: bool = False
    ) -> list[EventRow]:
        """Rows with a day from ``start`` to ``end``, by first day, name and id."""
        ...

    async def list_versions(self, event_id: UUID) -> list[EventRow]:
        """Every version of a row, the newest first."""
        ...


class CalendarStore(Protocol):
    """The unit of work as the calendar sees it."""

    @property
    def tenant_id(self) -> UUID: ...
    @property
    def demand_events(self) -> DemandEventRepository: ...
