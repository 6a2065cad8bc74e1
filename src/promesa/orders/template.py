"""The sheet to begin with: our own layout's columns, two orders as examples, what each takes.

The columns are those of the layout itself, so that what is handed out is what is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from promesa.orders.headers import Column
from promesa.orders.layouts import OURS

SUNDAY = 6


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """One column as a person fills it in.

    Attributes:
        header: Its title, one that the layout reads as this column.
        accepts: What may stand in it.
        examples: What the two orders of the example have there.
    """

    header: str
    accepts: str
    examples: tuple[str, str] = ("", "")


# The day stands in for the next day of work; the rest is as it is handed out.
_DAY = "{day}"
_TOLD: dict[Column, TemplateColumn] = {
    Column.REFERENCE: TemplateColumn(
        "Número pedido",
        "Obligatorio. Tu número de documento, uno por pedido. Varias filas con el mismo número "
        "son los productos de un solo pedido.",
        ("EJEMPLO-1", "EJEMPLO-2"),
    ),
    Column.RECIPIENT_NAME: TemplateColumn(
        "Nombre destinatario", "Quién recibe.", ("Ana Pérez", "Luis Soto")
    ),
    Column.PHONE: TemplateColumn(
        "Celular", "9 dígitos, con o sin +56.", ("987654321", "987651234")
    ),
    Column.EMAIL: TemplateColumn("Email", "Un correo, para los avisos.", ("ana@ejemplo.cl", "")),
    Column.RUT: TemplateColumn("RUT", "Con o sin puntos; se revisa el dígito verificador."),
    Column.ADDRESS: TemplateColumn(
        "Dirección entrega",
        "Obligatoria, salvo que vengan Lon y Lat. Calle y número.",
        ("Av. Providencia 1234", "Av. Irarrázaval 3400"),
    ),
    Column.UNIT: TemplateColumn("Depto", "Departamento, casa u oficina.", ("Depto 52", "")),
    Column.COMUNA: TemplateColumn(
        "Comuna", "Sin ella es más difícil encontrar la calle.", ("Providencia", "Ñuñoa")
    ),
    Column.LON: TemplateColumn("Lon", "Longitud, cercana a -70. Déjala vacía si no la tienes."),
    Column.LAT: TemplateColumn("Lat", "Latitud, de -17 a -57. Déjala vacía si no la tienes."),
    Column.DATE: TemplateColumn(
        "Fecha",
        "dd/mm/aaaa, el día primero. Vacía: el día que elijas al importar.",
        (_DAY, _DAY),
    ),
    Column.WINDOW_START: TemplateColumn(
        "Hora desde", "hh:mm. Las dos horas vacías: todo el día.", ("10:00", "")
    ),
    Column.WINDOW_END: TemplateColumn("Hora hasta", "hh:mm.", ("14:00", "")),
    Column.WINDOW_2_START: TemplateColumn("Ventana inicio 2", "hh:mm, si hay una segunda ventana."),
    Column.WINDOW_2_END: TemplateColumn("Ventana fin 2", "hh:mm."),
    Column.ITEM: TemplateColumn("Producto", "Qué es.", ("Zapatillas", "Silla de comedor")),
    Column.QUANTITY: TemplateColumn("Unidades", "Número entero; vacío es 1.", ("1", "2")),
    Column.PARCELS: TemplateColumn("Bultos", "Número entero; vacío es 1.", ("1", "2")),
    Column.WEIGHT_G: TemplateColumn(
        "Peso gramos", "Del pedido entero, en gramos.", ("1200", "9000")
    ),
    Column.VOLUME_ML: TemplateColumn(
        "Volumen ml", "Del pedido entero, en mililitros (1 litro son 1000).", ("9000", "120000")
    ),
    Column.SERVICE_TIME_S: TemplateColumn(
        "Tiempo servicio segundos", "Cuánto toma en la puerta; vacío: lo de costumbre."
    ),
    Column.SKILLS: TemplateColumn(
        "Requisitos", "Lo que el vehículo debe tener, con comas. Por ejemplo: frio."
    ),
    Column.BOND: TemplateColumn(
        "Van juntos", "La misma palabra en los pedidos que van en un mismo furgón."
    ),
    Column.BOND_RANK: TemplateColumn(
        "Orden van juntos", "1, 2, 3… si entre ellos hay un orden; si no, vacío."
    ),
    Column.LEAVE_OUT_PRICE: TemplateColumn(
        "Costo dejar fuera", "Pesos que cuesta no atenderlo ese día; casi siempre vacío."
    ),
    Column.ONLY_VEHICLE: TemplateColumn(
        "Solo vehículo", "Código del único vehículo que puede llevarlo."
    ),
    Column.NEVER_VEHICLES: TemplateColumn(
        "Vehículos excluidos", "Códigos de los que no pueden, con comas."
    ),
    Column.COD_CLP: TemplateColumn(
        "Contra entrega", "Pesos por cobrar en la puerta; vacío: nada.", ("", "12990")
    ),
    Column.INSTRUCTIONS: TemplateColumn(
        "Instrucciones", "Lo que el conductor debe saber.", ("Dejar en conserjería", "")
    ),
    Column.PRODUCT_CLASS: TemplateColumn(
        "Clase", "Qué tipo de producto es, para pronosticar cada uno aparte; casi siempre vacía."
    ),
}


def template_columns() -> list[TemplateColumn]:
    """What our layout reads, in its order; a column of it that nobody told of is an error."""
    return [_TOLD[column] for column in dict.fromkeys(OURS.own.values())]


def example_rows(today: date) -> list[tuple[str, ...]]:
    """Two orders for the next day of work, one cell a column."""
    day = _next_day_of_work(today)
    return [
        tuple(column.examples[place].format(day=f"{day:%d/%m/%Y}") for column in template_columns())
        for place in (0, 1)
    ]


def _next_day_of_work(today: date) -> date:
    day = today + timedelta(days=1)
    return day + timedelta(days=1) if day.weekday() == SUNDAY else day
