"""Weights and volumes of a sheet, in our units; and what the point means in their column.

In Chile the point parts thousands and the comma decimals, but many systems write decimals with a
point. One point before exactly three digits may be either: the other cells of the column decide,
and where they do not, who sends the sheet does.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from promesa.kernel.text import bare
from promesa.orders.cells import CellError, as_number
from promesa.orders.layouts import CUBIC_METRE_ML, KILOGRAM_G
from promesa.orders.sheets import CellValue

# A parcel is seldom heavier; a column of such is most likely in grams (assumed).
PARCEL_USUAL_G_MAX = 300 * KILOGRAM_G

_MEASURED = re.compile(r"\s*(?P<number>.*\d)\s*(?P<unit>[a-z]+3?)\s*\.?\s*")
_NUMBER = re.compile(r"[^\d]*(?P<number>\d[\d.,]*)")
_EITHER = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})*,\d+|\d{1,3}(\.\d{3}){2,}")
_DECIMALS = re.compile(r"\d*\.\d+|\d{1,3}(,\d{3})+\.\d+")


class Point(StrEnum):
    """What a point is in a column."""

    THOUSANDS = "thousands"
    DECIMALS = "decimals"
    UNKNOWN = "unknown"  # No cell tells, or they tell both.


def point_of(values: Iterable[CellValue]) -> Point:
    """What the cells of a column say together: ``1,5`` parts thousands by point, ``1.5`` not."""
    told = {sign for value in values if (sign := _point_in(value)) is not None}
    return told.pop() if len(told) == 1 else Point.UNKNOWN


def _point_in(value: CellValue) -> Point | None:
    found = _NUMBER.match(value) if isinstance(value, str) else None
    if found is None or _EITHER.fullmatch(number := found["number"].rstrip(".,")):
        return None
    if _THOUSANDS.fullmatch(number):
        return Point.THOUSANDS
    return Point.DECIMALS if _DECIMALS.fullmatch(number) else None


def as_measured(
    value: CellValue, *, unit: int, units: Mapping[str, int], point: Point = Point.UNKNOWN
) -> float | None:
    """A number of ``unit`` each, or of the unit written behind it: ``0,8 kg``, ``350 gr.``.

    Raises:
        CellError: It is no number, or nothing tells what its point means.
    """
    found = _MEASURED.fullmatch(bare(value)) if isinstance(value, str) else None
    if found is not None and (own := units.get(found["unit"])) is not None:
        value, unit = found["number"], own
    if isinstance(value, str) and _EITHER.fullmatch(value.strip()):
        value = _decided(value.strip(), unit, point)
    number = as_number(value)
    return None if number is None else number * unit


def _decided(text: str, unit: int, point: Point) -> str:
    """What may be read in two ways, written so that it is read in one."""
    # Nobody writes parts of a gram or of a millilitre.
    if unit == 1:
        return text.replace(".", "")
    # And no order has a thousand cubic metres.
    return text if unit == CUBIC_METRE_ML else decided(text, point)


def is_either(text: str) -> bool:
    """Whether the point of a number may part thousands as well as decimals."""
    return _EITHER.fullmatch(text) is not None


def decided(text: str, point: Point) -> str:
    """A number whose point may be either, written so that it is read in one way.

    Raises:
        CellError: Nothing tells what its point means.
    """
    whole = text.replace(".", "")
    if point is Point.THOUSANDS:
        return whole
    if point is Point.DECIMALS:
        return text
    short = text.rstrip("0").rstrip(".").replace(".", ",")
    raise CellError(f"«{text}» puede ser {short} o {whole}. Escribe {short} o {whole}.")


def grams_note(header: str, weights_g: Sequence[int]) -> str | None:
    """What to ask about a column of kilos whose parcels are usually too heavy for it."""
    if not weights_g or statistics.median(weights_g) <= PARCEL_USUAL_G_MAX:
        return None
    kilos = f"{round(statistics.median(weights_g) / KILOGRAM_G):,}".replace(",", ".")
    return (
        f"La columna {header} se leyó en kilos y la mitad de los bultos pesa {kilos} kg o más: "
        "¿está en gramos? Si es así, nómbrala «peso g» y vuelve a subir la planilla."
    )
