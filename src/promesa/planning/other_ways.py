"""Where some streets leave no way, others are asked: a van's, or those of a usual day.

Who was sent into a street that is closed goes there all the same, and is timed and priced so.
Which streets are asked, and in what order, is the asker's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.geo import Position
from promesa.planning.travel import Roads, Way
from promesa.roads.network import UnreachableError


def fill_in(
    seconds: NDArray[np.int32], others: Callable[[], NDArray[np.int32]]
) -> NDArray[np.int32]:
    """The same with others where there is no way; they are asked only then.

    Args:
        seconds: int32, [n, n], row = origin, below 0 where there is no way.
        others: Tells seconds between the same places.
    """
    is_cut = seconds < 0
    return np.where(is_cut, others(), seconds) if is_cut.any() else seconds


def get_way(
    streets: Iterable[Roads], origin: Position, destination: Position, departure: datetime | None
) -> Way:
    """The way on the first of the streets that have one.

    Raises:
        UnreachableError: None has.
    """
    lost: UnreachableError | None = None
    for each in streets:
        try:
            return each.path(origin, destination, departure)
        except UnreachableError as error:
            lost = error
    assert lost is not None, "some streets are asked"
    raise lost
