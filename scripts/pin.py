"""Rewrites the pins of transitive dependencies in pyproject.toml from what uv resolves now.

`python scripts/pin.py` keeps the pins that hold and adds or drops what changed;
`python scripts/pin.py --upgrade` takes the newest versions that the direct pins allow.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = ROOT / "pyproject.toml"
PINS = re.compile(r"^constraint-dependencies = \[.*?\]$", re.DOTALL | re.MULTILINE)
NAME = re.compile(r"^[A-Za-z0-9._-]+")
EXPORT = ["export", "--quiet", "--all-groups", "--no-hashes", "--no-annotate", "--no-header"]


def main(words: list[str]) -> int:
    """Writes the pins; with --upgrade they are forgotten first."""
    text = PYPROJECT.read_text()
    if "--upgrade" in words:
        PYPROJECT.write_text(with_pins(text, []))
    try:
        pins = transitive(exported(words), direct(text))
    except subprocess.CalledProcessError:
        PYPROJECT.write_text(text)
        sys.stderr.write("uv could not resolve: pyproject.toml is as it was\n")
        return 1
    PYPROJECT.write_text(with_pins(text, pins))
    sys.stdout.write(f"{len(pins)} transitive dependencies pinned\n")
    return 0


def exported(words: list[str]) -> list[str]:
    """Every requirement of package and groups as `name==version ; marker`; words go to uv."""
    uv = shutil.which("uv")
    command = [uv] if uv else [sys.executable, "-m", "uv"]
    command += [*EXPORT, "--no-emit-project", *words]
    ended = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [line for line in ended.stdout.splitlines() if NAME.match(line)]


def direct(text: str) -> set[str]:
    """Names that pyproject.toml pins by itself."""
    tables = tomllib.loads(text)
    groups = [tables["project"]["dependencies"], *tables["dependency-groups"].values()]
    return {name_of(line) for lines in groups for line in lines}


def transitive(lines: list[str], direct_names: set[str]) -> list[str]:
    """The exported requirements that are not direct, in order; a marker splits versions."""
    kept = {line.strip() for line in lines if name_of(line) not in direct_names}
    return sorted(kept, key=lambda line: (name_of(line), line))


def name_of(requirement: str) -> str:
    """The normalised name (PEP 503) at the start of a requirement."""
    found = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def with_pins(text: str, pins: list[str]) -> str:
    """The text of pyproject.toml with these pins and no others."""
    lines = "".join(f'    "{pin.replace(chr(34), chr(39))}",\n' for pin in pins)
    block = f"constraint-dependencies = [\n{lines}]" if pins else "constraint-dependencies = []"
    return PINS.sub(lambda _: block, text, count=1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
