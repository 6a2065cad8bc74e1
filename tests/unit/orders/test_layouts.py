"""Which of the four layouts a header row is, and what each header holds."""

from __future__ import annotations

import pytest

from promesa.orders.headers import Column, header_key, names_a_person
from promesa.orders.layouts import (
    BEETRACK_LASTMILE,
    BEETRACK_PLANNERPRO,
    OURS,
    SIMPLIROUTE,
    find_layout,
    require_columns,
)
from promesa.orders.sheets import SheetError

LASTMILE = (
    "NÚMERO GUÍA *,VEHÍCULO *,NOMBRE ITEM *,CANTIDAD,CODIGO ITEM,IDENTIFICADOR CONTACTO *,"
    "NOMBRE CONTACTO,TELÉFONO,EMAIL CONTACTO,DIRECCIÓN *,LATITUD,LONGITUD,FECHA MIN ENTREGA,"
    "FECHA MAX ENTREGA,CT DESTINO,DEPARTAMENTO,COMUNA,CIUDAD,REGIÓN DE DESPACHO,PESO,VOLUMEN,"
    "BULTOS,FACTURA,OC,RUTA,TIENDA"
)
PLANNERPRO = (
    "N° DOCUMENTO,LATITUD,LONGITUD,DIRECCION,NOMBRE ITEM,CANTIDAD,CODIGO ITEM,FECHA MIN ENTREGA,"
    "FECHA MAX ENTREGA,MIN VENTANA HORARIA 1,MAX VENTANA HORARIA 1,MIN VENTANA HORARIA 2,"
    "MAX VENTANA HORARIA 2,COSTO ITEM,CAPACIDAD UNO,CAPACIDAD DOS,SERVICE TIME,IMPORTANCIA,"
    "IDENTIFICADOR CONTACTO,NOMBRE CONTACTO,TELEFONO,EMAIL CONTACTO,CT ORIGEN,GRUPO - CLIENTE"
)
SIMPLI = (
    "title,address,latitude,longitude,load,load_2,load_3,window_start,window_end,window_start_2,"
    "window_end_2,duration,contact_name,contact_phone,contact_email,reference,notes,planned_date,"
    "skills_required,priority_level"
)
SIMPLI_SPANISH = (
    "Título,dirección,latitud,longitud,carga,carga 2,ventana inicio,ventana fin,duración,"
    "nombre contacto,teléfono,email contacto,código,notas,fecha,habilidades requeridas"
)
PROMESA = (
    "reference,recipient_name,phone,email,rut,address,unit,comuna,lon,lat,date,window_start,"
    "window_end,window_2_start,window_2_end,item,quantity,parcels,weight_g,volume_ml,"
    "service_time_s,skills,cod_clp,instructions"
)


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (LASTMILE, "beetrack_lastmile"),
        (PLANNERPRO, "beetrack_plannerpro"),
        (SIMPLI, "simpliroute"),
        (PROMESA, "promesa"),
        (LASTMILE.replace(" *", "").lower(), "beetrack_lastmile"),
        ("Numero de Guia,Direccion,Telefono", "beetrack_lastmile"),
        ("reference,address", "promesa"),
        ("título,dirección,carga 2,ventana inicio", "simpliroute"),
        (SIMPLI_SPANISH, "simpliroute"),
        ("Pedido,Dirección,Comuna,Peso", "beetrack_lastmile"),
    ],
)
def test_each_layout_is_known_by_its_headers(headers: str, name: str) -> None:
    layout = find_layout(headers.split(","))
    assert layout is not None
    assert layout.name == name


def test_a_layout_that_reads_a_document_and_a_place_goes_before_one_that_looks_alike() -> None:
    headers = SIMPLI_SPANISH.split(",")
    layout = find_layout(headers)
    assert layout is SIMPLIROUTE
    require_columns(layout, headers)
    assert [header for header in headers if layout.column_of(header) is None] == []
    assert layout.column_of("habilidades requeridas") is Column.SKILLS


def test_every_official_header_is_known_to_its_layout() -> None:
    for layout, headers in (
        (BEETRACK_LASTMILE, LASTMILE),
        (BEETRACK_PLANNERPRO, PLANNERPRO.removesuffix(",GRUPO - CLIENTE")),
        (SIMPLIROUTE, SIMPLI),
        (OURS, PROMESA),
    ):
        unknown = [header for header in headers.split(",") if layout.column_of(header) is None]
        assert unknown == []


@pytest.mark.parametrize(
    "header",
    ["N° Documento", "Nº DOCUMENTO *", "n°documento", "Nro. Documento", "Número de documento"],
)
def test_number_is_written_in_many_ways(header: str) -> None:
    assert header_key(header) == "numero documento"
    assert BEETRACK_PLANNERPRO.column_of(header) is Column.REFERENCE


@pytest.mark.parametrize("headers", ["", "hola,chao", "Nombre,Edad", "Lunes 23 de noviembre"])
def test_a_row_that_tells_no_order_is_no_header(headers: str) -> None:
    assert find_layout(headers.split(",")) is None


def test_a_missing_column_is_named() -> None:
    with pytest.raises(SheetError, match="DIRECCIÓN"):
        require_columns(BEETRACK_LASTMILE, ["NÚMERO GUÍA", "TELÉFONO"])
    with pytest.raises(SheetError, match="documento"):
        require_columns(OURS, ["address", "phone"])


@pytest.mark.parametrize("header", ["Nombre vendedor", "RUT chofer", "Teléfono 2", "e-mail jefe"])
def test_headers_that_name_a_person_are_told_from_the_rest(header: str) -> None:
    assert names_a_person(header)
    assert not names_a_person("Tienda")
