"""What access needs kept: users, merchants, credentials, and answers to repeated requests."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from promesa.dispatch.repository import DispatchStore, RouteRepository
from promesa.dispatch.traffic_marks import MarkRepository
from promesa.domain.access import (
    Credential,
    CredentialKind,
    KeptAnswer,
    Merchant,
    Tenant,
    User,
)
from promesa.domain.events import Event, LogState, ParkedReaction
from promesa.domain.route import Route
from promesa.notify.repository import OutboxRepository
from promesa.orders.repository import EventRepository
from promesa.planning.capacity.absences import AbsenceRepository
from promesa.planning.capacity.driven import DrivenRouteRepository
from promesa.planning.capacity.labour_terms import LabourRepository
from promesa.planning.capacity.terms import TermsRepository
from promesa.planning.demand.overrides import OverrideRepository
from promesa.planning.demand.repository import (
    DemandEventRepository,
    DemandHistoryRepository,
)
from promesa.planning.forecast.repository import ForecastRepository
from promesa.planning.road_tables import RoadTableRepository
from promesa.promising.rehearsal.repository import RehearsalRepository
from promesa.promising.repository import PromisingStore
from promesa.proof.repository import BlobVault
from promesa.tracking.repository import EstimateRepository, TrackRepository


class AccessRepository(Protocol):
    """Users, merchants and credentials of one tenant. Lists are by code, else by id."""

    async def put_user(self, user: User) -> None:
        """Adds or replaces; an e-mail already used in the tenant is a ConflictError."""
        ...

    async def get_user(self, user_id: UUID) -> User: ...
    async def list_users(self) -> list[User]: ...
    async def hold_users(self) -> list[User]:
        """All users, held against whoever else would change one until the transaction ends."""
        ...

    async def put_merchant(self, merchant: Merchant) -> None:
        """Adds or replaces; a code already used is a ConflictError."""
        ...

    async def get_merchant(self, merchant_id: UUID) -> Merchant: ...
    async def find_merchant_by_code(self, code: str) -> Merchant | None: ...
    async def list_merchants(self) -> list[Merchant]: ...
    async def get_merchants(self, merchant_ids: Sequence[UUID]) -> dict[UUID, Merchant]: ...
    async def put_credential(self, credential: Credential) -> None:
        """Adds or replaces by id."""
        ...

    async def get_credential(self, credential_id: UUID) -> Credential: ...
    async def use_credential(self, credential_id: UUID, at: datetime) -> bool:
        """Marks it as used; False when it was before, or was revoked. Two at once: one wins."""
        ...

    async def list_credentials(self, kind: CredentialKind, subject_id: UUID) -> list[Credential]:
        """Newest first by (made_at, id)."""
        ...


class AnswerRepository(Protocol):
    """Answers kept for at least 24 hours."""

    async def find(self, actor_id: UUID, key: str) -> KeptAnswer | None:
        """What was answered to this key of this actor. Locks the key until commit."""
        ...

    async def add(self, answer: KeptAnswer) -> None:
        """Keeps the answer of a key that ``find`` found free."""
        ...

    async def remove_before(self, instant: datetime) -> int:
        """Forgets the answers kept before ``instant``; returns how many."""
        ...


class CursorRepository(Protocol):
    """How far each reader of the event log has come."""

    async def position(self, reader: str) -> int:
        """Number of the last event it is done with; 0 at first. Locks it until commit."""
        ...

    async def advance(self, reader: str, number: int) -> None: ...
    async def last_number(self) -> int:
        """The highest number given to an event of this tenant; 0 when there is none."""
        ...


class ParkedRepository(Protocol):
    """Reactions set aside because they failed again and again."""

    async def put(self, parked: ParkedReaction) -> None:
        """Adds, or replaces what is known of it."""
        ...

    async def list_all(self) -> list[ParkedReaction]:
        """All of them, in the order of their events."""
        ...

    async def count(self) -> int: ...
    async def take(self, event_id: UUID, reaction: str) -> bool:
        """Removes one; False when it is not there. Who asks at once waits for this transaction."""
        ...


class CountingEvents(EventRepository, Protocol):
    """The log, which counts what this transaction added."""

    @property
    def recorded(self) -> int: ...
    async def find_alarm_change(self) -> Event | None:
        """The newest change of the alarm of promises."""
        ...


class OpenRoutes(RouteRepository, Protocol):
    """Routes, and which of them hold a vehicle and a driver."""

    async def list_open(self, since: date) -> list[Route]:
        """Routes of that day and later ones that are not over, by day and code."""
        ...


class PlatformStore(DispatchStore, PromisingStore, Protocol):
    """Everything one transaction of one tenant can reach."""

    @property
    def tenant_id(self) -> UUID: ...
    @property
    def routes(self) -> OpenRoutes: ...

    @property
    def events(self) -> CountingEvents: ...

    @property
    def cursors(self) -> CursorRepository: ...
    @property
    def parked(self) -> ParkedRepository: ...
    @property
    def vault(self) -> BlobVault: ...

    @property
    def access(self) -> AccessRepository: ...
    @property
    def answers(self) -> AnswerRepository: ...
    @property
    def outbox(self) -> OutboxRepository: ...
    @property
    def tracks(self) -> TrackRepository: ...
    @property
    def estimates(self) -> EstimateRepository: ...
    @property
    def traffic_marks(self) -> MarkRepository: ...
    @property
    def road_tables(self) -> RoadTableRepository: ...
    @property
    def demand_events(self) -> DemandEventRepository: ...
    @property
    def demand_forecasts(self) -> ForecastRepository: ...
    @property
    def demand_history(self) -> DemandHistoryRepository: ...
    @property
    def demand_overrides(self) -> OverrideRepository: ...
    @property
    def capacity_terms(self) -> TermsRepository: ...
    @property
    def driven_routes(self) -> DrivenRouteRepository: ...
    @property
    def labour_rules(self) -> LabourRepository: ...
    @property
    def absences(self) -> AbsenceRepository: ...
    @property
    def rehearsals(self) -> RehearsalRepository: ...


class Directory(Protocol):
    """The narrow way across tenants: who a secret speaks for, before a tenant is known."""

    async def find_credential(self, digest: bytes) -> Credential | None: ...
    async def digest_email(self, email: str) -> bytes:
        """What finds a user by e-mail, under the server's secret."""
        ...

    async def find_users_by_email(self, email_digest: bytes) -> list[tuple[Tenant, User]]:
        """At most a handful, by tenant name."""
        ...

    async def get_tenant(self, tenant_id: UUID) -> Tenant: ...
    async def list_tenants(self) -> list[Tenant]: ...
    async def list_logs(self, reader: str, now: datetime) -> list[LogState]:
        """How far the log of each operator is, and how far ``reader`` came, by operator name."""
        ...

    async def add_tenant(self, tenant: Tenant) -> None: ...


class DatabasePort(Protocol):
    """The open database: transactions as the plain role, and the numbering of events."""

    @property
    def directory(self) -> Directory: ...
    def transaction(self, tenant_id: UUID) -> AbstractAsyncContextManager[PlatformStore]:
        """One transaction of one tenant: commits when the block ends, else rolls back."""
        ...

    async def number_events(self) -> int:
        """Numbers what has been committed; returns how many events got a number."""
        ...

    async def sweep_blobs(self, before: datetime) -> int:
        """Removes pictures put before ``before`` that no record names; returns how many."""
        ...

    async def ping(self) -> None:
        """Raises UnavailableError when the database does not answer."""
        ...

    def crash(self) -> bool:
        """Kills a server of our own as a power cut would; False when it is somebody else's."""
        ...

    async def close(self) -> None: ...
