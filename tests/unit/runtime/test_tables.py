"""Tables leave in a form a Chilean spreadsheet opens, and never as a program."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from promesa.runtime.tables import Sheet, write_csv, write_xlsx

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
