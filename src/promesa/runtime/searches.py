"""What was asked of the planner about a day: kept in memory until it is of no more use.

An answer is about the day as it stood when it was asked for, and a minute later about another one:
after a restart somebody asks again. Plans, which are published, are kept in storage instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import NoneType
from typing import ClassVar
from uuid import UUID

from promesa.kernel.errors import ConflictError, NotFoundError
from promesa.runtime.slips import Slip

# Of one operator: those whose answers are still there, and those that may wait for one at a time.
KEPT_MAX = 20
WAITING_MAX = 4


class SearchState(StrEnum):
    """Where a search is; the words are those of a plan."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SearchForgottenError(NotFoundError):
    """The answer is too old to be kept, or the server began anew."""

    code: ClassVar[str] = "search_forgotten"
    message: ClassVar[str] = "Esta búsqueda ya no está. Busca de nuevo."


class SearchesFullError(ConflictError):
    """Several people of one operator wait already."""

    code: ClassVar[str] = "searches_full"
    message: ClassVar[str] = "Ya hay varias búsquedas en curso. Espera que termine una."


@dataclass(slots=True, kw_only=True)
class Search:
    """One thing that was asked.

    Attributes:
        day: The one it is about: a Situation when under way, else a PlannedDay.
        subject: What in it, where it is not the whole of it.
        answer: Once it is ready.
        failure: What went wrong, in a dispatcher's words.
    """

    id: UUID
    tenant_id: UUID
    slip: Slip
    day: object
    subject: object = None
    answer: object = None
    failure: str | None = None
    _is_over: bool = False

    @property
    def state(self) -> SearchState:
        """Where it is now."""
        if self.failure is not None:
            return SearchState.FAILED
        if self.answer is not None:
            return SearchState.READY
        if self._is_over:
            return SearchState.CANCELLED
        return SearchState.RUNNING if self.slip.has_begun else SearchState.QUEUED

    @property
    def is_waiting(self) -> bool:
        """Whether its answer is still to come."""
        return self.state in {SearchState.QUEUED, SearchState.RUNNING}

    @property
    def progress(self) -> float:
        """How much is done, 0 to 1."""
        return self.slip.share if self.is_waiting else 1.0

    def end(self, answer: object, failure: str | None = None) -> None:
        """It is over; what nobody waited for any more has no answer."""
        if not self._is_over:
            self.answer, self.failure, self._is_over = answer, failure, True
        self.slip.tear_up()

    def cancel(self) -> None:
        """Nobody waits for it any more; what is over stays as it is."""
        if not self._is_over:
            self._is_over = True
            self.slip.tear_up()


@dataclass(slots=True)
class Searches:
    """Those of every operator, the oldest first."""

    _kept: dict[UUID, Search] = field(default_factory=dict)

    def add(self, search: Search) -> None:
        """Keeps it, and forgets what nobody will look at any more.

        Raises:
            SearchesFullError: As many wait already as may.
        """
        own = [each for each in self._kept.values() if each.tenant_id == search.tenant_id]
        if sum(each.is_waiting for each in own) >= WAITING_MAX:
            search.slip.tear_up()
            raise SearchesFullError
        over = [each for each in own if not each.is_waiting]
        for each in over[: max(0, len(own) + 1 - KEPT_MAX)]:
            del self._kept[each.id]
        self._kept[search.id] = search

    def get(self, tenant_id: UUID, search_id: UUID, *, about: type[object] = NoneType) -> Search:
        """One of this operator, with a subject of this kind; of the whole day without one.

        Raises:
            SearchForgottenError: It is not there any more, another's, or of another kind.
        """
        found = self._kept.get(search_id)
        is_own = found is not None and found.tenant_id == tenant_id
        if found is None or not is_own or not isinstance(found.subject, about):
            raise SearchForgottenError
        return found

    def clear(self) -> None:
        """The platform stops: whoever works on one of them ends soon."""
        for search in self._kept.values():
            search.cancel()
        self._kept.clear()
