"""How large the numbers of a routing problem may be, and what is said of one that is not.

The planner counts in 64 bits and its prices in floats: a number far above anything real would
overflow, or make two plans look alike. What has no limit is left out, never written as a huge one.
"""

from __future__ import annotations

import numpy as np

from promesa.kernel.units import DAY_S
from promesa.routing.matrix import NEVER_M
from promesa.routing.problem import LAST_S
from promesa.routing.words import thousands

# Grams, millilitres or parcels: a million tonnes. Sixty thousand stops of it fit in 64 bits.
LOAD_MAX = 1_000_000_000_000
# Pesos: more than a van with its load is worth. Sixty thousand times it stays below what the
# search counts for a broken limit (1e15).
PRICE_MAX = 1_000_000_000
# One every quarter of an hour; each is one more node a vehicle in the search.
TRIPS_MAX = 96
# More than any problem has.
STOPS_OF_VEHICLE_MAX = 1_000_000
# On the road or on duty: the longest horizon and the most overtime.
SPENT_MAX_S = LAST_S + DAY_S
# Seconds or metres of one leg, or pesos at its gates: what no way counts in metres. Sums of a few
# fit in 32 bits.
DISTANCE_MAX = NEVER_M


def number_fault(
    value: object, noun: str, least: int, most: int, *, between: str = ""
) -> str | None:
    """What is wrong with a number that must be whole and within two bounds; None for nothing.

    Args:
        value: The number.
        noun: What it is, with its article.
        least: The least it may be.
        most: The most.
        between: The bounds in words, where the numbers alone are hard to read.
    """
    # True is an int in Python, and no index of an array.
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        return f"{noun} debe ser un número entero y llegó {value}."
    if least <= int(value) <= most:
        return None
    words = f"entre {thousands(least)} y {thousands(most)}"
    return f"{noun} debe estar {between or words}."
