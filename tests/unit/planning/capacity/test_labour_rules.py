"""Rules of working hours that cannot be meant are refused by row, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.planning.capacity.labour_rules import CHILE, LabourRules, LabourRulesInvalidError
from promesa.planning.capacity.labour_terms import TEMPLATE


def test_a_rule_says_where_it_comes_from_and_comes_once_a_day() -> None:
    first, second, *_ = CHILE
    rows = (replace(first, source=" "), second, second)
    with pytest.raises(LabourRulesInvalidError) as raised:
        LabourRules(rows=rows)
    faults = raised.value.details["faults"]
    assert isinstance(faults, tuple)
    assert [(fault.row, fault.field) for fault in faults] == [
        (1, "source"),
        (3, "since"),
    ]


def test_the_template_is_sound_and_version_nought() -> None:
    assert TEMPLATE.rules.rows == CHILE
    assert TEMPLATE.version == 0
