"""What a column holds, by the name people give it; case, accents and asterisks do not count."""

from __future__ import annotations

from enum import StrEnum

from promesa.orders.text import words_of

_SILENT = frozenset({"de", "del", "la", "el", "y", "e", "the", "of", "en"})


class Column(StrEnum):
    """What an order's row can tell us; a column that is none of these becomes a tag."""

    REFERENCE = "reference"
    ID = "id"
    TITLE = "title"
    RECIPIENT_NAME = "recipient_name"
    PHONE = "phone"
    EMAIL = "email"
    RUT = "rut"
    CONTACT_ID = "contact_id"
    ADDRESS = "address"
    UNIT = "unit"
    COMUNA = "comuna"
    LON = "lon"
    LAT = "lat"
    DATE = "date"
    DATE_MIN = "date_min"
    DATE_MAX = "date_max"
    HOURS = "hours"
    WINDOW_START = "window_start"
    WINDOW_END = "window_end"
    WINDOW_2_START = "window_2_start"
    WINDOW_2_END = "window_2_end"
    ITEM = "item"
    ITEM_CODE = "item_code"
    QUANTITY = "quantity"
    PARCELS = "parcels"
    WEIGHT = "weight"
    WEIGHT_KG = "weight_kg"
    WEIGHT_G = "weight_g"
    VOLUME = "volume"
    VOLUME_M3 = "volume_m3"
    VOLUME_L = "volume_l"
    VOLUME_ML = "volume_ml"
    SERVICE_TIME = "service_time"
    SERVICE_TIME_S = "service_time_s"
    SKILLS = "skills"
    BOND = "bond"
    BOND_RANK = "bond_rank"
    LEAVE_OUT_PRICE = "leave_out_price_clp"
    ONLY_VEHICLE = "only_vehicle"
    NEVER_VEHICLES = "never_vehicles"
    COD_CLP = "cod_clp"
    INSTRUCTIONS = "instructions"
    PRODUCT_CLASS = "product_class"
    TAG = "tag"  # Known to belong to a layout, kept as it comes.


# Said in any layout; written as people write it, compared by header_key.
SHARED_ALIASES: dict[Column, str] = {
    Column.REFERENCE: (
        "numero documento, documento, numero guia, guia, guia despacho, numero pedido, pedido, "
        "numero orden, orden, orden compra cliente, referencia, codigo pedido, order, order id, "
        "order number, tracking id, reference"
    ),
    Column.RECIPIENT_NAME: (
        "nombre contacto, contacto, nombre destinatario, destinatario, nombre cliente, cliente, "
        "nombre, nombre completo, nombre receptor, recipient, recipient name, contact name, "
        "customer name"
    ),
    Column.PHONE: (
        "telefono, telefono contacto, telefono destinatario, telefono cliente, fono, "
        "celular, cel, movil, telefono movil, whatsapp, phone, contact phone, phone number"
    ),
    Column.EMAIL: (
        "email, e-mail, mail, correo, correo electronico, email contacto, correo contacto, "
        "email cliente, contact email"
    ),
    Column.RUT: "rut, rut contacto, rut cliente, rut destinatario, run",
    Column.CONTACT_ID: "identificador contacto, id contacto, contact identifier",
    Column.ADDRESS: (
        "direccion, direccion entrega, direccion despacho, direccion destino, direccion cliente, "
        "domicilio, calle numero, address, contact address"
    ),
    Column.UNIT: (
        "departamento, depto, dpto, unidad, numero depto, numero departamento, depto casa, "
        "casa depto, departamento casa, unit, apartment"
    ),
    Column.COMUNA: "comuna, comuna destino, comuna entrega, comuna despacho, district",
    Column.LAT: "latitud, latitude, lat",
    Column.LON: "longitud, longitude, lon, lng, long",
    Column.DATE: (
        "fecha, fecha entrega, fecha despacho, fecha compromiso, fecha comprometida, "
        "fecha planificada, fecha reparto, date, planned date, delivery date"
    ),
    Column.DATE_MIN: "fecha min entrega, fecha minima entrega",
    Column.DATE_MAX: "fecha max entrega, fecha maxima entrega",
    Column.HOURS: (
        "horario, horarios, horario entrega, horario despacho, horario atencion, ventana, "
        "ventana horaria, ventana entrega, rango, rango horario, rango horas, rango entrega, "
        "franja, franja horaria, bloque, bloque horario, jornada, hora entrega, time window"
    ),
    Column.WINDOW_START: (
        "window start, ventana inicio, inicio ventana, hora inicial, hora inicio, hora desde, "
        "desde, min ventana horaria 1, min ventana horaria, ventana desde"
    ),
    Column.WINDOW_END: (
        "window end, ventana fin, fin ventana, hora final, hora fin, hora termino, hora hasta, "
        "hasta, max ventana horaria 1, max ventana horaria, ventana hasta"
    ),
    Column.WINDOW_2_START: (
        "window start 2, window 2 start, ventana inicio 2, hora inicial 2, min ventana horaria 2"
    ),
    Column.WINDOW_2_END: (
        "window end 2, window 2 end, ventana fin 2, hora final 2, max ventana horaria 2"
    ),
    Column.ITEM: "nombre item, item, producto, nombre producto, descripcion item, articulo",
    Column.ITEM_CODE: "codigo item, sku, codigo producto, codigo articulo",
    Column.QUANTITY: "cantidad, cant, unidades, quantity, qty",
    Column.PARCELS: (
        "bultos, numero bultos, cantidad bultos, total bultos, cajas, parcels, packages"
    ),
    Column.WEIGHT: "peso, weight, peso total",
    Column.WEIGHT_KG: "peso kg, peso kilos, kilos, kilogramos, kg, kgs, peso kgs, weight kg",
    Column.WEIGHT_G: "peso g, peso gr, peso gramos, gramos, weight g",
    Column.VOLUME: "volumen, volume, volumen total",
    Column.VOLUME_M3: "volumen m3, m3, volume m3, metros cubicos",
    Column.VOLUME_L: "volumen l, litros, volumen litros",
    Column.VOLUME_ML: "volumen ml, volume ml, volumen cc, volumen cm3",
    Column.SERVICE_TIME: (
        "service time, tiempo servicio, tiempo atencion, duracion, duration, tiempo parada"
    ),
    Column.SERVICE_TIME_S: "service time s, tiempo servicio s, tiempo servicio segundos",
    Column.SKILLS: ("skills, skills required, habilidades, habilidades requeridas, requisitos"),
    Column.BOND: "bond, van juntos, vinculo",
    Column.BOND_RANK: "bond rank, orden vinculo, orden van juntos",
    Column.LEAVE_OUT_PRICE: (
        "leave out price clp, leave out price, costo dejar fuera, precio dejar fuera, "
        "costo no atender"
    ),
    Column.ONLY_VEHICLE: "only vehicle, solo vehiculo, vehiculo fijo, vehiculo exclusivo",
    Column.NEVER_VEHICLES: (
        "never vehicles, vehiculos excluidos, vehiculo excluido, no en vehiculo, sin vehiculos"
    ),
    Column.COD_CLP: (
        "cod clp, cod, contra entrega, pago contra entrega, monto por cobrar, monto cobrar, cobro"
    ),
    Column.INSTRUCTIONS: (
        "instructions, instrucciones, observacion, observaciones, nota, notas, notes, comentario, "
        "comentarios, indicaciones, obs, obs entrega, observaciones entrega, detalle entrega, "
        "referencia direccion, referencias, address reference"
    ),
    Column.PRODUCT_CLASS: (
        "clase, clase producto, clase productos, tipo producto, product class, product type"
    ),
}

# Words that say a column names a person; what we do not know of a person we do not keep.
PERSON_WORDS = frozenset(
    {"nombre", "nombres", "apellido", "apellidos", "name", "cliente", "destinatario", "comprador"}
    | {"receptor", "titular", "contacto", "customer", "recipient", "rut", "run", "dni", "pasaporte"}
    | {"telefono", "telefonos", "fono", "celular", "movil", "whatsapp", "phone", "correo", "email"}
    | {"mail", "direccion", "domicilio", "calle", "address", "firma", "nacimiento", "edad"}
    | {"sexo", "genero"}
)

# Columns that say whether to bring or to fetch; what else they say is a tag.
KIND_HEADERS = frozenset(
    {"tipo", "tipo servicio", "tipo visita", "tipo pedido", "tipo orden", "tipo operacion"}
    | {"servicio", "operacion", "tipo despacho", "tipo gestion", "gestion"}
)


def header_key(header: str) -> str:
    """What two ways to write one header have in common."""
    return " ".join(word for word in words_of(header) if word not in _SILENT)


def keys_of(aliases: str) -> list[str]:
    """The keys of a list of headers parted by commas."""
    return [header_key(alias) for alias in aliases.split(",")]


def names_a_person(header: str) -> bool:
    """Whether a header speaks of who somebody is or how to reach them."""
    return bool(PERSON_WORDS & set(words_of(header)))
