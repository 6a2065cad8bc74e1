"""Finds Chromium for the journeys, or fetches it: `python -m tests.support.chromium`.

In this order: PROMESA_CHROMIUM, a Chromium on PATH, Playwright's own. When none is here, a root
on Debian gets the distribution's package (it brings its libraries), everyone else Playwright's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ON_PATH = ("chromium", "chromium-browser", "google-chrome")
INSTALL_TIMEOUT_S = 900


def find_chromium() -> Path | None:
    """The executable the journeys drive, None when there is none yet."""
    named = os.environ.get("PROMESA_CHROMIUM")
    if named:
        return Path(named)
    for name in ON_PATH:
        found = shutil.which(name)
        if found:
            return Path(found)
    with sync_playwright() as playwright:
        bundled = Path(playwright.chromium.executable_path)
    return bundled if bundled.exists() else None


def main() -> int:
    """Fetches Chromium unless one is here; quick when it is."""
    if find_chromium() is None:
        fetch()
    found = find_chromium()
    if found is None:
        sys.stderr.write("No Chromium: install one and set PROMESA_CHROMIUM to its path\n")
        return 1
    return 0


def fetch() -> None:
    """Installs the distribution's Chromium as root on Debian, Playwright's elsewhere."""
    apt_get = shutil.which("apt-get")
    if apt_get and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            _run([apt_get, *words], environment)
    else:
        _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _run(words: list[str], environment: dict[str, str]) -> None:
    """Runs one installer; its words go to stderr, since only stdout may be read by a caller."""
    subprocess.run(words, check=True, env=environment, stdout=sys.stderr, timeout=INSTALL_TIMEOUT_S)


if __name__ == "__main__":
    raise SystemExit(main())
