"""Named random streams from one seed, so that adding a draw in one place moves no other."""

from __future__ import annotations

import hashlib
import random


def stream(seed: int, *names: str | int) -> random.Random:
    """An independent generator for ``names`` under ``seed``; the same arguments, the same draws.

    The stream's own seed is the SHA-256 of both, since Python's hash() differs between runs.
    """
    label = "/".join([str(seed), *map(str, names)])
    return random.Random(hashlib.sha256(label.encode()).digest())
