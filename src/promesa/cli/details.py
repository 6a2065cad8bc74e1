"""The details of a failure as people read them: named in Spanish, the decoder's words as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from promesa.api.reasons import found_in_spanish
from promesa.kernel.errors import FieldFault

# Details keep one English name each in the code and in the API.
_NAMES = {
    "answer": "respuesta",
    "cause": "causa",
    "code": "código",
    "codes": "códigos",
    "command": "comando",
    "date": "fecha",
    "field": "campo",
    "fields": "campos",
    "file": "archivo",
    "files": "archivos",
    "key": "clave",
    "limit": "límite",
    "missing": "falta",
    "noun": "qué",
    "number": "número",
    "orphans": "sin dueño",
    "path": "dirección",
    "port": "puerto",
    "reason": "motivo",
    "reference": "documento",
    "row": "fila",
    "state": "estado",
    "status": "respuesta",
    "stop": "parada",
    "vans": "camionetas",
    "vehicle": "vehículo",
    "version": "versión",
    "where": "dónde",
}

# Fields of an order, as a sheet's columns and the reasons beside them name them.
_FIELDS = {
    "address": "dirección",
    "barcode": "código de barras",
    "bond": "van juntos",
    "bond_rank": "orden entre ellos",
    "cod_clp": "cobro contra entrega",
    "contact_id": "código del contacto",
    "date": "fecha",
    "date_max": "fecha máxima",
    "date_min": "fecha mínima",
    "email": "correo",
    "file": "archivo",
    "hours": "horario",
    "instructions": "instrucciones",
    "item": "producto",
    "item_code": "código del producto",
    "lat": "latitud",
    "leave_out_price_clp": "costo de dejarlo fuera",
    "lon": "longitud",
    "merchant_id": "comercio",
    "never_vehicles": "nunca en los vehículos",
    "only_vehicle": "sólo en el vehículo",
    "parcels": "bultos",
    "phone": "teléfono",
    "position": "posición",
    "quantity": "cantidad",
    "recipient_name": "nombre",
    "reference": "número de pedido",
    "rut": "RUT",
    "service_time": "tiempo en la puerta",
    "service_time_s": "tiempo en la puerta",
    "skills": "requisitos",
    "tag": "columna extra",
    "title": "título",
    "unit": "depto",
    "volume": "volumen",
    "volume_l": "volumen",
    "volume_m3": "volumen",
    "volume_ml": "volumen",
    "weight": "peso",
    "weight_g": "peso",
    "weight_kg": "peso",
    "window_2_end": "hasta, segunda ventana",
    "window_2_start": "desde, segunda ventana",
    "window_end": "hasta",
    "window_start": "desde",
    "windows": "ventana",
}


def detail_lines(details: Mapping[str, object]) -> Iterator[str]:
    """One line a detail, and one a fault where there are several."""
    for name, value in details.items():
        if isinstance(value, (list, tuple)) and all(isinstance(item, FieldFault) for item in value):
            yield from (fault_line(fault) for fault in value)
        else:
            yield f"{_NAMES.get(name, name)}: {found_in_spanish(str(value))}"


def fault_line(fault: FieldFault) -> str:
    """As ``fila 7, lon: Debe ser número``, with the field's own name: files of ours have it so."""
    return _line_of(fault, fault.field)


def order_fault_line(fault: FieldFault) -> str:
    """As ``fila 7, dirección: Falta la dirección``: a sheet's column has any of many names."""
    return _line_of(fault, _FIELDS.get(fault.field, fault.field))


def _line_of(fault: FieldFault, field: str) -> str:
    row = "" if fault.row is None else f"fila {fault.row}, "
    return f"{row}{field}: {found_in_spanish(fault.reason)}"
