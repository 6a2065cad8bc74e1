"""How work that was asked for ends, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from promesa.planning.capacity.roster_search import RosterInvalidError
from promesa.runtime.slips import Slip, fault_sentence, slip_torn_up

FELL = "Se detuvo."


@dataclass
class Asked:
    slip: Slip | None


def test_work_that_falls_leaves_no_slip_behind() -> None:
    slip = Slip.made()
    asked = Asked(slip)
    with pytest.raises(ZeroDivisionError), slip_torn_up(asked):
        raise ZeroDivisionError
    assert asked.slip is None
    assert not slip.is_wanted


def test_a_refusal_of_ours_says_why_and_a_mistake_does_not() -> None:
    refused = RosterInvalidError("Faltan días.")
    assert fault_sentence(refused, event="fell", fell=FELL) == "Faltan días."
    assert fault_sentence(ZeroDivisionError("1/0"), event="fell", fell=FELL) == FELL
