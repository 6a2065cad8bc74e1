"""docs/dictionary.md has every state, outcome and reason of the code, and no other reason."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest

from promesa.domain.order import OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.promise import PromiseFate, PromiseRisk
from promesa.domain.reasons import REASONS
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome, StopState, StopType
from promesa.routing.checks.violation import Rule
from tests.meta.tree import ROOT

DICTIONARY = (ROOT / "docs" / "dictionary.md").read_text()


def _section(title: str) -> str:
    """The text between a heading that begins with ``title`` and the next heading."""
    found = re.search(
        rf"^#+ {re.escape(title)}.*?$(.*?)(?=^#|\Z)", DICTIONARY, re.DOTALL | re.MULTILINE
    )
    assert found, f"docs/dictionary.md has no section {title}"
    return found[1]


@pytest.mark.parametrize(
    ("title", "states"),
    [
        ("Order (", OrderState),
        ("Parcel (", ParcelState),
        ("Stop (", StopState),
        ("Stop (", Outcome),
        ("Stop (", StopType),
        ("Route (", RouteState),
        ("What a plan must keep", Rule),
        ("What became of a promise", PromiseFate),
        ("What became of a promise", PromiseRisk),
    ],
)
def test_every_state_of_the_code_has_its_spanish_word(title: str, states: type[StrEnum]) -> None:
    section = _section(title)
    silent = [state for state in states if not re.search(rf"`{state}`( \| |\s+)\w", section)]
    assert silent == []


def test_the_reasons_of_the_dictionary_are_those_of_the_code() -> None:
    section = _section("Why a stop failed")
    written = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+?) \|", section, re.MULTILINE))
    assert written == {reason.code: reason.spanish for reason in REASONS.values()}
