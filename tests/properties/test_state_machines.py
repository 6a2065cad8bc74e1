"""Laws of the four machines: nothing is stranded, the end is the end, and wrong steps are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promesa.domain.machine import TransitionError
from promesa.domain.order import ORDER, OrderState
from promesa.domain.parcel import PARCEL, ParcelState
from promesa.domain.route import ROUTE, RouteState
from promesa.domain.stop import STOP, StopState


@dataclass(frozen=True, slots=True)
class Drawn:
    """A machine as words, so that the four have one type here."""

    noun: str
    first: str
    states: frozenset[str]
    steps: Mapping[str, frozenset[str]]


def _words(steps: Mapping[Any, Any]) -> dict[str, frozenset[str]]:
    return {str(state): frozenset(map(str, after)) for state, after in steps.items()}


MACHINES = [
    Drawn("order", "draft", frozenset(map(str, OrderState)), _words(ORDER.steps)),
    Drawn("parcel", "announced", frozenset(map(str, ParcelState)), _words(PARCEL.steps)),
    Drawn("route", "draft", frozenset(map(str, RouteState)), _words(ROUTE.steps)),
    Drawn("stop", "pending", frozenset(map(str, StopState)), _words(STOP.steps)),
]


def _reached(machine: Drawn, start: str) -> set[str]:
    """Every state that can follow ``start``, itself included."""
    reached, waiting = {start}, [start]
    while waiting:
        fresh = machine.steps.get(waiting.pop(), frozenset()) - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_every_state_can_be_reached_from_the_first(machine: Drawn) -> None:
    assert _reached(machine, machine.first) == machine.states


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_from_every_state_an_end_can_be_reached(machine: Drawn) -> None:
    ends = machine.states - {state for state, after in machine.steps.items() if after}
    assert ends
    assert [state for state in machine.states if not _reached(machine, state) & ends] == []


@given(origin=st.sampled_from(StopState), target=st.sampled_from(StopState))
def test_a_stop_steps_where_its_table_says_and_nowhere_else(
    origin: StopState, target: StopState
) -> None:
    if STOP.allows(origin, target):
        assert STOP.step(origin, target) is target
    else:
        with pytest.raises(TransitionError) as caught:
            STOP.step(origin, target)
        assert caught.value.details["state"] == origin.value


def test_a_closed_stop_never_opens_again() -> None:
    assert STOP.is_final(StopState.CLOSED)


def test_a_cancelled_order_stays_cancelled() -> None:
    assert ORDER.is_final(OrderState.CANCELLED)


def test_a_parcel_that_was_lost_stays_lost() -> None:
    assert PARCEL.is_final(ParcelState.LOST)
