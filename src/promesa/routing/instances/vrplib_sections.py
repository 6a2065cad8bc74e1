"""The headers and sections of one VRPLIB file, and what in them is no number we can take.

What is not known here is refused by its name: a line that was passed over would be a limit that
nobody kept.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from promesa.routing.instances.instance import NUMBER_MAX, InstanceError, whole
from promesa.routing.validation import STOPS_MAX

_HEADERS = frozenset({
    "NAME", "COMMENT", "TYPE", "DIMENSION", "CAPACITY", "VEHICLES", "DISTANCE", "SERVICE_TIME",
    "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE",
})  # fmt: skip
_SECTIONS = frozenset({
    "NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION", "EDGE_WEIGHT_SECTION",
    "TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION", "DISPLAY_DATA_SECTION",
})  # fmt: skip
_END = "EOF"


class Sections:
    """Headers and sections of one file."""

    def __init__(self, text: str) -> None:
        """Raises InstanceError where a line says what we do not know."""
        self.headers: dict[str, str] = {}
        self.sections: dict[str, list[list[str]]] = {}
        current: list[list[str]] | None = None
        for number, words in _lines(text):
            name = words[0]
            if name.endswith("_SECTION"):
                current = self._open(name)
            elif words[1:2] == [":"]:
                self._head(name, " ".join(words[2:]))
            elif current is None:
                raise InstanceError(
                    f"La línea {number} no es un encabezado ni está en una sección. "
                    "¿Es un archivo VRPLIB?"
                )
            else:
                current.append(words)

    def _open(self, name: str) -> list[list[str]]:
        if name not in _SECTIONS:
            raise InstanceError(
                f"No sabemos resolver con la sección {name}. Quítala si no cambia el problema."
            )
        if name in self.sections:
            raise InstanceError(f"La sección {name} está dos veces. Deja una.")
        self.sections[name] = []
        return self.sections[name]

    def _head(self, name: str, value: str) -> None:
        if name not in _HEADERS:
            raise InstanceError(
                f"No sabemos resolver con {name} en el encabezado. "
                "Quita esa línea si no cambia el problema."
            )
        if self.headers.setdefault(name, value) != value and name != "COMMENT":
            raise InstanceError(f"El encabezado dice {name} dos veces. Deja una.")

    @property
    def dimension(self) -> int:
        """How many nodes, the depot among them."""
        nodes = self.number("DIMENSION", most=STOPS_MAX + 1)
        if nodes < 2:
            raise InstanceError("DIMENSION debe ser 2 o más: el CD y al menos un cliente.")
        return nodes

    def number(self, name: str, *, most: int = NUMBER_MAX, scale: int = 1) -> int:
        """A header that must be a number, in units of which ``scale`` make one of the file's."""
        try:
            value = float(self.headers[name])
        except (KeyError, ValueError):
            raise InstanceError(
                f"Falta el número {name} en el encabezado, o no es un número.", field=name
            ) from None
        return whole(np.array([value]), name, most=most, scale=scale)[0]

    def table(self, name: str, columns: int) -> NDArray[np.float64]:
        """A section as float64, [node, columns], by the nodes' numbers."""
        rows = self.sections.get(name, [])
        nodes = self.dimension
        if len(rows) != nodes or any(len(row) != columns + 1 for row in rows):
            raise InstanceError(
                f"La sección {name} debe tener {nodes} filas de {columns + 1} columnas y trae "
                f"{len(rows)}. ¿Está cortado el archivo?",
                field=name,
            )
        try:
            table = np.array(rows, dtype=np.float64)
        except ValueError:
            raise InstanceError(f"La sección {name} tiene algo que no es número.") from None
        if not np.isfinite(table).all():
            raise InstanceError(f"La sección {name} tiene un número sin fin.")
        return table[_by_number(table[:, 0], name), 1:]

    def numbers(self, name: str, *, most: int, scale: int = 1, columns: int = 1) -> list[list[int]]:
        """A section of whole numbers: for each column the number of every node."""
        table = self.table(name, columns)
        return [whole(table[:, n], name, most=most, scale=scale) for n in range(columns)]

    def words(self, name: str) -> list[str]:
        """A section whose rows mean nothing."""
        return [word for row in self.sections.get(name, []) for word in row]


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace(":", " : ").split()
        if words == [_END]:
            return
        if words:
            yield number, words


def _by_number(written: NDArray[np.float64], name: str) -> NDArray[np.int64]:
    """The row of each node, in the order of their numbers."""
    order = np.argsort(written, kind="stable").astype(np.int64)
    due = np.arange(1, len(written) + 1)
    wrong = np.flatnonzero(written[order] != due)
    if len(wrong):
        raise InstanceError(
            f"En la sección {name} los nodos deben ir del 1 al {len(due)}, cada uno una vez: "
            f"falta el {int(due[wrong[0]])} o hay otro repetido.",
            field=name,
        )
    return order
