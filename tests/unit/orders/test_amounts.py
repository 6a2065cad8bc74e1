"""A point in a column of weights parts thousands, or decimals, or nobody knows."""

from __future__ import annotations

import pytest

from promesa.orders.sheet_reading import SheetReading
from tests.unit.orders.test_sheet_reading import _read


def sheet(header: str, *cells: str) -> SheetReading:
    """One order a cell of the column."""
    rows = (f"P-{n};Los Leones {100 + n};Providencia;{cell}" for n, cell in enumerate(cells))
    return _read("\n".join([f"numero guia;direccion;comuna;{header}", *rows, ""]))


def grams(reading: SheetReading) -> list[int | None]:
    return [parcel.weight_g for draft in reading.drafts for parcel in draft.parcels]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1.200", "0,5"), [1_200_000, 500]),
        (("1.200 kg", "1.350,5"), [1_200_000, 1_350_500]),
        (("1.200", "2.5"), [1_200, 2_500]),
        (("1.200", "0.350"), [1_200, 350]),
    ],
)
def test_the_other_cells_of_a_column_say_what_its_point_means(
    cells: tuple[str, ...], expected: list[int]
) -> None:
    assert grams(sheet("peso kg", *cells)) == expected


@pytest.mark.parametrize("cells", [("1.200", "12"), ("1.200", "2.5", "3,5")])
def test_a_point_nobody_explains_is_asked_about(cells: tuple[str, ...]) -> None:
    (fault, *more) = sheet("peso", *cells).faults
    assert (fault.row, fault.reason) == (
        2,
        "«1.200» puede ser 1,2 o 1200. Escribe 1,2 o 1200.",
    )
    assert not more


def test_grams_and_cubic_metres_are_read_in_the_one_way_that_can_be() -> None:
    assert grams(sheet("peso g", "1.200", "12")) == [1_200, 12]
    assert grams(sheet("peso", "1.200 gr", "12")) == [1_200, 12_000]
    (draft,) = sheet("volumen m3", "1.200").drafts
    assert draft.parcels[0].volume_ml == 1_200_000


def test_a_column_of_kilos_that_looks_like_grams_is_asked_about() -> None:
    """850 g typed as 850 lie below what a van carries, so that no row is refused."""
    (note,) = sheet("peso", "850", "1200", "400").notes
    assert note == (
        "La columna peso se leyó en kilos y la mitad de los bultos pesa 850 kg o más: ¿está en "
        "gramos? Si es así, nómbrala «peso g» y vuelve a subir la planilla."
    )
    assert sheet("peso", "8", "12", "400").notes == ()
    assert sheet("peso g", "850", "1200", "400").notes == ()
