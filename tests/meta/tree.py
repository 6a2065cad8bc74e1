"""The files that are, or are about to be, under version control."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BINARY = {".png", ".jpg", ".jpeg", ".pbf", ".pmtiles", ".woff2", ".xlsx", ".npz", ".pdf", ".gz"}
SKIPPED = {".venv", "node_modules", "__pycache__", "var", "dist", ".git"}


@cache
def committed_files() -> tuple[Path, ...]:
    """Every file git knows or would add; a source archive without git is walked instead."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode == 0:
        paths = [ROOT / line for line in found.stdout.splitlines()]
    else:
        paths = [path for path in ROOT.rglob("*") if not SKIPPED & set(path.parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def is_text(path: Path) -> bool:
    """Whether the file can be read as UTF-8: known binary suffixes aside, it is tried."""
    if path.suffix in BINARY:
        return False
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True
