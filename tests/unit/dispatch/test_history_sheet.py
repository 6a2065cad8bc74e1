"""A file of history: our columns and the command line's, and an error for each wrong row."""

from __future__ import annotations

from datetime import date

import pytest

from promesa.dispatch.history_sheet import (
    HistoryReading,
    HistorySheetError,
    KnownPlaces,
    read_history,
)
from promesa.kernel.text import bare
from promesa.runtime.tables import Sheet, write_xlsx

COMUNAS = {bare(name): name for name in ("Ñuñoa", "Maipú")}
PLACES = KnownPlaces(
    comuna_of=lambda name: COMUNAS.get(bare(name)),
    nearest=lambda name: "Maipú" if bare(name) == "maipo" else None,
    depots={"cd1": "CD1"},
    today=date(2026, 11, 23),
)


def read(text: str) -> HistoryReading:
    return read_history(text.encode(), PLACES)


def faults(text: str) -> list[tuple[int | None, str]]:
    return [(fault.row, fault.field) for fault in read(text).faults]


def test_our_columns_are_read_with_depot_class_and_hour() -> None:
    reading = read(
        "Fecha;Comuna;Pedidos;Bodega;Clase;Hora\n"
        "02/11/2026;nunoa;31;cd1;Grande;9\n"
        "02/11/2026;nunoa;4;cd1;Grande;21:30\n"
    )
    assert reading.faults == ()
    assert [(line, count.key.text, count.hour, count.orders) for line, count in reading.counts] == [
        (2, "Ñuñoa · CD1 · grande", 9, 31),
        (3, "Ñuñoa · CD1 · grande", 21, 4),
    ]


def test_the_command_lines_columns_keep_the_name_of_a_series() -> None:
    reading = read("series,date,parcels\nS01,2026-11-02,2111\nmaipu,2026-11-02,5\n")
    assert [count.key.comuna for _, count in reading.counts] == ["S01", "Maipú"]
    assert len(reading.notes) == 1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("31/02/2026;Ñuñoa;3", "fecha"),
        (";Ñuñoa;3", "fecha"),
        ("24/11/2026;Ñuñoa;3", "fecha"),
        ("02/11/2026;Atlantis;3", "comuna"),
        ("02/11/2026;;3", "comuna"),
        ("02/11/2026;Ñuñoa;tres", "pedidos"),
        ("02/11/2026;Ñuñoa;", "pedidos"),
        ("02/11/2026;Ñuñoa;-1", "pedidos"),
        ("02/11/2026;Ñuñoa;1,5", "pedidos"),
    ],
)
def test_a_wrong_row_is_told_and_the_good_one_is_kept(row: str, field: str) -> None:
    reading = read(f"fecha;comuna;pedidos\n{row}\n03/11/2026;Maipú;8\n")
    assert [(fault.row, fault.field) for fault in reading.faults] == [(2, field)]
    assert [count.orders for _, count in reading.counts] == [8]
    assert [each.line for each in reading.left_out] == [2]


def test_a_misspelt_comuna_is_asked_about_and_never_guessed() -> None:
    (fault,) = read("fecha;comuna;pedidos\n02/11/2026;Maipo;3\n").faults
    assert fault.reason == "No conocemos la comuna «Maipo». ¿Es Maipú? Escríbela así."


def test_an_unknown_depot_is_told_which_one_may_be_meant_or_which_there_are() -> None:
    head = "fecha;comuna;pedidos;bodega\n"
    near, far = read(f"{head}02/11/2026;Maipú;3;CD01\n02/11/2026;Maipú;3;Osorno\n").faults
    assert near.reason == "No hay un CD «CD01». ¿Es CD1? Escríbelo así."
    assert far.reason == "No hay un CD «Osorno». Están CD1: usa uno, o créalo en Equipo, CD."


@pytest.mark.parametrize("word", ["abc", "14,5"])
def test_what_is_no_whole_number_is_refused_in_the_same_words(word: str) -> None:
    (fault,) = read(f"fecha;comuna;pedidos\n02/11/2026;Maipú;{word}\n").faults
    assert fault.reason == "Debe ser un número entero, sin decimales, como 12."


def test_days_of_a_workbook_are_shown_as_chile_writes_them() -> None:
    sheet = Sheet(
        title="Historia",
        columns=("fecha", "comuna", "pedidos"),
        rows=[(date(2026, 11, 2), "Atlantis", 3)],
    )
    (row,) = read_history(write_xlsx([sheet]), PLACES).left_out
    assert (row.line, row.written) == (2, "02-11-2026 · Atlantis · 3")
    assert row.cells == ("02-11-2026", "Atlantis", "3")


def test_an_unknown_depot_and_an_odd_hour_are_told_in_one_row() -> None:
    text = "fecha;comuna;pedidos;bodega;hora\n02/11/2026;Ñuñoa;3;CD9;25\n"
    assert faults(text) == [(2, "bodega"), (2, "hora")]


def test_a_day_told_twice_is_not_counted_twice() -> None:
    text = "fecha;comuna;pedidos\n02/11/2026;Ñuñoa;3\n2026-11-02;nunoa;3\n"
    assert faults(text) == [(3, "fecha")]
    assert len(read(text).counts) == 1


def test_a_day_is_told_by_the_hour_or_whole_but_not_both() -> None:
    text = "fecha;comuna;pedidos;hora\n02/11/2026;Ñuñoa;3;9\n02/11/2026;Ñuñoa;30;\n"
    assert faults(text) == [(3, "hora")]


def test_a_day_without_orders_is_a_count_of_zero() -> None:
    ((_, count),) = read("fecha;comuna;pedidos\n02/11/2026;Ñuñoa;0\n").counts
    assert count.orders == 0


def test_other_columns_are_no_history() -> None:
    with pytest.raises(HistorySheetError):
        read("referencia;direccion\n1;Suecia 100\n")
    with pytest.raises(HistorySheetError):
        read("fecha;comuna;pedidos\n")


def test_a_column_for_each_comuna_is_read_too() -> None:
    reading = read(
        "Pedidos de noviembre\nFecha;Maipú;Ñuñoa;Total\n02/11/2026;31;4;35\n03/11/2026;;0;0\n"
    )
    assert [(count.day.day, count.key.comuna, count.orders) for _, count in reading.counts] == [
        (2, "Maipú", 31),
        (2, "Ñuñoa", 4),
        # What is empty is unknown, a zero is not.
        (3, "Ñuñoa", 0),
    ]
    assert "2 comunas" in reading.notes[0]
    assert "«Total»" in reading.notes[1]


def test_orders_without_a_comuna_are_read_as_the_export_calls_them() -> None:
    reading = read("fecha;comuna;pedidos\n02/11/2026;Sin comuna;2\n")
    assert [(count.key.comuna, count.orders) for _, count in reading.counts] == [("Sin comuna", 2)]


def test_a_wrong_cell_leaves_the_other_comunas_of_its_line_in() -> None:
    text = "Fecha;Maipú;Ñuñoa\n02/11/2026;x;4\n03/11/2026;5;x\n"
    assert [(count.key.comuna, count.orders) for _, count in read(text).counts] == [
        ("Ñuñoa", 4),
        ("Maipú", 5),
    ]
    assert faults(text) == [(2, "pedidos"), (3, "pedidos")]


def test_each_wrong_cell_of_a_line_is_told_as_it_came() -> None:
    left_out = read("Fecha;Maipú;Ñuñoa\n02/11/2026;-5;s/i\n31/06/2026;7;8\n").left_out
    assert [(each.line, each.cells) for each in left_out] == [
        (2, ("02/11/2026", "Maipú", "-5")),
        (2, ("02/11/2026", "Ñuñoa", "s/i")),
        (3, ("31/06/2026", "Maipú", "7")),
        (3, ("31/06/2026", "Ñuñoa", "8")),
    ]


def test_a_day_far_above_the_others_of_its_comuna_is_named_and_kept() -> None:
    days = [f"{day:02}/10/2026;Maipú;{200 + day}\n" for day in range(1, 31)]
    reading = read("fecha;comuna;pedidos\n" + "".join(days) + "01/11/2026;Maipú;1250\n")
    assert len(reading.counts) == 31
    (note,) = reading.notes
    assert "Maipú el 01-11-2026, 1.250 pedidos (suele tener 216)" in note
    assert read("fecha;comuna;pedidos\n" + "".join(days)).notes == ()


def test_columns_that_are_not_known_are_said_as_they_were_read() -> None:
    with pytest.raises(HistorySheetError) as refused:
        read("Resumen;mensual\nenero;3.000\n")
    assert "«Resumen · mensual»" in refused.value.sentence
    assert "una columna por comuna" in refused.value.sentence


def test_numbers_are_read_as_they_are_written_in_chile() -> None:
    written = ("1.234", "1.234,00", "1234,00", "$ 1.234")
    text = "".join(f"{day:02}/11/2026;Maipú;{each}\n" for day, each in enumerate(written, start=1))
    reading = read("fecha;comuna;pedidos\n" + text)
    assert [count.orders for _, count in reading.counts] == [1234] * 4


@pytest.mark.parametrize("header", ["fecha,comuna,pedidos", "fecha,Maipú,Ñuñoa"])
def test_a_row_that_a_comma_of_a_number_broke_is_refused_once(header: str) -> None:
    middle = "Maipú" if "comuna" in header else "7"
    rows = f"01/11/2026,{middle},31\n02/11/2026,{middle},1.234,00\n03/11/2026,{middle},12,5\n"
    reading = read(f"{header}\n{rows}")
    assert [(fault.row, fault.field) for fault in reading.faults] == [(3, "fila"), (4, "fila")]
    assert "más celdas que los encabezados" in reading.faults[0].reason
    assert {line for line, _ in reading.counts} == {2}
    assert reading.left_out[0].written.startswith("02/11/2026")
    # Where its cells stand nobody knows: they are not given back under the columns.
    assert reading.left_out[0].cells == ()
