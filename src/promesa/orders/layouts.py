"""The four layouts of sheets that users already own, and which of them a header row is.

Units are each layout's convention, since none of their headers says one: Beetrack and SimpliRoute
in kilograms, cubic metres and minutes; ours in grams, millilitres and seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum

from promesa.kernel.units import MINUTE_S
from promesa.orders.headers import SHARED_ALIASES, Column, header_key, keys_of
from promesa.orders.sheets import SheetError

KILOGRAM_G = 1_000
CUBIC_METRE_ML = 1_000_000
LITRE_ML = 1_000
# What a header of a layout's own list weighs beside one that all share.
_OWN_WEIGHT = 3


class LoadScope(StrEnum):
    """Whose weight a row tells: its item's, or the whole document's again on each row."""

    ITEM = "item"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way to lay a sheet out.

    Attributes:
        own: Its official headers and what each holds.
        extra: What its users also write.
        weight_unit_g: Grams of one unit of its weight column.
        volume_unit_ml: Millilitres of one unit of its volume column.
        service_unit_s: Seconds of one unit of its service-time column.
    """

    name: str
    title: str
    own: Mapping[str, Column]
    extra: Mapping[str, Column] = field(default_factory=dict)
    weight_unit_g: int = KILOGRAM_G
    volume_unit_ml: int = CUBIC_METRE_ML
    service_unit_s: int = MINUTE_S
    load_scope: LoadScope = LoadScope.DOCUMENT

    def column_of(self, header: str) -> Column | None:
        """What a header holds in this layout; None when it is unknown."""
        key = header_key(header)
        return self.own.get(key) or self.extra.get(key) or _SHARED.get(key)

    def is_told_by(self, headers: Sequence[str]) -> bool:
        """Whether a document number and a place can be read below these headers."""
        columns = {self.column_of(header) for header in headers}
        return _names_document(columns) and _names_place(columns)

    def score(self, headers: Sequence[str]) -> tuple[bool, int, int]:
        """How well the layout reads a header row: enough of it, how much, in how many own words."""
        keys = {header_key(header) for header in headers if header}
        known = sum(self.column_of(key) is not None for key in keys)
        listed = _OWN_WEIGHT * len(keys & self.own.keys()) + len(keys & self.extra.keys())
        return self.is_told_by(headers), known, listed


def _table(*rows: tuple[str, Column]) -> dict[str, Column]:
    return {key: column for aliases, column in rows for key in keys_of(aliases)}


_SHARED = _table(*((aliases, column) for column, aliases in SHARED_ALIASES.items()))

OURS = Layout(
    name="promesa",
    title="Promesa",
    own=_table(
        ("reference", Column.REFERENCE),
        ("recipient_name", Column.RECIPIENT_NAME),
        ("phone", Column.PHONE),
        ("email", Column.EMAIL),
        ("rut", Column.RUT),
        ("address", Column.ADDRESS),
        ("unit", Column.UNIT),
        ("comuna", Column.COMUNA),
        ("lon", Column.LON),
        ("lat", Column.LAT),
        ("date", Column.DATE),
        ("window_start", Column.WINDOW_START),
        ("window_end", Column.WINDOW_END),
        ("window_2_start", Column.WINDOW_2_START),
        ("window_2_end", Column.WINDOW_2_END),
        ("item", Column.ITEM),
        ("quantity", Column.QUANTITY),
        ("parcels", Column.PARCELS),
        ("weight_g", Column.WEIGHT_G),
        ("volume_ml", Column.VOLUME_ML),
        ("service_time_s", Column.SERVICE_TIME_S),
        ("skills", Column.SKILLS),
        ("bond", Column.BOND),
        ("bond_rank", Column.BOND_RANK),
        ("leave_out_price_clp", Column.LEAVE_OUT_PRICE),
        ("only_vehicle", Column.ONLY_VEHICLE),
        ("never_vehicles", Column.NEVER_VEHICLES),
        ("cod_clp", Column.COD_CLP),
        ("instructions", Column.INSTRUCTIONS),
        ("product_class", Column.PRODUCT_CLASS),
    ),
    weight_unit_g=1,
    volume_unit_ml=1,
    service_unit_s=1,
)

BEETRACK_LASTMILE = Layout(
    name="beetrack_lastmile",
    title="Beetrack LastMile",
    own=_table(
        ("NÚMERO GUÍA", Column.REFERENCE),
        ("VEHÍCULO", Column.TAG),
        ("NOMBRE ITEM", Column.ITEM),
        ("CANTIDAD", Column.QUANTITY),
        ("CODIGO ITEM", Column.ITEM_CODE),
        ("IDENTIFICADOR CONTACTO", Column.CONTACT_ID),
        ("NOMBRE CONTACTO", Column.RECIPIENT_NAME),
        ("TELÉFONO", Column.PHONE),
        ("EMAIL CONTACTO", Column.EMAIL),
        ("DIRECCIÓN", Column.ADDRESS),
        ("LATITUD", Column.LAT),
        ("LONGITUD", Column.LON),
        ("FECHA MIN ENTREGA", Column.DATE_MIN),
        ("FECHA MAX ENTREGA", Column.DATE_MAX),
        ("CT DESTINO", Column.TAG),
    ),
    extra=_table(
        ("CIUDAD, REGIÓN DE DESPACHO, REGION, FACTURA, OC, RUTA, TIENDA", Column.TAG),
        ("DEPARTAMENTO", Column.UNIT),
        ("COMUNA", Column.COMUNA),
        ("PESO", Column.WEIGHT),
        ("VOLUMEN", Column.VOLUME),
        ("BULTOS", Column.PARCELS),
    ),
)

BEETRACK_PLANNERPRO = Layout(
    name="beetrack_plannerpro",
    title="Beetrack PlannerPro",
    own=_table(
        ("N° DOCUMENTO", Column.REFERENCE),
        ("LATITUD", Column.LAT),
        ("LONGITUD", Column.LON),
        ("DIRECCION", Column.ADDRESS),
        ("NOMBRE ITEM", Column.ITEM),
        ("CANTIDAD", Column.QUANTITY),
        ("CODIGO ITEM", Column.ITEM_CODE),
        ("FECHA MIN ENTREGA", Column.DATE_MIN),
        ("FECHA MAX ENTREGA", Column.DATE_MAX),
        ("MIN VENTANA HORARIA 1", Column.WINDOW_START),
        ("MAX VENTANA HORARIA 1", Column.WINDOW_END),
        ("MIN VENTANA HORARIA 2", Column.WINDOW_2_START),
        ("MAX VENTANA HORARIA 2", Column.WINDOW_2_END),
        ("COSTO ITEM", Column.TAG),
        ("CAPACIDAD UNO", Column.WEIGHT),
        ("CAPACIDAD DOS", Column.VOLUME),
        ("SERVICE TIME", Column.SERVICE_TIME),
        ("IMPORTANCIA", Column.TAG),
        ("IDENTIFICADOR CONTACTO", Column.CONTACT_ID),
        ("NOMBRE CONTACTO", Column.RECIPIENT_NAME),
        ("TELEFONO", Column.PHONE),
        ("EMAIL CONTACTO", Column.EMAIL),
        ("CT ORIGEN", Column.TAG),
    ),
    load_scope=LoadScope.ITEM,
)

SIMPLIROUTE = Layout(
    name="simpliroute",
    title="SimpliRoute",
    own=_table(
        ("id", Column.ID),
        ("title", Column.TITLE),
        ("address", Column.ADDRESS),
        ("latitude", Column.LAT),
        ("longitude", Column.LON),
        ("load", Column.WEIGHT),
        ("load_2", Column.VOLUME),
        ("load_3", Column.TAG),
        ("window_start", Column.WINDOW_START),
        ("window_end", Column.WINDOW_END),
        ("window_start_2", Column.WINDOW_2_START),
        ("window_end_2", Column.WINDOW_2_END),
        ("duration", Column.SERVICE_TIME),
        ("contact_name", Column.RECIPIENT_NAME),
        ("contact_phone", Column.PHONE),
        ("contact_email", Column.EMAIL),
        ("reference", Column.REFERENCE),
        ("notes", Column.INSTRUCTIONS),
        ("planned_date", Column.DATE),
        ("skills_required", Column.SKILLS),
        ("priority_level", Column.TAG),
    ),
    extra=_table(
        ("id/title, titulo", Column.TITLE),
        ("código, codigo visita", Column.ID),
        ("carga, carga 1", Column.WEIGHT),
        ("carga 2", Column.VOLUME),
        ("carga 3, skills_optional, prioridad", Column.TAG),
        ("ventana inicio, hora inicial", Column.WINDOW_START),
        ("ventana fin, hora final", Column.WINDOW_END),
    ),
)

# In order of preference where two fit a header row equally well.
LAYOUTS = (OURS, SIMPLIROUTE, BEETRACK_LASTMILE, BEETRACK_PLANNERPRO)


def find_layout(headers: Sequence[str]) -> Layout | None:
    """The layout that reads a row of headers best; None when it tells no order in any of them."""
    if not _is_enough({column for header in headers for column in _columns_of(header)}):
        return None
    return max(LAYOUTS, key=lambda layout: layout.score(headers))


def require_columns(layout: Layout, headers: Sequence[str]) -> None:
    """Does nothing when a document number and a place can be read.

    Raises:
        SheetError: Tells which headers are missing.
    """
    if layout.is_told_by(headers):
        return
    if not _names_document({layout.column_of(header) for header in headers}):
        raise SheetError(
            "Falta la columna del número de documento. Agrégala, por ejemplo NÚMERO GUÍA, con un "
            "número distinto para cada pedido."
        )
    raise SheetError(
        "Falta la columna de la dirección. Nómbrala DIRECCIÓN, o trae LATITUD y LONGITUD."
    )


def _names_document(columns: AbstractSet[Column | None]) -> bool:
    return bool(columns & {Column.REFERENCE, Column.ID, Column.TITLE})


def _names_place(columns: AbstractSet[Column | None]) -> bool:
    return Column.ADDRESS in columns or {Column.LAT, Column.LON} <= columns


def _columns_of(header: str) -> set[Column | None]:
    """What a header may hold in any layout."""
    return {layout.column_of(header) for layout in LAYOUTS} - {None}


def _is_enough(columns: AbstractSet[Column | None]) -> bool:
    """Whether a row of headers is one: it names a document or a place, and something else."""
    return (_names_place(columns) or _names_document(columns)) and len(columns) >= 2
