"""Who the private server runs as: PostgreSQL refuses root, so root lends it an unprivileged user.

Nothing here adds users to the system or opens the permissions of folders that are not ours.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from promesa.kernel.errors import UnavailableError

# In order of preference; Debian's package makes "postgres", every Unix has "nobody".
UNPRIVILEGED_NAMES = ("promesa", "postgres", "nobody")
# initdb takes a second; ten times that on a loaded machine still fits.
COMMAND_LIMIT_S = 120
PRIVATE_MODE = 0o700
PUBLIC_MODE = 0o755


class NoAccountError(UnavailableError):
    """Root has nobody to lend the server to."""

    code = "no_unprivileged_user"
    message = "PostgreSQL no corre como root y no hay otro usuario. Crea uno: useradd -r promesa."


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The system user that owns the cluster's files and runs its processes."""

    name: str
    user_id: int
    group_id: int

    @property
    def is_lent(self) -> bool:
        """Whether the process is root and steps down to this user."""
        return os.geteuid() == 0

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Runs a command as this user, from the root folder, with an empty environment.

        A PGDATA or LD_LIBRARY_PATH of the caller would change what the server does.
        """
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_LIMIT_S,
            **self._identity(),
        )

    def spawn(self, command: Sequence[str | Path], *, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Starts a process as this user in a session of its own, so Ctrl-C does not reach it."""
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **self._identity(),
        )

    def own(self, folder: Path, *, mode: int = PRIVATE_MODE) -> None:
        """Makes ``folder`` if it is missing, owned by this user, with ``mode``."""
        if not folder.exists():
            folder.mkdir(mode=mode)
            folder.chmod(mode)
            if self.is_lent:
                os.chown(folder, self.user_id, self.group_id)

    def _identity(self) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "cwd": "/",
            "umask": 0o077,
            "env": {"PATH": os.defpath, "LC_ALL": "C"},
        }
        if self.is_lent:
            settings |= {"user": self.user_id, "group": self.group_id, "extra_groups": ()}
        return settings


def choose_account(data: Path) -> Account:
    """The user who runs the cluster in ``data``: its owner if it exists already.

    Raises:
        NoAccountError: The process is root and no unprivileged user exists.
    """
    if os.geteuid() != 0:
        return Account(name=_name_of(os.geteuid()), user_id=os.geteuid(), group_id=os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(name=_name_of(owner.st_uid), user_id=owner.st_uid, group_id=owner.st_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in UNPRIVILEGED_NAMES:
        if name in known:
            entry = known[name]
            return Account(name=name, user_id=entry.pw_uid, group_id=entry.pw_gid)
    raise NoAccountError


def _name_of(user_id: int) -> str:
    try:
        return pwd.getpwuid(user_id).pw_name
    except KeyError:
        return str(user_id)
