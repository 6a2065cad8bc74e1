"""What the decoder finds wrong with a field, said in Spanish like every other reason.

The decoder knows only English. Types keep their JSON names, which are what a program writes.
"""

from __future__ import annotations

import re

_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), sentence)
    for pattern, sentence in (
        (
            r"Expected `datetime` with a timezone component",
            "Falta el desfase horario. Escríbelo al final, como -03:00.",
        ),
        (r"Invalid RFC3339 encoded datetime", "No es un instante como 2026-11-23T10:00:00-03:00."),
        (r"Invalid RFC3339 encoded date", "No es una fecha como 2026-11-23."),
        (r"Invalid UUID", "No es un identificador (UUID)."),
        (r"Invalid enum value (.+)", r"No es una de las opciones: \1."),
        (r"Object missing required field `(.+)`", r"Falta `\1`."),
        (r"Object contains unknown field `(.+)`", r"No conocemos el campo `\1`. Quítalo."),
        (r"Expected `(.+)`, got `(.+)`", r"Debe ser `\1` y llegó `\2`."),
        (r"Expected `(.+)` of length (.+)", r"Debe ser `\1` de largo \2."),
        (r"Expected `(.+)` (>=|>|<=|<) (.+)", r"Debe ser `\1` \2 \3."),
        (
            r"Expected `str` matching regex .+",
            "Hay letras o signos que no se admiten, o no tiene la forma pedida.",
        ),
        (
            r"JSON is malformed: .+ \(byte (\d+)\)",
            r"No es JSON bien escrito, cerca del byte \1. Revisa comas, comillas y llaves.",
        ),
        (r"JSON is malformed: .+", "No es JSON bien escrito. Revisa comas, comillas y llaves."),
        (
            r"'utf-?8' codec can't decode .+",
            "El texto no está en UTF-8. Guárdalo en UTF-8 y vuelve a enviarlo.",
        ),
        (r"Invalid value(?: .+)?", "Ese valor no se admite aquí."),
        (r"Input data was truncated", "El contenido llegó vacío o cortado."),
    )
)


def reason_in_spanish(found: str) -> str:
    """The sentence for what the decoder said; its own words when there is none."""
    for pattern, sentence in _SENTENCES:
        if match := pattern.fullmatch(found):
            return match.expand(sentence)
    return found
