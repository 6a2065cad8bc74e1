"""Searches of a day: kept until nobody looks, seen by both processes, cancelled for good."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from promesa.dispatch.situation import Situation
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.routing.budget import Budget
from promesa.routing.watching import WatchedBudget, between
from promesa.runtime.searches import (
    KEPT_MAX,
    WAITING_MAX,
    Search,
    Searches,
    SearchesFullError,
    SearchForgottenError,
    SearchState,
)
from promesa.runtime.slips import Slip
from tests.support.operation import EIGHT, TODAY

NORTE, SUR = derived_id("norte"), derived_id("sur")


def make_search(number: int = 0, tenant_id: UUID = NORTE) -> Search:
    situation = Situation(now=EIGHT, day=ServiceDay(TODAY), routes=(), orders={})
    search_id = derived_id(tenant_id, number)
    return Search(id=search_id, tenant_id=tenant_id, slip=Slip.made(), day=situation)


def test_the_other_process_begins_it_tells_how_far_it_is_and_ends_it() -> None:
    search = make_search()
    assert search.state is SearchState.QUEUED
    there = Slip(search.slip.path)
    assert there.tell(0.25)
    assert (search.state, search.progress) == (SearchState.RUNNING, 0.25)
    search.end("found")
    assert (search.state, search.progress, search.answer) == (SearchState.READY, 1.0, "found")
    assert not Path(search.slip.path).exists()


def test_cancelled_it_is_told_to_the_other_process_and_has_no_answer() -> None:
    search = make_search()
    there = Slip(search.slip.path)
    there.tell(0.5)
    search.cancel()
    assert not there.tell(0.6)
    search.end("too late")
    assert (search.state, search.answer) == (SearchState.CANCELLED, None)


@pytest.mark.parametrize("fault", [KeyboardInterrupt, ValueError])
def test_who_leaves_before_the_end_cancels_and_leaves_no_file(fault: type[BaseException]) -> None:
    slip = Slip.made()
    with pytest.raises(fault), slip.shown():
        raise fault
    assert not slip.is_wanted
    assert not slip.tell(0.5)
    assert not Path(slip.path).exists()


def test_a_search_is_asked_for_by_what_it_is_about() -> None:
    searches, search = Searches(), make_search()
    searches.add(search)
    with pytest.raises(SearchForgottenError):
        searches.get(NORTE, search.id, about=Slip)
    search.subject = search.slip
    assert searches.get(NORTE, search.id, about=Slip) is search
    with pytest.raises(SearchForgottenError):
        searches.get(NORTE, search.id)
    searches.clear()
    assert not Path(search.slip.path).exists()


def test_a_failure_is_kept_in_words() -> None:
    search = make_search()
    search.end(None, "El planificador se detuvo.")
    assert search.state is SearchState.FAILED


def test_a_search_is_its_operators() -> None:
    searches, search = Searches(), make_search()
    searches.add(search)
    assert searches.get(NORTE, search.id) is search
    with pytest.raises(SearchForgottenError):
        searches.get(SUR, search.id)
    searches.clear()
    assert search.state is SearchState.CANCELLED


def test_only_so_many_wait_at_once_and_only_so_many_are_kept() -> None:
    searches = Searches()
    waiting = [make_search(number) for number in range(WAITING_MAX)]
    for search in waiting:
        searches.add(search)
    with pytest.raises(SearchesFullError):
        searches.add(make_search(WAITING_MAX))
    searches.add(make_search(tenant_id=SUR))
    for search in waiting:
        search.end("found")
    for number in range(WAITING_MAX, KEPT_MAX + 1):
        search = make_search(number)
        searches.add(search)
        search.end("found")
    with pytest.raises(SearchForgottenError):
        searches.get(NORTE, waiting[0].id)
    assert searches.get(NORTE, waiting[1].id) is waiting[1]
    searches.clear()


def test_a_budget_is_spent_at_once_when_nobody_waits() -> None:
    told: list[float] = []

    def watch(share: float) -> bool:
        told.append(share)
        return False

    spending = WatchedBudget(Budget(iterations=100), between(watch, 0.5, 1.0)).start()
    assert spending.share(50) >= 1.0
    assert told == [0.75]
