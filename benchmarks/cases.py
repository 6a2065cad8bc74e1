"""The instances by name: files of a folder, days and instances made from a seed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks import belgium, metropolitan
from promesa.routing.instances.instance import Instance
from promesa.routing.instances.metropolitan import read_metropolitan_hourly
from promesa.routing.instances.reading import read_instance

# Names as in the goals; VRPLIB files come from the folder of --data, the rest is made.
SETS = {
    "small": ("X-n502-k39", "R1_10_1", "metropolitan-1000-1"),
    "vrplib": ("X-n502-k39", "X-n1001-k43", "Antwerp1", "belgium-20000-1"),
    "solomon": ("R1_10_1", "RC2_10_5", "C2_10_1"),
    "metropolitan": tuple(f"metropolitan-{stops}-1" for stops in (1_000, 2_500, 3_600)),
    "metropolitan-large": ("metropolitan-5000-1", "metropolitan-10000-1"),
    # Two processes: --processes 2 --seconds 60,300.
    "size": ("Antwerp1", "belgium-20000-1", "belgium-50000-1"),
    "hourly": ("hourly-1000-1",),
    "day": ("day-3600-1",),
}
# The day our users have: so many stops a van, 60 vans for 3,600, over two depots.
DAY_STOPS_PER_VAN = 60
_MADE = re.compile(r"(metropolitan|hourly|day|belgium)-(\d+)-(\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An instance and where it is.

    Attributes:
        kind: What is read from a metropolitan file: ``metropolitan`` takes free-flow times,
            ``hourly`` the hour's, ``day`` those with breaks and a fleet; else ``file``.
    """

    name: str
    kind: str
    path: Path
    vans: int | None = None

    def instance(self) -> Instance:
        """Reads it."""
        if self.kind == "hourly":
            return read_metropolitan_hourly(self.path)
        if self.kind == "day":
            return read_metropolitan_hourly(self.path, with_breaks=True, vans=self.vans)
        return read_instance(self.path)

    def best_known(self) -> float | None:
        """The cost in the .sol beside the file; None where there is none."""
        solution = self.path.with_suffix(".sol")
        if self.kind != "file" or not solution.exists():
            return None
        found = re.search(r"Cost\s+([\d.]+)", solution.read_text(encoding="utf-8"))
        return float(found.group(1)) if found else None


def case_of(name: str, data: Path, made: Path) -> Case:
    """The case of that name; what can be made is made once, into ``made``.

    Raises:
        FileNotFoundError: It is neither a file, nor in ``data``, nor made from a seed.
    """
    found = _MADE.fullmatch(name)
    if found:
        return _made(name, found[1], int(found[2]), int(found[3]), made)
    path = Path(name) if Path(name).suffix else data / f"{name}.vrp"
    if not path.exists():
        raise FileNotFoundError(path)
    return Case(name=path.stem, kind="file", path=path)


def _made(name: str, kind: str, stops: int, seed: int, made: Path) -> Case:
    made.mkdir(parents=True, exist_ok=True)
    if kind == "belgium":
        path = made / f"belgium-{stops}-{seed}.vrp"
        if not path.exists():
            path.write_text(belgium.make_file(stops, seed), encoding="utf-8")
        return Case(name=name, kind="file", path=path)
    path = made / f"metropolitan-{stops}-{seed}.npz"
    if not path.exists():
        metropolitan.write_day(path, stops, seed)
    vans = max(2, stops // DAY_STOPS_PER_VAN) if kind == "day" else None
    return Case(name=name, kind=kind, path=path, vans=vans)
