"""Chance from a seed: xorshift64* (Vigna 2016, doi 10.1145/2845077), one number of state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from promesa.routing.engine.compiled import inlined

_UNIT = 1.0 / 9_007_199_254_740_992.0
Chance = NDArray[np.uint64]


def make_chance(seed: int) -> Chance:
    """The state for a seed; spread over all bits, never nought."""
    mixed = (seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64
    return np.array([mixed or 1], dtype=np.uint64)


@inlined
def unit(chance: Chance) -> float:
    """A number from nought up to one, without one."""
    x = chance[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    chance[0] = x
    return ((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * _UNIT


@inlined
def below(chance: Chance, count: int) -> int:
    """A whole number from nought up to ``count``, without it."""
    return int(unit(chance) * count)
