"""Keeps a process's linear algebra on one core; to be imported before numpy, so it imports nothing.

On a busy machine threads of BLAS wait for each other in a spin: a forecast of 10 s took 70 s beside
a plan that was being searched.
"""

from __future__ import annotations

import os

_LIMITS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def limit_threads() -> None:
    """Initializer of a process that has not loaded numpy yet; what an operator set stays."""
    for name in _LIMITS:
        os.environ.setdefault(name, "1")
