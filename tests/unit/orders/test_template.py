"""The sheet that is handed out is one that is read."""

from __future__ import annotations

from datetime import date

from promesa.orders.headers import Column
from promesa.orders.layouts import OURS, find_layout
from promesa.orders.sheet_reading import read_orders
from promesa.orders.template import example_rows, template_columns
from promesa.runtime.tables import Sheet, write_csv, write_xlsx
from tests.support.orders_memory import TODAY, make_desk

POLICY = make_desk().policy
SATURDAY = date(2026, 11, 28)


def _sheet(today: date = TODAY) -> Sheet:
    headers = [column.header for column in template_columns()]
    return Sheet(title="Pedidos", columns=headers, rows=example_rows(today))


def test_the_template_has_every_column_of_our_layout_under_a_header_it_reads() -> None:
    headers = [column.header for column in template_columns()]
    assert [OURS.column_of(header) for header in headers] == list(dict.fromkeys(OURS.own.values()))
    assert find_layout(headers) is OURS
    assert all(column.accepts for column in template_columns())


def test_the_template_comes_in_as_it_is() -> None:
    for content in (write_xlsx([_sheet()]), write_csv(_sheet())):
        reading = read_orders(content, policy=POLICY, default_day=TODAY)
        assert reading.layout == "promesa"
        assert (reading.faults, reading.notes, reading.undated) == ((), (), frozenset())
        first, second = reading.drafts
        assert (first.reference, first.comuna, len(first.windows)) == (
            "EJEMPLO-1",
            "Providencia",
            1,
        )
        assert (second.cod_clp, len(second.parcels)) == (12_990, 2)
        assert sum(parcel.weight_g or 0 for parcel in second.parcels) == 9_000
        assert first.recipient.phone == "+56987654321"


def test_the_examples_are_for_the_next_day_that_is_no_sunday() -> None:
    place = [OURS.column_of(column.header) for column in template_columns()].index(Column.DATE)
    assert {row[place] for row in example_rows(SATURDAY)} == {"30/11/2026"}
