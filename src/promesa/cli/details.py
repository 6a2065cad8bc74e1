"""The details of a failure as people read them: named in Spanish, the decoder's words as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from promesa.api.reasons import found_in_spanish
from promesa.kernel.errors import FieldFault

# Details keep one English name each in the code and in the API.
_NAMES = {
    "answer": "respuesta",
    "cause": "causa",
    "code": "código",
    "codes": "códigos",
    "command": "comando",
    "date": "fecha",
    "field": "campo",
    "fields": "campos",
    "file": "archivo",
    "files": "archivos",
    "key": "clave",
    "limit": "límite",
    "missing": "falta",
    "noun": "qué",
    "number": "número",
    "orphans": "sin dueño",
    "path": "dirección",
    "port": "puerto",
    "reason": "motivo",
    "reference": "documento",
    "row": "fila",
    "state": "estado",
    "status": "respuesta",
    "version": "versión",
    "where": "dónde",
}


def detail_lines(details: Mapping[str, object]) -> Iterator[str]:
    """One line a detail, and one a fault where there are several."""
    for name, value in details.items():
        if isinstance(value, (list, tuple)) and all(isinstance(item, FieldFault) for item in value):
            yield from (_fault_line(fault) for fault in value)
        else:
            yield f"{_NAMES.get(name, name)}: {found_in_spanish(str(value))}"


def _fault_line(fault: FieldFault) -> str:
    row = "" if fault.row is None else f"fila {fault.row}, "
    return f"{row}{fault.field}: {found_in_spanish(fault.reason)}"
