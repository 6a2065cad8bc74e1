"""How kernels are compiled and kept between runs.

Numba keeps what it compiled beside a stamp of the function's own file and does not see a changed
callee in another file. So the folder it keeps them in is named by a hash of every file of the
engine.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba import config

FOLDER_VARIABLE = "PROMESA_KERNELS"
_HASH_CHARS = 16
_LINE_BYTES = 128
_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernels_folder() -> Path:
    """Where this version's compiled kernels are kept; made if it is missing."""
    asked = os.environ.get(FOLDER_VARIABLE)
    root = Path(asked) if asked else _cache_home() / "promesa" / "kernels"
    folder = root / _version()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / f"promesa-kernels-{os.getuid()}" / _version()
        folder.mkdir(parents=True, exist_ok=True)
    return folder


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


def _cache_home() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return Path(home) if home else Path.home() / ".cache"


def _version() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:_HASH_CHARS]


_FOLDER = kernels_folder()
