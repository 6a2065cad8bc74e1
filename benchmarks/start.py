"""The cheap start given to solvers that would begin from a random plan."""

from __future__ import annotations

from benchmarks.flat import Flat
from benchmarks.insertion import insertion_routes
from benchmarks.savings import savings_routes


def first_routes(flat: Flat) -> list[tuple[int, list[int]]]:
    """Routes as (depot, places in order): by insertion where time matters, else by savings.

    Savings join routes end to end, and two that fill the day never join: metropolitan days
    of 5,000 stops begin with 250 vans by savings.
    """
    return insertion_routes(flat) if flat.seconds.any() else savings_routes(flat)
