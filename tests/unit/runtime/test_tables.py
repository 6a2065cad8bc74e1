"""Tables leave in a form a Chilean spreadsheet opens, and never as a program."""

from __future__ import annotations

import io
from datetime import date

from openpyxl import load_workbook

from promesa.runtime.tables import SHARE, WHOLE, Sheet, write_csv, write_xlsx

SHEET = Sheet(
    title="Pedidos: lunes/martes",
    columns=("pedido", "metros", "nota"),
    rows=[("A-1", 1.5, "=1+1"), ("A-2", None, "Ñuñoa; esquina")],
)


def test_a_csv_has_semicolons_and_decimal_commas() -> None:
    text = write_csv(SHEET).decode("utf-8-sig")
    assert text.splitlines() == [
        "pedido;metros;nota",
        "A-1;1,5;'=1+1",
        'A-2;;"Ñuñoa; esquina"',
    ]


def test_a_workbook_keeps_numbers_as_numbers_and_runs_nothing() -> None:
    page = load_workbook(io.BytesIO(write_xlsx([SHEET]))).active
    assert page is not None
    assert [cell.value for cell in page[2]] == ["A-1", 1.5, "'=1+1"]
    assert page.title == "Pedidos lunesmartes"


def test_a_workbook_shows_days_as_days_and_numbers_as_the_column_says() -> None:
    sheet = Sheet(
        title="Días",
        columns=("fecha", "pedidos", "error"),
        rows=[(date(2026, 12, 3), 35.6, 0.12), ("Total", 35.6, None)],
        formats=(None, WHOLE, SHARE),
    )
    page = load_workbook(io.BytesIO(write_xlsx([sheet]))).active
    assert page is not None
    assert page["A2"].is_date
    assert [cell.number_format for cell in page[2]] == ["dd/mm/yyyy", "#,##0", "0%"]
    assert page["B2"].value == 35.6
    assert write_csv(sheet).decode("utf-8-sig").splitlines()[1] == "2026-12-03;35,6;0,12"
