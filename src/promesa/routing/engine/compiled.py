"""How kernels are compiled."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np
from numba import config

from promesa.routing.engine.folder import kernels_folder

# Steps are as fast at the second level of optimising as at the third (measured side by side).
os.environ.setdefault("NUMBA_OPT", "2")
config.reload_config()

_LINE_BYTES = 128
_Function = TypeVar("_Function", bound=Callable[..., Any])


def records(count: int, dtype: np.dtype[np.void]) -> Any:
    """So many records of nought, from a border of cache lines on.

    Uncompiled (NUMBA_DISABLE_JIT) their fields are attributes too.
    """
    room = np.zeros(count * dtype.itemsize + _LINE_BYTES, np.uint8)
    skipped = -room.ctypes.data % _LINE_BYTES
    made = room[skipped : skipped + count * dtype.itemsize].view(dtype)
    return made.view(np.recarray) if config.DISABLE_JIT else made


def kernel(function: _Function) -> _Function:
    """The function compiled for other kernels: what calls it is compiled with it."""
    return numba.njit(
        nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True
    )(function)


def inlined(function: _Function) -> _Function:
    """The function compiled into each kernel that calls it: for what is short and called often."""
    return numba.njit(
        nogil=True,
        error_model="numpy",
        forceinline=True,
        no_cpython_wrapper=True,
        no_cfunc_wrapper=True,
    )(function)


def entry(function: _Function) -> _Function:
    """The function compiled to be called from Python, and kept between runs.

    It releases the GIL, checks no bounds and divides as numpy does.
    """
    was = config.CACHE_DIR
    config.CACHE_DIR = str(_FOLDER)
    try:
        compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    finally:
        config.CACHE_DIR = was
    return compiled


_FOLDER = kernels_folder()
