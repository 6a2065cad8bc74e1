"""No file breaks the reader: it gives orders, row errors or one sentence, and nothing else."""

from __future__ import annotations

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from promesa.orders.csv_sheet import read_csv
from promesa.orders.desk import IntakePolicy
from promesa.orders.layouts import LAYOUTS
from promesa.orders.sheet_reading import SheetReading, read_orders
from promesa.orders.sheets import SheetError
from tests.unit.orders.test_opening import HEADERS, ROW, workbook_bytes

WORKBOOK = workbook_bytes([HEADERS, ROW])
OWN_HEADERS = sorted({header for layout in LAYOUTS for header in layout.own})
cells = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["=1+1", "25/11/2026", "11/25/2026", "9:00", "-33,4", "-70,6", "1.234,5", "-"]),
    st.dates().map(str),
    st.integers().map(str),
    st.floats().map(str),
)
# What csv can carry: Unicode without lone surrogates, and no NUL.
plain = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


def _read(content: bytes) -> SheetReading | None:
    """What the file says; None when it is refused with a sentence."""
    try:
        return read_orders(content, policy=IntakePolicy(), default_day=date(2026, 11, 23))
    except SheetError:
        return None


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    _read(content)
    _read(b"reference;address\n" + content)


@given(st.integers(min_value=0, max_value=len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
def test_no_damage_to_a_workbook_breaks_the_reader(place: int, damage: bytes) -> None:
    _read(WORKBOOK[:place] + damage + WORKBOOK[place + len(damage) :])


@given(
    st.lists(st.sampled_from(OWN_HEADERS), min_size=2, max_size=12, unique=True),
    st.lists(st.lists(cells, max_size=12), min_size=1, max_size=6),
)
def test_each_row_becomes_an_order_or_says_why_not(
    headers: list[str], rows: list[list[str]]
) -> None:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerows([["reference", "address", *headers], *rows])
    reading = _read(target.getvalue().encode("utf-8", "replace"))
    if reading is None:
        return
    accepted = {draft.row for draft in reading.drafts}
    faulty = {fault.row for fault in reading.faults}
    assert not accepted & faulty
    assert all(fault.row is not None and fault.reason for fault in reading.faults)


@given(st.lists(st.lists(plain, min_size=2, max_size=5), min_size=2, max_size=6))
def test_what_csv_writes_is_read_back(rows: list[list[str]]) -> None:
    target = io.StringIO()
    csv.writer(target, delimiter="\t", quoting=csv.QUOTE_ALL).writerows(rows)
    content = b"sep=\t\n" + target.getvalue().encode("utf-8")
    read = [list(row.cells) for row in read_csv(content)]
    for got, wanted in zip(read, rows, strict=True):
        # A cell that begins as a formula is told apart, never taken as text.
        assert got == wanted or any(cell.startswith("=") for cell in wanted)
