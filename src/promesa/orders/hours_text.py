"""Hours in one cell, as people write them: ``9 a 13``, ``10:00-14:00 / 16:00-20:00``, ``AM``.

Says pairs of hours, from and to; that a window ends after it starts is the windows' matter. What
can be read in two ways ("en la tarde") is refused: a promise is not guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from promesa.kernel.text import bare
from promesa.orders.cells import CellError, as_text, as_time
from promesa.orders.identity import is_nothing
from promesa.orders.sheets import CellValue
from promesa.orders.windows import Pair

_NOON = time(12, 0)
_ANY = re.compile(
    r"(todo|durante) el dia|todo dia|dia completo|cualquier (hora|horario)|sin (horario|hora)|"
    r"(horario )?libre|indiferente|flexible|24 ?(hrs?|horas)"
)
_HALVES = re.compile(r"(?P<half>[ap])\.?\s?m\.?")
_HOUR = r"\d{1,2}(?:[:.h]?\d{2})?(?:\s*[ap]\.?\s?m\b\.?)?(?:\s*(?:hrs?|horas?|h)\b\.?)?"
_RANGE = (
    rf"(?:(?:entre|desde|de)\s+)?(?:las?\s+)?({_HOUR})\s*"
    rf"(?:-|–|—|/|\bal?\b|\bhasta\b|\by\b)\s*(?:las?\s+)?({_HOUR})"
)
_ONE = re.compile(_RANGE)
_TWO = re.compile(rf"{_RANGE}\s*(?:/|;|,|\||\+|\by\b|\bo\b)\s*{_RANGE}")
_FROM = re.compile(rf"(?:despues de|desde|a partir de)\s+(?:las?\s+)?({_HOUR})")
_UNTIL = re.compile(rf"(?:antes de|hasta)\s+(?:las?\s+)?({_HOUR})")
_REFUSED = "No se entiende el horario. Escribe desde y hasta, como 9:00 a 13:00."
_IS_DATE = (
    "Excel hizo una fecha de este horario. Da formato de texto a la columna y escríbelo de "
    "nuevo, como 9:00 a 13:00."
)


def as_hours(value: CellValue) -> tuple[Pair, ...]:
    """The hours that one cell asks for, two pairs at most; none is any time of the day.

    Raises:
        CellError: They cannot be read, or in more than one way.
    """
    if isinstance(value, datetime | date):
        raise CellError(_IS_DATE)
    text = bare(as_text(value)).strip(" .")
    if is_nothing(text) or _ANY.fullmatch(text):
        return ()
    if found := _HALVES.fullmatch(text):
        return ((None, _NOON),) if found["half"] == "a" else ((_NOON, None),)
    if found := _ONE.fullmatch(text) or _TWO.fullmatch(text):
        hours = [_hour(hour) for hour in found.groups()]
        return tuple(zip(hours[::2], hours[1::2], strict=True))
    if found := _FROM.fullmatch(text):
        return ((_hour(found[1]), None),)
    if found := _UNTIL.fullmatch(text):
        return ((None, _hour(found[1])),)
    raise CellError(_REFUSED)


def _hour(text: str) -> time | None:
    """One of its hours; ``930`` and ``0900`` are written without a colon."""
    return as_time(re.sub(r"^(\d{1,2})(\d{2})(?!\d)", r"\1:\2", text.strip()))
