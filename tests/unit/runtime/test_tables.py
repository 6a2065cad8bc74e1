"""Tables leave in a form a Chilean spreadsheet opens, and never as a program."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

from openpyxl import load_workbook

from promesa.runtime.tables import PESOS, SHARE, WHOLE, Sheet, write_csv, write_xlsx

# As the clock on the wall says it: a spreadsheet knows no zones.
CLOCK = datetime(2026, 10, 5, 6, 30, tzinfo=UTC).replace(tzinfo=None)
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


def test_a_workbook_filters_by_its_heading_and_shows_pesos_and_the_clock() -> None:
    sheet = Sheet(
        title="Andenes",
        columns=("sale", "costo", date(2026, 10, 5)),
        rows=[(CLOCK, 1500, "08:30–18:30")],
        formats=(None, PESOS, None),
    )
    page = load_workbook(io.BytesIO(write_xlsx([sheet]))).active
    assert page is not None
    assert page.auto_filter.ref == "A1:C2"
    assert [cell.number_format for cell in page[2]][:2] == ["dd/mm/yyyy hh:mm", '"$"#,##0']
    assert (page["C1"].is_date, page["C1"].number_format) == (True, "dd/mm/yyyy")
    assert write_csv(sheet).decode("utf-8-sig").splitlines() == [
        "sale;costo;2026-10-05",
        "2026-10-05 06:30;1500;08:30–18:30",
    ]
