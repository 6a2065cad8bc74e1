"""What the demand calendar needs kept: events with their versions, history, overrides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.kernel.errors import ConflictError
from promesa.planning.demand.event_row import EventRow
from promesa.planning.demand.history import DemandCount, HistoryImport, OrderFlow
from promesa.planning.demand.merchant_shares import MerchantCount


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

    async def list_rest_rows(self, *, limit: int) -> list[EventRow]:
        """Rows that decide whether commerce rests on a day, the latest first.

        Those with the mark that count, and those that ship as a holiday and a person wrote last,
        deleted ones too.
        """
        ...

    async def list_versions(self, event_id: UUID) -> list[EventRow]:
        """Every version of a row, the newest first."""
        ...

    async def list_written(self, start: date, end: date, *, limit: int) -> list[list[EventRow]]:
        """All versions, the newest first, of rows of those days that a person wrote last.

        By first day; deleted rows are left out, and of more than ``limit`` the earliest.
        """
        ...


class DemandHistoryRepository(Protocol):
    """Files of history with their counts, and own orders as they were placed."""

    async def add_import(self, batch: HistoryImport, counts: Sequence[DemandCount]) -> None:
        """Keeps a file and what it tells."""
        ...

    async def save_import(self, batch: HistoryImport) -> None: ...
    async def get_import(self, import_id: UUID) -> HistoryImport:
        """The file, or NotFoundError."""
        ...

    async def list_imports(self, *, limit: int) -> list[HistoryImport]:
        """The newest first, those undone too."""
        ...

    async def list_told(self, start: date, end: date) -> list[DemandCount]:
        """What files tell of those days: for each comuna and day the newest that counts."""
        ...

    async def list_comunas(self) -> list[str]:
        """Every comuna, or name of a series, that a file that counts tells, by name."""
        ...

    async def list_merchant_comunas(
        self, start: datetime, end: datetime
    ) -> dict[UUID, frozenset[str]]:
        """Where each merchant's orders of those instants went."""
        ...

    async def list_merchant_orders(
        self, start: datetime, end: datetime, *, zone: str
    ) -> list[MerchantCount]:
        """Own orders of those instants by merchant, comuna and day; called off ones left out."""
        ...

    async def list_flows(
        self, start: datetime, end: datetime, *, zone: str, sole_depot: str = ""
    ) -> list[OrderFlow]:
        """Own orders placed from ``start`` and before ``end``; those called off are left out."""
        ...


class CalendarStore(Protocol):
    """The unit of work as the calendar sees it."""

    @property
    def tenant_id(self) -> UUID: ...
    @property
    def demand_events(self) -> DemandEventRepository: ...
