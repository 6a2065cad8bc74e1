"""Text made comparable."""

from __future__ import annotations

import pytest

from promesa.kernel.text import bare


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Ñuñoa", "nunoa"), ("FRÍO", "frio"), ("Av. 5", "av. 5"), ("", ""), ("n\u0303", "n")],
)
def test_case_and_accents_are_taken_away(text: str, plain: str) -> None:
    assert bare(text) == plain
