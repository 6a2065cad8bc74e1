"""Where compiled kernels are kept between runs. It loads no compiler, so that who asks is quick.

Numba keeps what it compiled beside a stamp of the function's own file and does not see a changed
callee in another file; and it keeps one place's apart from another's. So the folder is named by a
hash of where the engine stands, of its every file and of those whose constants it compiles in, and
those of other versions are cleared away when nobody has used them for a while.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

from promesa.kernel.units import DAY_S

FOLDER_VARIABLE = "PROMESA_KERNELS"
# Said where somebody waits for the compiler; measured on one core of a shared machine.
WORD = "Preparando el planificador por primera vez en este equipo: uno o dos minutos."
# What compiles the kernels when it is run as a module.
WARM_MODULE = "promesa.routing.engine.warm"
# A version that nobody ran for so long has been replaced; assumed.
UNUSED_DAYS_MAX = 30
# Files of the package outside the engine whose constants kernels are compiled with.
OUTSIDE = (
    "kernel/geo.py",
    "kernel/units.py",
    "routing/matrix.py",
    "routing/plan.py",
    "routing/problem.py",
    "routing/ring_speeds.py",
)
_DONE = "compiled"
_HASH_CHARS = 16
_NAME = re.compile(rf"[0-9a-f]{{{_HASH_CHARS}}}")


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


def is_cold() -> bool:
    """Whether the next plan would have to wait for the kernels to be compiled."""
    return not (kernels_folder() / _DONE).exists()


def mark_used(folder: Path) -> None:
    """Notes that its kernels are complete and were used now."""
    (folder / _DONE).touch()


def clear_unused(folder: Path) -> None:
    """Removes the folders of other versions that were last used long before this one."""
    now_s = _used_s(folder)
    for other in folder.parent.iterdir():
        if other == folder or not _NAME.fullmatch(other.name):
            continue
        if now_s - _used_s(other) > UNUSED_DAYS_MAX * DAY_S:
            shutil.rmtree(other, ignore_errors=True)


def _used_s(folder: Path) -> float:
    """When it was last used; one that was never completed, when it was last written to."""
    mark = folder / _DONE
    try:
        return (mark if mark.exists() else folder).stat().st_mtime
    except FileNotFoundError:  # Another process has cleared it away.
        return float("inf")


def _cache_home() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return Path(home) if home else Path.home() / ".cache"


def _version() -> str:
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256(f"{version('numba')} {here}".encode())
    package = here.parent.parent
    for file in (*sorted(here.glob("*.py")), *(package / name for name in OUTSIDE)):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:_HASH_CHARS]
