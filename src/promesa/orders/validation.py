"""What must hold for a draft to become an order; every fault is found, none is raised.

Looks at the draft alone: what depends on other orders or on the merchant is intake's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from promesa.domain.order import RouteTerms
from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import Position
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.orders.desk import DeliveryDays, Desk
from promesa.orders.drafts import OrderDraft, RecipientDraft
from promesa.orders.identity import (
    IdentityError,
    canonical_email,
    canonical_phone,
    canonical_rut,
    is_nothing,
)
from promesa.orders.text import tidy

# What fits on a label and on a phone's screen; longer is a pasted paragraph.
CHARS_MAX = {
    "reference": 64,
    "recipient.name": 120,
    "address": 200,
    "unit": 60,
    "comuna": 60,
    "instructions": 500,
    "product_class": 60,
}
PARCELS_MAX = 200
ITEMS_MAX = 200
WINDOWS_MAX = 4
SKILLS_MAX = 10
# A word on a label; nobody counts further than a van has stops.
TERM_CHARS_MAX = 40
BOND_RANK_MAX = 200
NEVER_VEHICLES_MAX = 50
LEGS_MAX = 6
TAGS_MAX = 30
NULL = "\x00"
TAG_NAME_CHARS_MAX = 60
TAG_CHARS_MAX = 200
ITEM_CHARS_MAX = 200
BARCODE_CHARS_MAX = 80
# A van carries less; more is a unit mistaken.
WEIGHT_G_MAX = 5_000_000
VOLUME_ML_MAX = 50_000_000
SERVICE_TIME_S_MAX = 4 * 3600
COD_CLP_MAX = 20_000_000
YEAR_MIN, YEAR_MAX = 2015, 2050
# Chile from the Diego Ramírez islands to Visviri, Rapa Nui included.
LON_MIN, LON_MAX = -110.0, -66.0
LAT_MIN, LAT_MAX = -57.0, -17.0


def checked(draft: OrderDraft, zone: str = SANTIAGO) -> tuple[OrderDraft, tuple[FieldFault, ...]]:
    """The draft with its texts tidied and its identities canonical, and all that is wrong."""
    tidied = _tidied(draft)
    recipient, faults = _with_canonical_identity(tidied.recipient)
    clean = replace(tidied, recipient=recipient)
    found = [
        *faults,
        *_text_faults(clean),
        *_character_faults(clean),
        *_amount_faults(clean),
        *_time_faults(clean, zone),
    ]
    return clean, tuple(replace(fault, row=draft.row) for fault in found)


def past_fault(day: date, today: date, *, row: int | None = None) -> FieldFault | None:
    """Why nothing can be promised for ``day`` any more; None when something can."""
    if day >= today:
        return None
    reason = "Ese día ya pasó. Elige hoy u otro día más adelante."
    return FieldFault(field="date", row=row, reason=reason, code="past")


def closed_fault(day: date, days: DeliveryDays, *, row: int | None = None) -> FieldFault | None:
    """Why a merchant's order cannot be for ``day``; None on a day with deliveries."""
    if days.is_open(day):
        return None
    reason = f"El {day:%d-%m-%Y} no se reparte. Elige otro día, o cotiza los que se ofrecen."
    return FieldFault(field="date", row=row, reason=reason, code="closed")


def over_fault(
    windows: Sequence[TimeWindow], workday: TimeWindow, now: datetime, *, row: int | None = None
) -> FieldFault | None:
    """Why nothing can be kept any more of what is asked for; None as long as something can."""
    if max((window.end for window in windows), default=workday.end) > now:
        return None
    field, what = ("windows", "Ese horario") if windows else ("date", "El reparto de ese día")
    reason = f"{what} ya terminó. Elige uno que venga, o cotiza los que se ofrecen."
    return FieldFault(field=field, row=row, reason=reason, code="over")


def day_fault(
    day: date, windows: Sequence[TimeWindow], desk: Desk, *, row: int | None = None
) -> FieldFault | None:
    """Why an order cannot be for a day and its hours; a merchant's own keep to days of delivery."""
    past = past_fault(day, desk.today(), row=row)
    if past is not None or desk.days is None:
        return past
    over = over_fault(windows, desk.policy.workday(day), desk.clock.now(), row=row)
    return closed_fault(day, desk.days, row=row) or over


def position_fault(lon: float, lat: float) -> str | None:
    """Why a position cannot be a door in Chile; None when it can."""
    if _is_in_chile(lon, lat):
        return None
    if _is_in_chile(lat, lon):
        return (
            "La longitud y la latitud están cambiadas: en Chile la longitud es cercana a -70 "
            "y la latitud va de -17 a -57. Intercámbialas."
        )
    return (
        "La posición queda fuera de Chile. Revisa signos y decimales (ejemplo: longitud -70.65, "
        "latitud -33.44) o déjala vacía y usamos la dirección."
    )


def _is_in_chile(lon: float, lat: float) -> bool:
    return LON_MIN <= lon <= LON_MAX and LAT_MIN <= lat <= LAT_MAX


def _tidied(draft: OrderDraft) -> OrderDraft:
    """Every text in one line; an empty one becomes None."""
    recipient = draft.recipient
    return replace(
        draft,
        reference=tidy(draft.reference),
        address=_or_none(draft.address),
        unit=_or_none(draft.unit),
        comuna=_or_none(draft.comuna),
        instructions=_or_none(draft.instructions),
        product_class=(_or_none(draft.product_class) or "").lower() or None,
        recipient=replace(recipient, name=_or_none(recipient.name)),
    )


def _or_none(text: str | None) -> str | None:
    return tidy(text) or None if text else None


def _with_canonical_identity(
    recipient: RecipientDraft,
) -> tuple[RecipientDraft, list[FieldFault]]:
    """RUT, phone and e-mail made canonical; what cannot be one is a fault and becomes None."""
    faults: list[FieldFault] = []

    def canonical(field: str, text: str | None, make: Callable[[str], str]) -> str | None:
        if text is None or is_nothing(text):
            return None
        try:
            return make(text)
        except IdentityError as error:
            path = f"recipient.{field}"
            faults.append(FieldFault(field=path, reason=error.sentence, code=f"{field}_invalid"))
            return None

    return replace(
        recipient,
        rut=canonical("rut", recipient.rut, canonical_rut),
        phone=canonical("phone", recipient.phone, canonical_phone),
        email=canonical("email", recipient.email, canonical_email),
    ), faults


def _text_faults(draft: OrderDraft) -> Iterator[FieldFault]:
    if not draft.reference:
        yield FieldFault(
            field="reference", code="missing", reason="Falta el número de documento. Escríbelo."
        )
    if not draft.address and draft.position is None:
        yield FieldFault(
            field="address",
            code="missing",
            reason="Falta la dirección. Escribe calle y número, o la latitud y la longitud.",
        )
    texts = {
        "reference": draft.reference,
        "recipient.name": draft.recipient.name,
        "address": draft.address,
        "unit": draft.unit,
        "comuna": draft.comuna,
        "instructions": draft.instructions,
        "product_class": draft.product_class,
    }
    for field, text in texts.items():
        if text and len(text) > CHARS_MAX[field]:
            yield _too_many(field, CHARS_MAX[field], "letras")
    for place, item in enumerate(draft.items):
        if len(item.name) > ITEM_CHARS_MAX:
            yield _too_many(f"items[{place}].name", ITEM_CHARS_MAX, "letras")
    yield from _tag_faults(draft)


def _tag_faults(draft: OrderDraft) -> Iterator[FieldFault]:
    if len(draft.tags) > TAGS_MAX:
        yield _too_many("tags", TAGS_MAX, "columnas extra")
    for name, value in draft.tags.items():
        if len(name) > TAG_NAME_CHARS_MAX:
            yield _too_many("tags", TAG_NAME_CHARS_MAX, "letras en el nombre")
        elif len(value) > TAG_CHARS_MAX:
            yield _too_many(f"tags.{name}", TAG_CHARS_MAX, "letras")


def _character_faults(draft: OrderDraft) -> Iterator[FieldFault]:
    """The null character, which no column takes; texts of one line lost theirs when tidied."""
    kept: list[tuple[str, str | None]] = [
        *((f"parcels[{n}].barcode", parcel.barcode) for n, parcel in enumerate(draft.parcels)),
        *((f"items[{n}].name", item.name) for n, item in enumerate(draft.items)),
        *((f"items[{n}].code", item.code) for n, item in enumerate(draft.items)),
        *((f"legs[{n}].carrier_name", leg.carrier_name) for n, leg in enumerate(draft.legs)),
        *(("skills", skill) for skill in sorted(draft.skills)),
        ("terms.bond", draft.terms.bond),
        ("terms.only_vehicle", draft.terms.only_vehicle),
        *(("terms.never_vehicles", code) for code in sorted(draft.terms.never_vehicles)),
        *(("tags", name) for name in draft.tags),
        *((f"tags.{name}", value) for name, value in draft.tags.items()),
    ]
    for field, text in kept:
        if text and NULL in text:
            yield FieldFault(
                field=field.replace(NULL, ""),
                code="character_invalid",
                reason="Hay un carácter que no se puede guardar. Vuelve a escribir el texto.",
            )


def _amount_faults(draft: OrderDraft) -> Iterator[FieldFault]:
    counts = (
        ("parcels", draft.parcels, PARCELS_MAX, "bultos"),
        ("items", draft.items, ITEMS_MAX, "ítems"),
        ("windows", draft.windows, WINDOWS_MAX, "ventanas"),
        ("skills", draft.skills, SKILLS_MAX, "requisitos"),
        ("legs", draft.legs, LEGS_MAX, "tramos"),
    )
    for field, values, limit, noun in counts:
        if len(values) > limit:
            yield _too_many(field, limit, noun)
    yield from _parcel_faults(draft)
    for place, item in enumerate(draft.items):
        if item.quantity < 1:
            yield FieldFault(
                field=f"items[{place}].quantity", reason="La cantidad debe ser 1 o más."
            )
    if draft.service_time_s is not None and not 0 <= draft.service_time_s <= SERVICE_TIME_S_MAX:
        yield FieldFault(
            field="service_time_s", reason="El tiempo de atención va de 0 a 4 horas. Corrígelo."
        )
    if draft.cod_clp is not None and not 0 <= draft.cod_clp <= COD_CLP_MAX:
        yield FieldFault(
            field="cod_clp", reason="El cobro va de 0 a $20.000.000, sin decimales. Corrígelo."
        )
    yield from _terms_faults(draft.terms)
    if draft.position and (reason := position_fault(draft.position.lon, draft.position.lat)):
        yield FieldFault(field="position", reason=reason, code="outside_chile")


def _terms_faults(terms: RouteTerms) -> Iterator[FieldFault]:
    if terms.bond is not None and len(terms.bond) > TERM_CHARS_MAX:
        yield _too_many("terms.bond", TERM_CHARS_MAX, "letras")
    if terms.bond_rank is not None and not 1 <= terms.bond_rank <= BOND_RANK_MAX:
        reason = f"El orden dentro del grupo va de 1 a {BOND_RANK_MAX}. Corrígelo."
        yield FieldFault(field="terms.bond_rank", reason=reason)
    if terms.bond_rank is not None and terms.bond is None:
        reason = "Falta con qué pedidos va: escribe la misma palabra en todos."
        yield FieldFault(field="terms.bond", code="missing", reason=reason)
    price_clp = terms.leave_out_price_clp
    if price_clp is not None and not 0 <= price_clp <= COD_CLP_MAX:
        reason = "El costo de dejarlo fuera va de 0 a $20.000.000, sin decimales. Corrígelo."
        yield FieldFault(field="terms.leave_out_price_clp", reason=reason)
    if len(terms.never_vehicles) > NEVER_VEHICLES_MAX:
        yield _too_many("terms.never_vehicles", NEVER_VEHICLES_MAX, "vehículos")
    if terms.only_vehicle is not None and terms.only_vehicle in terms.never_vehicles:
        reason = (
            f"El vehículo {terms.only_vehicle} es el único y está excluido. Deja uno de los dos."
        )
        yield FieldFault(field="terms.never_vehicles", reason=reason)


def _parcel_faults(draft: OrderDraft) -> Iterator[FieldFault]:
    barcodes = [parcel.barcode for parcel in draft.parcels]
    for place, parcel in enumerate(draft.parcels):
        if parcel.barcode is not None and parcel.barcode in barcodes[:place]:
            yield FieldFault(
                field=f"parcels[{place}].barcode",
                reason="Dos bultos llevan el mismo código. Cámbialo.",
            )
    for place, parcel in enumerate(draft.parcels):
        if parcel.barcode is not None and not 0 < len(parcel.barcode.strip()) <= BARCODE_CHARS_MAX:
            yield FieldFault(
                field=f"parcels[{place}].barcode",
                reason="El código de un bulto va de 1 a 80 letras.",
            )
        if not 0 <= (parcel.weight_g or 0) <= WEIGHT_G_MAX:
            yield FieldFault(
                field=f"parcels[{place}].weight_g",
                reason="El peso de un bulto va de 0 a 5.000 kg. Revisa la unidad.",
            )
        if not 0 <= (parcel.volume_ml or 0) <= VOLUME_ML_MAX:
            yield FieldFault(
                field=f"parcels[{place}].volume_ml",
                reason="El volumen de un bulto va de 0 a 50 m³. Revisa la unidad.",
            )


def _time_faults(draft: OrderDraft, zone: str) -> Iterator[FieldFault]:
    day = draft.date
    if day is None:
        return
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        yield FieldFault(
            field="date",
            code="out_of_range",
            reason=f"El año {day.year} no parece correcto. Escribe la fecha como dd/mm/aaaa.",
        )
        return
    for window in draft.windows:
        if not all(YEAR_MIN <= end.year <= YEAR_MAX for end in (window.start, window.end)):
            yield FieldFault(
                field="windows",
                code="out_of_range",
                reason="El año de la ventana no parece correcto. Corrígelo.",
            )
        elif (
            not ServiceDay.of(window.start, zone).date
            <= day
            <= ServiceDay.of(window.end, zone).date
        ):
            yield FieldFault(
                field="windows",
                reason="La ventana no cae en la fecha del pedido. Corrige una de las dos.",
            )


def _too_many(field: str, limit: int, noun: str) -> FieldFault:
    return FieldFault(
        field=field, code="too_long", reason=f"Admite hasta {limit} {noun}. Acórtalo o sepáralo."
    )


def known_position(lon: float, lat: float) -> Position | None:
    """A position, unless it is 0,0, which senders' systems write when they know none."""
    return None if lon == 0 and lat == 0 else Position(lon=lon, lat=lat)
