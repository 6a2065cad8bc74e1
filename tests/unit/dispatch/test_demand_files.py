from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from promesa.api.demand_exports import EVENT_COLUMNS
from promesa.dispatch.events_file import EventsFileError, read_events
from promesa.dispatch.history_file import HistoryFileError, read_history
from promesa.runtime.tables import Cell, Sheet, write_csv


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "archivo.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_a_day_without_a_row_is_unknown_and_a_zero_is_none(tmp_path: Path) -> None:
    path = _file(tmp_path, "series,date,parcels", "A,2026-01-01,5", "A,2026-01-03,0")
    panel = read_history(path).panel
    assert panel.days == (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3))
    assert panel.parcels[[0, 2], 0].tolist() == [5.0, 0.0]
    assert np.isnan(panel.parcels[1, 0])


def test_bad_rows_are_told_with_line_and_field_and_the_good_ones_stay(tmp_path: Path) -> None:
    lines = (
        "date;series;parcels",
        "2026-01-01;A;5",
        "01-2026;A;5",
        "2026-01-02;A;-3",
        "2026-01-02;;3",
        "2026-01-02;A;nan",
    )
    read = read_history(_file(tmp_path, *lines))
    assert read.rows == 1
    assert read.refused == 4
    assert [(fault.row, fault.field) for fault in read.faults] == [
        (3, "date"),
        (4, "parcels"),
        (5, "series"),
        (6, "parcels"),
    ]


def test_a_day_told_twice_counts_once_and_a_contradiction_is_told(tmp_path: Path) -> None:
    lines = ("series,date,parcels", "A,2026-01-01,5", "A,2026-01-01,5", "A,2026-01-01,7")
    read = read_history(_file(tmp_path, *lines))
    assert read.panel.parcels.tolist() == [[5.0]]
    assert [(fault.row, fault.field) for fault in read.faults] == [(4, "parcels")]


def test_a_file_without_a_column_or_a_good_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryFileError, match="Falta la columna parcels"):
        read_history(_file(tmp_path, "series,date,ventas", "A,2026-01-01,5"))
    with pytest.raises(HistoryFileError, match="ninguna fila"):
        read_history(_file(tmp_path, "series,date,parcels", "A,ayer,5"))


def test_a_sheet_saved_by_excel_in_chile_is_read(tmp_path: Path) -> None:
    path = tmp_path / "historia.csv"
    lines = (
        "Pedidos 2026;;",
        "Fecha;Comuna;Pedidos",
        "05/11/2026;Ñuñoa;1.204",
        "6-11-2026;Ñuñoa;1,5",
    )
    told = (*lines, "07/11/2026;Ñuñoa;2.011,5", "")
    for encoding in ("cp1252", "utf-8-sig", "utf-16"):
        path.write_text("\r\n".join(told), encoding=encoding)
        panel = read_history(path).panel
        assert (panel.series, panel.first) == (("Ñuñoa",), date(2026, 11, 5))
        assert panel.parcels[:, 0].tolist() == [1204.0, 1.5, 2011.5]


def test_a_point_that_may_be_either_is_settled_by_its_column_or_doubted(tmp_path: Path) -> None:
    head = "series\tdate\tparcels"
    decimals = read_history(_file(tmp_path, head, "A\t2026-01-01\t1.234", "A\t2026-01-02\t5.5"))
    assert decimals.panel.parcels[:, 0].tolist() == [1.234, 5.5]
    doubted = read_history(_file(tmp_path, head, "A\t2026-01-01\t1.234", "A\t2026-01-02\t1500"))
    assert [(fault.row, fault.field) for fault in doubted.faults] == [(2, "parcels")]
    assert "puede ser 1,234 o 1234" in doubted.faults[0].reason


def test_whole_counts_that_have_a_point_from_a_thousand_on_are_thousands(tmp_path: Path) -> None:
    lines = ("series;date;parcels", "A;2026-01-01;1.234", "A;2026-01-02;950", "A;2026-01-03;0")
    read = read_history(_file(tmp_path, *lines))
    assert read.panel.parcels[:, 0].tolist() == [1234, 950, 0]
    assert (read.refused, read.thousands) == (0, "1.234")


def test_a_date_with_the_month_first_is_refused_and_makes_the_others_doubtful(
    tmp_path: Path,
) -> None:
    lines = ("series,date,parcels", "A,11/25/2026,1", "A,05/11/2026,1", "A,2026-11-07,1")
    read = read_history(_file(tmp_path, *lines))
    assert [(fault.row, fault.field) for fault in read.faults] == [(2, "date"), (3, "date")]
    assert read.panel.first == date(2026, 11, 7)


def test_a_mistyped_year_loses_its_row_and_not_the_file(tmp_path: Path) -> None:
    lines = ("series,date,parcels", "A,2026-01-01,5", "A,2026-01-02,6", "A,2206-01-03,7")
    read = read_history(_file(tmp_path, *lines))
    assert read.panel.parcels.tolist() == [[5.0], [6.0]]
    assert [(fault.row, fault.field) for fault in read.faults] == [(4, "date")]


def test_a_file_by_comuna_is_parted_by_depot_and_class_and_its_hours_add_up(tmp_path: Path) -> None:
    lines = (
        "fecha;comuna;bodega;clase;hora;pedidos",
        "2026-01-01;Ñuñoa;QUI;grande;9;5",
        "2026-01-01;Ñuñoa;QUI;grande;10:00;7",
        "2026-01-01;Ñuñoa;SJO;;9;1",
        "2026-01-01;Ñuñoa;SJO;;25;1",
    )
    read = read_history(_file(tmp_path, *lines))
    assert read.panel.series == ("Ñuñoa · QUI · grande", "Ñuñoa · SJO")
    assert read.panel.parcels.tolist() == [[12.0, 1.0]]
    assert [(fault.row, fault.field) for fault in read.faults] == [(5, "hora")]


def test_a_column_of_our_own_name_is_meant_before_one_of_another(tmp_path: Path) -> None:
    lines = ("pedidos,day,series,date,parcels,orders", "9,2025-01-01,A,2026-01-01,5,8")
    read = read_history(_file(tmp_path, *lines))
    assert (read.panel.first, read.panel.parcels.tolist()) == (date(2026, 1, 1), [[5.0]])


def test_a_column_called_series_names_them_whole(tmp_path: Path) -> None:
    lines = ("series,date,parcels,depot,hour", "A,2026-01-01,5,QUI,9", "B,2026-01-01,7,SJO,tarde")
    read = read_history(_file(tmp_path, *lines))
    assert (read.panel.series, read.refused) == (("A", "B"), 0)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "está vacío"),
        (b"series,date,parcels\n", "sólo los encabezados, sin filas"),
        (b"PK\x03\x04xlsx", "libro de Excel"),
        (bytes(range(256)) * 40, "no es una tabla"),
        (b"x" * 100_000, "no es una tabla"),
        (b"series,date,parcels\n" + b"A,2026-01-01,5\n" * 12 + b'A,"' + b"x" * 200_000, "comillas"),
    ],
)
def test_what_is_no_history_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "historia.csv"
    path.write_bytes(content)
    with pytest.raises(HistoryFileError, match=told):
        read_history(path)


def test_events_are_read_as_a_sheet_in_chile_has_them(tmp_path: Path) -> None:
    path = tmp_path / "eventos.csv"
    rows = (
        "Evento;Inicio;Término;Alza;Sigma;Comuna",
        "Campaña;30/11/2026;2-12-2026;x2,5;0,3;Ñuñoa",
    )
    path.write_text("\n".join(rows), encoding="cp1252")
    (event,) = read_events(path).events
    assert (event.name, event.start, event.end) == (
        "Campaña",
        date(2026, 11, 30),
        date(2026, 12, 2),
    )
    assert (event.uplift, event.sigma, event.series) == (2.5, 0.3, frozenset({"Ñuñoa"}))


def test_an_event_without_uplift_is_to_be_learnt_and_may_touch_some_series(tmp_path: Path) -> None:
    lines = (
        "name,start,end,uplift,sigma,series",
        "CyberDay,2026-06-01,2026-06-03,,,",
        "Campaña,2026-07-01,2026-07-02,2.5,0.3,A|B",
    )
    cyber, campaign = read_events(_file(tmp_path, *lines)).events
    assert (cyber.uplift, cyber.series, len(cyber.days)) == (None, None, 3)
    assert (campaign.uplift, campaign.sigma) == (2.5, 0.3)
    assert campaign.series == frozenset({"A", "B"})


def test_the_torres_own_table_is_read_back_but_for_what_is_one_shops(tmp_path: Path) -> None:
    day = date(2026, 6, 1)
    row: dict[str, Cell] = dict.fromkeys(EVENT_COLUMNS)
    row |= {"evento": "CyberDay", "desde": day, "hasta": day, "alza": 6.0}
    comunas = row | {"comunas": "Maipú, Puente Alto"}
    shop = row | {"evento": "Aniversario", "alza": 2.0, "comercio": "Boldo"}
    rows = [list(each.values()) for each in (row, comunas, shop)]
    path = tmp_path / "eventos.csv"
    path.write_bytes(write_csv(Sheet(title="Eventos", columns=EVENT_COLUMNS, rows=rows)))
    read = read_events(path)
    assert [(each.name, each.uplift, each.series) for each in read.events] == [
        ("CyberDay", 6.0, None),
        ("CyberDay", 6.0, frozenset({"Maipú", "Puente Alto"})),
    ]
    (fault,) = read.faults
    assert (fault.field, fault.row) == ("shop", 4)
    assert fault.reason.startswith("Vale sólo para comercio Boldo")


def test_events_that_cannot_be_meant_are_told_and_the_others_stay(tmp_path: Path) -> None:
    lines = (
        "name,start,end,uplift,sigma",
        "A,2026-06-03,2026-06-01,,",
        "B,2026-06-01,2026-06-01,-1,",
        "C,2026-06-01,2026-06-01,,0.3",
        "D,mañana,2026-06-01,,",
        ",2026-06-01,2026-06-01,,",
        "E,2026-01-01,2026-12-31,,",
        "F,2026-06-01,2026-06-01,,",
    )
    read = read_events(_file(tmp_path, *lines))
    assert [event.name for event in read.events] == ["F"]
    assert [(fault.row, fault.field) for fault in read.faults] == [
        (2, "end"),
        (3, "uplift"),
        (4, "sigma"),
        (5, "start"),
        (6, "name"),
        (7, "end"),
    ]


def test_an_empty_list_of_events_is_one_and_a_list_without_dates_is_none(tmp_path: Path) -> None:
    assert read_events(_file(tmp_path, "name,start,end,uplift,sigma")).events == ()
    with pytest.raises(EventsFileError, match="start"):
        read_events(_file(tmp_path, "name,end", "A,2026-01-01"))
