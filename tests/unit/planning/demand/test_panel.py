"""Series of one name counted together."""

from __future__ import annotations

from datetime import date

import numpy as np

from promesa.planning.demand.panel import Panel


def test_columns_of_one_name_add_up_and_only_what_none_of_them_knows_is_unknown() -> None:
    parts = np.array([[1.0, 5.0, 2.0], [np.nan, 6.0, 3.0], [np.nan, 7.0, np.nan]])
    panel = Panel(first=date(2026, 11, 2), series=("a · x", "b", "a · y"), parcels=parts)
    found = panel.summed(["a", "b", "a"])
    assert found.series == ("a", "b")
    np.testing.assert_array_equal(found.parcels, [[3.0, 5.0], [3.0, 6.0], [np.nan, 7.0]])
