"""Cells as people fill them in, made numbers, dates and times, or refused with what to write.

Day first, always: 05/11/2026 is the fifth of November. A column that shows signs of the month
first is not guessed at.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from promesa.kernel.errors import InvalidError
from promesa.kernel.text import bare
from promesa.orders.sheets import BadCell, CellValue
from promesa.orders.text import tidy

# Excel counts days from here (its 1900 is wrongly a leap year, so day 60 does not exist).
EXCEL_EPOCH = date(1899, 12, 30)
# Beyond any price in pesos or volume in millilitres of one row.
NUMBER_MAX = 1e12
# Serials of 1982 to 2064: five digits that are no year.
SERIAL_MIN, SERIAL_MAX = 30_000, 60_000
MINUTES_A_DAY = 24 * 60

_NUMERIC_DATE = re.compile(
    r"(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>\d{4}|\d{2})(?:[ ,T]+(?P<rest>.+))?"
)
_ISO_DATE = re.compile(
    r"(?P<year>\d{4})[/.-](?P<b>\d{1,2})[/.-](?P<a>\d{1,2})(?:[ T]+(?P<rest>.+))?"
)
_WORD_DATE = re.compile(
    r"(?P<a>\d{1,2})(?:\s+de\s+|[\s/.-]+)(?P<word>[a-z]{3,10})\.?"
    r"(?:\s+del?\s+|[\s/.-]+)(?P<year>\d{4})"
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?\s*(?:z|[+-]\d{2}:?\d{2}|hrs?\.?|horas?|h)?"
)
_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            ("enero", "ene", "jan"),
            ("febrero", "feb"),
            ("marzo", "mar"),
            ("abril", "abr", "apr"),
            ("mayo", "may"),
            ("junio", "jun"),
            ("julio", "jul"),
            ("agosto", "ago", "aug"),
            ("septiembre", "setiembre", "sep", "sept", "set"),
            ("octubre", "oct"),
            ("noviembre", "nov"),
            ("diciembre", "dic", "dec"),
        ),
        start=1,
    )
    for word in words
}


class CellError(InvalidError):
    """A cell that cannot be read as what its column holds; the sentence says what to write."""

    code = "cell_invalid"


NOT_NUMBER = "No es un número. Escribe sólo cifras, como 12 o 1,5."
NOT_WHOLE = "Debe ser un número entero, sin decimales, como 12."


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date, and a time of day when one was written."""

    day: date
    clock_time: time | None = None


def as_text(value: CellValue) -> str:
    """The text of a cell in one line; a whole number has no decimals."""
    if isinstance(value, BadCell):
        raise CellError(value.reason)
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return tidy(str(value))


def as_number(value: CellValue) -> float | None:
    """A number with decimal point or comma: ``1.234,5``, ``1,234.5``, ``-33,44``, ``$ 1.990``."""
    return _number(value, NOT_NUMBER)


def _number(value: CellValue, wrong: str) -> float | None:
    """As ``as_number``; what is none is ``wrong``."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _believable(value)
    text = as_text(value).replace("$", "").replace(" ", "").replace("'", "")
    if not text:
        return None
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        thousands = "," if comma < point else "."
        text = text.replace(thousands, "")
    elif text.count(".") > 1 or text.count(",") > 1:
        text = text.replace(".", "").replace(",", "")
    try:
        number = float(text.replace(",", "."))
    except ValueError as error:
        raise CellError(wrong) from error
    return _believable(number)


def _believable(number: float) -> float:
    """The number itself; an infinite, undefined or absurd one would overflow in another unit."""
    if math.isnan(number):
        raise CellError("No es un número. Escribe sólo cifras, como 12 o 1,5.")
    if abs(number) > NUMBER_MAX:
        raise CellError("El número es demasiado grande. Revísalo.")
    return float(number)


def as_whole(value: CellValue) -> int | None:
    """A whole number; a point before three digits parts thousands, as in ``12.990``."""
    if isinstance(value, str) and re.fullmatch(r"\s*\$?\s*\d{1,3}(\.\d{3})+\s*", value):
        value = value.replace(".", "")
    number = _number(value, NOT_WHOLE)
    if number is None:
        return None
    if not number.is_integer():
        raise CellError(NOT_WHOLE)
    return int(number)


def is_month_first(values: Iterable[CellValue]) -> bool:
    """Whether a date of the column can only be read with the month first, as 11/25/2026."""
    for value in values:
        if not isinstance(value, str) or not (found := _NUMERIC_DATE.fullmatch(value.strip())):
            continue
        if int(found["a"]) <= 12 < int(found["b"]) <= 31:
            return True
    return False


def as_moment(value: CellValue, *, is_doubtful: bool) -> Moment | None:
    """A date, day first, with the time when there is one.

    ``is_doubtful`` says that the column also holds dates with the month first: then one that can
    be read both ways is refused.
    """
    if isinstance(value, datetime):
        return Moment(day=value.date(), clock_time=_unless_midnight(value.time()))
    if isinstance(value, date):
        return Moment(day=value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _serial_moment(float(value))
    text = as_text(value)
    if not text:
        return None
    if re.fullmatch(r"\d{5}([.,]\d+)?", text):
        return _serial_moment(float(text.replace(",", ".")))
    if found := _ISO_DATE.fullmatch(text):
        return _made(found, month=int(found["b"]))
    if found := _WORD_DATE.fullmatch(bare(text)):
        return _made(found, month=_MONTHS.get(found["word"], 0))
    found = _NUMERIC_DATE.fullmatch(text)
    if found is None:
        raise CellError("No se entiende la fecha. Escríbela como dd/mm/aaaa (25/11/2026).")
    return _numeric_moment(found, is_doubtful=is_doubtful)


def as_time(value: CellValue) -> time | None:
    """A time of day: ``9:00``, ``09:00:00``, ``9``, ``9:30 PM``, or Excel's share of a day."""
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    if isinstance(value, float) and 0 <= value < 1:
        return _minutes_time(round(value * MINUTES_A_DAY))
    text = bare(as_text(value))
    # A whole instant in a column of times: its time counts.
    if found := re.fullmatch(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}[ t]+(.+)", text):
        text = found[1]
    if not text:
        return None
    if re.fullmatch(r"0?[.,]\d+", text):
        return _minutes_time(round(float(text.replace(",", ".")) * MINUTES_A_DAY))
    found = _TIME.fullmatch(text)
    if found is None:
        raise CellError("No se entiende la hora. Escríbela como hh:mm (09:30).")
    return _clock_time(found)


def as_duration_s(value: CellValue, *, unit_s: int) -> int | None:
    """A duration: ``hh:mm:ss`` or ``hh:mm``, or a number of ``unit_s`` seconds each."""
    if isinstance(value, time):
        return value.hour * 3600 + value.minute * 60 + value.second
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    text = as_text(value)
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", text):
        return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
    number = as_number(re.sub(r"\s*(min(utos)?|s(eg(undos)?)?)\.?$", "", text))
    return None if number is None else round(number * unit_s)


def _numeric_moment(found: re.Match[str], *, is_doubtful: bool) -> Moment:
    first, second = int(found["a"]), int(found["b"])
    if len(found["year"]) == 2:
        raise CellError("La fecha no dice el siglo. Escribe el año con 4 cifras: dd/mm/aaaa.")
    if first <= 12 < second <= 31:
        raise CellError(
            "La fecha parece tener el mes primero. Escribe el día primero: "
            f"{second:02d}/{first:02d}/{found['year']}."
        )
    if is_doubtful and first <= 12 and second <= 12 and first != second:
        raise CellError(
            "No se sabe cuál es el día y cuál el mes, porque en esta columna hay fechas con el mes "
            f"primero. Escribe {found['year']}-{second:02d}-{first:02d} si es el día {first}."
        )
    return _made(found, month=second)


def _made(found: re.Match[str], *, month: int) -> Moment:
    try:
        day = date(int(found["year"]), month, int(found["a"]))
    except ValueError as error:
        raise CellError("Esa fecha no existe. Escríbela como dd/mm/aaaa (25/11/2026).") from error
    rest = found.groupdict().get("rest")
    return Moment(day=day, clock_time=_unless_midnight(as_time(rest)) if rest else None)


def _serial_moment(serial: float) -> Moment:
    if not SERIAL_MIN <= serial <= SERIAL_MAX:
        raise CellError("Ese número no es una fecha. Escríbela como dd/mm/aaaa (25/11/2026).")
    days, minutes = divmod(round(serial * MINUTES_A_DAY), MINUTES_A_DAY)
    day = EXCEL_EPOCH + timedelta(days=days)
    return Moment(day=day, clock_time=_unless_midnight(_minutes_time(minutes)))


def _unless_midnight(clock_time: time | None) -> time | None:
    """Midnight is what a date without a time becomes in a spreadsheet."""
    return None if clock_time == time(0, 0) else clock_time


def _clock_time(found: re.Match[str]) -> time:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").replace(".", "").replace(" ", "")
    if half:
        if not 1 <= hour <= 12:
            raise CellError("No se entiende la hora. Escríbela como hh:mm (09:30).")
        hour = hour % 12 + (12 if half == "pm" else 0)
    if (hour, minute) == (24, 0):
        return time(23, 59)
    if hour > 23 or minute > 59:
        raise CellError("Esa hora no existe. Escríbela como hh:mm, de 00:00 a 23:59.")
    return time(hour, minute)


def _minutes_time(minutes: int) -> time:
    capped = min(minutes, MINUTES_A_DAY - 1)
    return time(capped // 60, capped % 60)
