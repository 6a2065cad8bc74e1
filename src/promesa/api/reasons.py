"""What the decoder finds wrong with a field, said in Spanish like every other reason.

The decoder knows only English, and names types as Python does.
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
        (r"Expected `([^`]+)`, got `([^`]+)`", r"Debe ser \1 y llegó \2."),
        (r"Expected `([^`]+)` of length >= (.+)", r"Debe ser \1 de largo \2 o más."),
        (r"Expected `([^`]+)` of length <= (.+)", r"Debe ser \1 de largo \2 o menos."),
        (r"Expected `([^`]+)` of length (.+)", r"Debe ser \1 de largo \2."),
        (r"Expected `([^`]+)` >= (.+?)(?:\.0)?", r"Debe ser \1 de \2 o más."),
        (r"Expected `([^`]+)` <= (.+?)(?:\.0)?", r"Debe ser \1 de \2 o menos."),
        (r"Expected `([^`]+)` > (.+?)(?:\.0)?", r"Debe ser \1 mayor que \2."),
        (r"Expected `([^`]+)` < (.+?)(?:\.0)?", r"Debe ser \1 menor que \2."),
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
        (r"Number out of range", "Ese número es demasiado grande."),
        (r"Invalid value(?: .+)?", "Ese valor no se admite aquí."),
        (r"Input data was truncated", "El contenido llegó vacío o cortado."),
    )
)


# What the decoder calls a kind of value, and what people do.
_KINDS = {
    "str": "texto",
    "int": "número entero",
    "float": "número",
    "decimal": "número",
    "bool": "true o false",
    "array": "lista",
    "object": "objeto",
    "null": "vacío (null)",
    "date": "fecha",
    "datetime": "instante",
    "time": "hora",
    "uuid": "identificador (UUID)",
}
_PLACE = re.compile(r"(?P<reason>.+) - at `\$\.?(?P<place>.*)`", re.DOTALL)
_EXPECTED = re.compile(r"(?<=`)[a-z |]+(?=`)")


def reason_in_spanish(found: str) -> str:
    """The sentence for what the decoder said; its own words when there is none."""
    plain = _EXPECTED.sub(_kinds, found, count=2) if found.startswith("Expected `") else found
    for pattern, sentence in _SENTENCES:
        if (match := pattern.fullmatch(found)) is None:
            continue
        translated = pattern.fullmatch(plain) or match
        return translated.expand(sentence)
    return found


def found_in_spanish(found: str) -> str:
    """The same for the decoder's whole words, which end in where it found it."""
    if (match := _PLACE.fullmatch(found)) is None:
        return reason_in_spanish(found)
    reason, place = reason_in_spanish(match["reason"]), match["place"]
    return f"{reason} (en `{place}`)" if place else reason


def _kinds(match: re.Match[str]) -> str:
    return " o ".join(_KINDS.get(name, name) for name in match[0].split(" | "))
