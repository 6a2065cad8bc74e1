"""Whole files, as users of each layout send them: orders, and an error a row."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from promesa.kernel.timewindow import TimeWindow
from promesa.orders.desk import IntakePolicy
from promesa.orders.headers import Column
from promesa.orders.sheet_reading import SheetReading, read_orders
from promesa.orders.sheets import SheetError
from tests.meta.tree import ROOT
from tests.unit.orders.test_layouts import LASTMILE

TODAY = date(2026, 11, 23)
HEADERS = LASTMILE.replace(",", ";")


def _read(text: str, encoding: str = "utf-8") -> SheetReading:
    return read_orders(text.encode(encoding), policy=IntakePolicy(), default_day=TODAY)


def _told(reading: SheetReading) -> list[tuple[int | None, str]]:
    return [(fault.row, fault.field) for fault in reading.faults]


def _santiago(hour: int, minute: int = 0, day: int = 23) -> datetime:
    """An instant of November 2026 by the clocks of Santiago, three hours behind UTC."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour + 3, minutes=minute)


LASTMILE_ROW = (
    "1001;R1;Silla;2;S-1;11.111.111-1;Ana Muñoz;961234567;ana@correo.cl;Los Leones 220;-33,42456;"
    "-70,60123;23/11/2026 09:00;23/11/2026 13:00;;1204;Providencia;Santiago;RM;12,5;0,03;2;F-1;"
    "OC-9;;T-7"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_a_carriers_lastmile_row_is_understood_in_any_encoding(encoding: str) -> None:
    reading = _read(f"{HEADERS}\n{LASTMILE_ROW}\n", encoding)
    assert (reading.layout, reading.faults) == ("beetrack_lastmile", ())
    [draft] = reading.drafts
    assert (draft.reference, draft.unit, draft.comuna) == ("1001", "1204", "Providencia")
    assert (draft.recipient.name, draft.recipient.rut) == ("Ana Muñoz", "11111111-1")
    assert draft.windows == (TimeWindow(start=_santiago(9), end=_santiago(13)),)
    assert [parcel.weight_g for parcel in draft.parcels] == [6_250, 6_250]
    assert [parcel.volume_ml for parcel in draft.parcels] == [15_000, 15_000]
    assert draft.tags["TIENDA"] == "T-7"
    assert draft.position is not None
    assert draft.position.lat == -33.42456


def test_a_simpliroute_sheet_in_spanish_is_taken() -> None:
    headers = (
        "Título;dirección;latitud;longitud;carga;carga 2;ventana inicio;ventana fin;duración;"
        "nombre contacto;teléfono;código;notas;fecha;habilidades requeridas"
    )
    row = (
        "Casa Ana;Los Leones 220, Providencia;-33,42456;-70,60123;12,5;0,03;09:00;13:00;6;"
        "Ana Muñoz;961234567;A-77;Timbre malo;23/11/2026;frío"
    )
    reading = _read(f"{headers}\n{row}\n", "latin-1")
    assert (reading.layout, reading.faults, reading.notes) == ("simpliroute", (), ())
    [draft] = reading.drafts
    assert (draft.reference, draft.skills) == ("A-77", frozenset({"frio"}))
    assert draft.windows == (TimeWindow(start=_santiago(9), end=_santiago(13)),)


def test_hours_under_from_and_to_are_windows_and_unknown_columns_are_named() -> None:
    reading = _read(
        "Pedido;Dirección;Comuna;Desde;Hasta;Piso;Color;Vacía\n"
        "1;Los Leones 220;Providencia;09:00;13:00;4;rojo;\n"
    )
    [draft] = reading.drafts
    assert draft.windows == (TimeWindow(start=_santiago(9), end=_santiago(13)),)
    assert draft.tags == {"Piso": "4", "Color": "rojo"}
    assert reading.notes == ("2 columnas quedaron como etiquetas: Piso, Color.",)


def test_hours_in_one_column_are_windows_and_what_they_cannot_be_is_said() -> None:
    reading = _read(
        "Guía;Dirección;Horario\n"
        "1;Los Leones 220;9 a 13 hrs\n"
        "2;Los Leones 221;10:00-14:00 / 16:00-20:00\n"
        "3;Los Leones 222;todo el día\n"
        "4;Los Leones 223;en la tarde\n"
    )
    assert [draft.windows for draft in reading.drafts] == [
        (TimeWindow(start=_santiago(9), end=_santiago(13)),),
        (
            TimeWindow(start=_santiago(10), end=_santiago(14)),
            TimeWindow(start=_santiago(16), end=_santiago(20)),
        ),
        (),
    ]
    assert _told(reading) == [(5, "hours")]
    assert reading.notes == ()


def test_hours_under_from_and_to_count_before_those_of_one_column() -> None:
    reading = _read("Guía;Dirección;Horario;Desde;Hasta\n1;Los Leones 220;AM;15:00;18:00\n")
    assert reading.drafts[0].windows == (TimeWindow(start=_santiago(15), end=_santiago(18)),)


def test_a_unit_behind_a_weight_is_the_one_that_counts() -> None:
    reading = _read(
        "Guía;Dirección;Kilos\n1;Los Leones 220;0,8 kg\n2;Los Leones 221;350 gr.\n"
        "3;Los Leones 222;2\n4;Los Leones 223;2 cajas\n"
    )
    assert [draft.parcels[0].weight_g for draft in reading.drafts] == [800, 350, 2_000]
    assert _told(reading) == [(5, "weight_kg")]


def test_a_fault_of_all_parcels_of_a_row_is_told_once() -> None:
    reading = _read("Guía;Dirección;Bultos;Kilos\n1;Los Leones 220;3;99999\n")
    assert _told(reading) == [(2, "weight_g")]


def test_a_pickup_among_the_deliveries_is_refused_not_delivered() -> None:
    reading = _read(
        "Guía;Dirección;Tipo\n1;Los Leones 220;Entrega\n2;Los Leones 221;RETIRO en casa\n"
    )
    assert [draft.reference for draft in reading.drafts] == ["1"]
    assert [(fault.row, fault.code) for fault in reading.faults] == [(3, "not_a_delivery")]


def test_rows_of_one_document_are_items_of_one_order() -> None:
    table = LASTMILE_ROW.replace("Silla", "Mesa").replace("S-1", "M-1")
    reading = _read(f"{HEADERS}\n{LASTMILE_ROW}\n{table}\n")
    [draft] = reading.drafts
    assert [(item.name, item.code, item.quantity) for item in draft.items] == [
        ("Silla", "S-1", 2),
        ("Mesa", "M-1", 2),
    ]
    assert sum(parcel.weight_g or 0 for parcel in draft.parcels) == 12_500, "told once, twice read"


def test_plannerpro_adds_the_capacity_of_its_items_and_knows_two_windows() -> None:
    reading = _read(
        "N° DOCUMENTO;DIRECCION;NOMBRE ITEM;CAPACIDAD UNO;SERVICE TIME;FECHA MIN ENTREGA;"
        "MIN VENTANA HORARIA 1;MAX VENTANA HORARIA 1;MIN VENTANA HORARIA 2;MAX VENTANA HORARIA 2\n"
        "7;Los Leones 220;Silla;2;5;23-11-2026;9:00;12:00;15:00;18:00\n"
        "7;Los Leones 220;Mesa;2;5;23-11-2026;9:00;12:00;15:00;18:00\n"
    )
    [draft] = reading.drafts
    assert (reading.layout, draft.service_time_s) == ("beetrack_plannerpro", 300)
    assert [parcel.weight_g for parcel in draft.parcels] == [4_000]
    assert [window.start for window in draft.windows] == [_santiago(9), _santiago(15)]


def test_simpliroute_titles_are_names_when_a_reference_is_given() -> None:
    reading = _read(
        "title,address,latitude,longitude,load,window_start,window_end,duration,reference,"
        "planned_date\n"
        "Ana Muñoz,Los Leones 220,-33.42456,-70.60123,3.5,09:00:00,18:00:00,00:07:00,R-1,"
        "2026-11-23\n"
        "R-2,Los Leones 221,,,,00:00,23:59,,,2026-11-23\n"
    )
    first, second = reading.drafts
    assert (first.reference, first.recipient.name) == ("R-1", "Ana Muñoz")
    assert (first.service_time_s, first.parcels[0].weight_g) == (420, 3_500)
    assert (second.reference, second.recipient.name, second.windows) == ("R-2", None, ())


def test_our_own_layout_speaks_in_grams_and_seconds() -> None:
    reading = _read(
        "reference,address,unit,comuna,date,weight_g,volume_ml,service_time_s,skills,cod_clp,"
        "parcels\n"
        "A-1,Los Leones 220,Depto 4,Providencia,23/11/2026,1500,3000,240,frio|pesado,12.990,2\n"
    )
    [draft] = reading.drafts
    assert (reading.layout, draft.service_time_s, draft.cod_clp) == ("promesa", 240, 12_990)
    assert draft.skills == {"frio", "pesado"}
    assert [parcel.weight_g for parcel in draft.parcels] == [750, 750]


def test_good_rows_are_kept_and_each_bad_one_says_why() -> None:
    reading = _read(
        "reference;address;phone;date\n"
        "A-1;Los Leones 220;961234567;23/11/2026\n"
        "A-2;;961234567;23/11/2026\n"
        ";Los Leones 221;;23/11/2026\n"
        "A-4;Los Leones 222;12;32/11/2026\n"
    )
    assert [draft.reference for draft in reading.drafts] == ["A-1"]
    assert _told(reading) == [(3, "address"), (4, "reference"), (5, "date"), (5, "phone")]


def test_rows_are_numbered_as_the_file_numbers_its_lines() -> None:
    reading = _read(
        'reference;address;instructions\n"A-1";Los Leones 220;"toca\nel timbre"\n\nA-2;;\n'
    )
    assert _told(reading) == [(5, "address")]
    assert reading.drafts[0].instructions == "toca el timbre"


def test_half_an_order_is_worse_than_none() -> None:
    reading = _read(
        "reference;address;item;quantity\n"
        "A-1;Los Leones 220;Silla;1\n"
        "A-1;Los Leones 220;Mesa;muchas\n"
    )
    assert reading.drafts == ()
    assert [(fault.row, fault.code) for fault in reading.faults] == [
        (2, "same_document"),
        (3, "cell_invalid"),
    ]


def test_one_number_for_two_addresses_is_a_mistake() -> None:
    reading = _read("reference;address\nA-1;Los Leones 220\nA-1;Irarrázaval 3400\n")
    assert [(fault.row, fault.code) for fault in reading.faults] == [
        (2, "same_document"),
        (3, "contradiction"),
    ]


def test_dates_in_three_formats_are_read_or_told_apart() -> None:
    reading = _read(
        "reference;address;date\n"
        "A-1;Los Leones 220;25/11/2026\n"
        "A-2;Los Leones 220;2026-11-25\n"
        "A-3;Los Leones 220;11/25/2026\n"
        "A-4;Los Leones 220;05/11/2026\n"
    )
    assert [draft.date for draft in reading.drafts] == [date(2026, 11, 25)] * 2
    assert _told(reading) == [(4, "date"), (5, "date")], (
        "with 11/25 above, 05/11 is anybody's guess"
    )
    [told] = reading.notes
    assert told.startswith("La fila 4 trae una fecha con el mes primero")


def test_swapped_coordinates_are_told_and_zeros_are_none() -> None:
    reading = _read(
        "reference;address;lat;lon\nA-1;Los Leones 220;-70.6;-33.4\nA-2;Los Leones 220;0;0\n"
    )
    assert "cambiadas" in reading.faults[0].reason
    assert reading.drafts[0].position is None


def test_unknown_columns_become_tags_and_personal_ones_are_left_out() -> None:
    reading = _read(
        "reference;address;Canal;Nombre vendedor;Obs interna\n"
        "A-1;Los Leones 220;web;Pedro;llamar al +56 9 6123 4567\n"
    )
    assert reading.drafts[0].tags == {"Canal": "web"}
    assert len(reading.notes) == 3


def test_a_formula_is_told_and_a_kept_zero_is_text() -> None:
    reading = _read('reference;address\n="0012";Los Leones 220\n=A1;Los Leones 221\n')
    assert [draft.reference for draft in reading.drafts] == ["0012"]
    assert "fórmula" in reading.faults[0].reason


def test_faults_quote_nothing_personal() -> None:
    reading = _read(
        "reference;recipient_name;address;phone;rut;email\n"
        "A-1;Ana Muñoz;Los Leones 220;12345;12.345.678-9;ana(a)correo\n"
    )
    told = " ".join(fault.reason for fault in reading.faults) + repr(reading.rejected_rows)
    assert len(reading.faults) == 3
    assert not [word for word in ("Ana", "12345.", "12.345.678-9", "(a)", "Leones") if word in told]


def test_titles_above_the_headers_are_passed_over() -> None:
    reading = _read("Despachos del lunes;;\n;;\nreference;address;phone\nA-1;Los Leones 220;\n")
    assert reading.drafts[0].row == 4


def test_a_row_with_more_cells_than_headers_is_told() -> None:
    reading = _read("reference,address\nA-1,Los Leones 220, depto 4\n")
    assert _told(reading) == [(2, "row")]


def test_two_dates_are_a_window_of_days_and_one_is_none() -> None:
    reading = _read(
        "NÚMERO GUÍA;DIRECCIÓN;FECHA MIN ENTREGA;FECHA MAX ENTREGA\n"
        "1;Los Leones 220;23/11/2026;25/11/2026\n"
        "2;Los Leones 220;23/11/2026;23/11/2026\n"
        "3;Los Leones 220;25/11/2026;23/11/2026\n"
    )
    ranged, plain = reading.drafts
    assert ranged.windows == (TimeWindow(start=_santiago(9), end=_santiago(21, day=25)),)
    assert plain.windows == ()
    assert _told(reading) == [(4, "date_max")]


@pytest.mark.parametrize(
    "text", ["hola;chao\n1;2\n", "reference;address\n", "reference;phone\nA;1\n"]
)
def test_a_sheet_that_tells_no_orders_is_one_sentence(text: str) -> None:
    with pytest.raises(SheetError):
        _read(text)


def test_a_null_character_in_a_cell_leaves_the_other_rows_as_they_are() -> None:
    rows = "".join(f"A-{number};Los Leones {number}\n" for number in range(2, 9))
    reading = _read(f"reference;address\nA-1;Los Leones\0 220\n{rows}")
    assert len(reading.drafts) == 8
    assert reading.drafts[0].address == "Los Leones 220"


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_column_has_a_name_on_the_import_screen(language: str) -> None:
    words = json.loads((ROOT / "web" / "tower" / "i18n" / language / "orders.json").read_text())
    assert [column for column in Column if f"field.{column.value}" not in words] == []
