"""Compiles the kernels before anybody waits for a plan: once a version and machine."""

from __future__ import annotations

import fcntl

import numpy as np

from promesa.domain.fleet import Load
from promesa.routing.budget import Budget
from promesa.routing.engine.flatten import flat_day
from promesa.routing.engine.folder import clear_unused, kernels_folder, mark_used
from promesa.routing.engine.search import search
from promesa.routing.matrix import Matrix
from promesa.routing.problem import Depot, Problem, Stop, Vehicle

_STEPS = 2


def warm() -> None:
    """Compiles the kernels or loads them; who comes second waits for the first.

    Kernels of versions long unused are cleared away.
    """
    folder = kernels_folder()
    with (folder / "lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        search(flat_day(_one_stop(), [1], 1), Budget(iterations=_STEPS), seed=1)
        mark_used(folder)
        clear_unused(folder)


def _one_stop() -> Problem:
    minutes = np.array([[[0, 60], [60, 0]]], np.int32)
    van = Vehicle(
        id="V",
        start_depot=0,
        end_depot=0,
        capacity=Load(parcels=1),
        shift_start_s=0,
        shift_end_s=3_600,
    )
    return Problem(
        travel=Matrix(minutes, minutes),
        depots=(Depot(id="D", location=0),),
        vehicles=(van,),
        stops=(Stop(id="S", location=1),),
    )


if __name__ == "__main__":
    warm()
