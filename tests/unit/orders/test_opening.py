"""Files that are not what they say: a sentence or a row error, never a traceback."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time

import openpyxl
import pytest
from PIL import Image

from promesa.orders.desk import IntakePolicy
from promesa.orders.opening import open_sheet
from promesa.orders.sheet_reading import SheetReading, read_orders
from promesa.orders.sheets import FILE_BYTES_MAX, ROWS_MAX, SheetError

HEADERS = ("reference", "address", "date", "weight_g", "window_start", "window_end")
ROW = ("A-1", "Los Leones 220", date(2026, 11, 23), 1500, time(9), time(13))


def workbook_bytes(rows: Sequence[Sequence[object]]) -> bytes:
    """A real workbook with these rows."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _read(content: bytes) -> SheetReading:
    return read_orders(content, policy=IntakePolicy(), default_day=date(2026, 11, 23))


def _sentence(content: bytes) -> str:
    with pytest.raises(SheetError) as failure:
        _read(content)
    return failure.value.sentence


def test_a_workbook_with_real_dates_numbers_and_times_is_read() -> None:
    reading = _read(workbook_bytes([HEADERS, ROW]))
    [draft] = reading.drafts
    assert (draft.date, draft.parcels[0].weight_g) == (date(2026, 11, 23), 1500)
    assert len(draft.windows) == 1


def test_a_workbook_saved_as_text_is_read_alike() -> None:
    row = ("A-1", "Los Leones 220", "23/11/2026", "1500", "9:00", "13:00")
    assert (
        _read(workbook_bytes([HEADERS, row])).drafts == _read(workbook_bytes([HEADERS, ROW])).drafts
    )


def test_rows_of_a_workbook_are_numbered_as_excel_shows_them() -> None:
    reading = _read(workbook_bytes([HEADERS, ROW, (), ("A-2", None, None, None, None, None)]))
    assert [(fault.row, fault.field) for fault in reading.faults] == [(4, "address")]


def test_a_formula_in_a_cell_is_a_row_error_that_says_what_to_do() -> None:
    reading = _read(
        workbook_bytes([HEADERS, ROW, ("A-2", "Los Leones 221", None, "=1+1", None, None)])
    )
    [fault] = reading.faults
    assert (fault.row, fault.field) == (3, "weight_g")
    assert "pégala como valor" in fault.reason
    assert len(reading.drafts) == 1


def test_an_error_value_in_a_cell_is_a_row_error() -> None:
    reading = _read(workbook_bytes([HEADERS, ("A-1", "#N/A", None, None, None, None)]))
    assert "#N/A" in reading.faults[0].reason


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_a_photo_named_xlsx_is_told_to_be_no_sheet(kind: str) -> None:
    target = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(target, kind)
    assert "no es una planilla" in _sentence(target.getvalue())


def test_two_hundred_megabytes_are_refused_before_they_are_read() -> None:
    assert "máximo es 20 MB" in _sentence(bytes(FILE_BYTES_MAX + 1))


def test_an_empty_file_says_so() -> None:
    assert "vacío" in _sentence(b"")


def test_a_workbook_with_a_password_says_so() -> None:
    assert "clave" in _sentence(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000))


def test_a_zip_that_is_no_workbook_says_so() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("carta.docx", "hola")
    assert "no es una planilla de Excel" in _sentence(target.getvalue())


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_half_a_workbook_says_it_is_damaged(share: float) -> None:
    content = workbook_bytes([HEADERS, ROW])
    assert "dañado" in _sentence(content[: int(len(content) * share)])


def test_a_workbook_that_swells_when_unpacked_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(201_000_000))
    assert len(target.getvalue()) < 1_000_000
    assert "demasiado grande" in _sentence(target.getvalue())


def test_a_quote_left_open_is_told_by_its_row() -> None:
    lines = "".join(f"A-{number};Los Leones {number}\n" for number in range(300))
    reading = _read(f'reference;address\nB-1;"Los Leones 220\n{lines}'.encode())
    assert (reading.faults[0].row, reading.faults[0].field) == (2, "address")


def test_more_rows_than_the_limit_are_refused() -> None:
    content = b"reference;address\n" + b"A;B\n" * (ROWS_MAX + 1)
    with pytest.raises(SheetError, match="50000 filas"):
        list(open_sheet(content))


def test_more_columns_than_the_limit_are_refused() -> None:
    assert "columnas" in _sentence(("reference;address;" + "x;" * 200 + "\n").encode())


def test_a_text_named_xlsx_is_read_as_the_text_it_is() -> None:
    assert len(_read(b"reference;address\nA-1;Los Leones 220\n").drafts) == 1


def test_excels_own_separator_line_is_understood() -> None:
    reading = _read(
        b"sep=|\nreference|address\nA-1|Los Leones 220, depto 4; fondo\n|Sin numero 1\n"
    )
    assert reading.drafts[0].address == "Los Leones 220, depto 4; fondo"
    assert reading.faults[0].row == 4


def test_a_date_with_a_time_of_a_workbook_is_a_window() -> None:
    content = workbook_bytes(
        [
            ("NÚMERO GUÍA", "DIRECCIÓN", "FECHA MIN ENTREGA", "FECHA MAX ENTREGA"),
            (
                10012,
                "Los Leones 220",
                datetime.combine(date(2026, 11, 23), time(9)),
                datetime.combine(date(2026, 11, 23), time(13)),
            ),
        ]
    )
    [draft] = _read(content).drafts
    assert (draft.reference, len(draft.windows)) == ("10012", 1)
