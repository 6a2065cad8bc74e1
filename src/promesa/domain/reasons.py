"""Why a stop failed: who answers for it, and whether another try makes sense."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    """Who answers for a failure."""

    CONSIGNEE = "consignee"
    SHIPPER = "shipper"
    CARRIER = "carrier"
    EXTERNAL = "external"
    PLATFORM = "platform"


class Retry(StrEnum):
    """Whether to try again."""

    YES = "yes"
    AFTER_FIX = "after_fix"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A failure reason of the dictionary.

    Attributes:
        karrio: The code Karrio normalises carriers' reasons to, for exchange with others.
    """

    code: str
    spanish: str
    english: str
    party: Party
    retry: Retry
    karrio: str


_C, _S, _K, _X, _P = Party.CONSIGNEE, Party.SHIPPER, Party.CARRIER, Party.EXTERNAL, Party.PLATFORM
_YES, _FIX, _NO = Retry.YES, Retry.AFTER_FIX, Retry.NO

_ROWS = (
    ("RECIPIENT_ABSENT", "Sin moradores", "Nobody home", _C, _YES, "consignee_not_home"),
    ("RECIPIENT_REFUSED", "Rechazado", "Refused", _C, _NO, "consignee_refused"),
    (
        "PURCHASE_CANCELLED",
        "Compra anulada",
        "Purchase cancelled",
        _C,
        _NO,
        "consignee_cancelled",
    ),
    (
        "DATE_CHANGE_REQUESTED",
        "Pide otra fecha",
        "Other date asked",
        _C,
        _YES,
        "consignee_not_available",
    ),
    ("EARLY_ATTEMPT", "Llegamos antes", "Came too early", _K, _YES, "carrier_sorting_error"),
    (
        "ADDRESS_WRONG",
        "Dirección errónea",
        "Wrong address",
        _S,
        _FIX,
        "consignee_incorrect_address",
    ),
    (
        "ADDRESS_INCOMPLETE",
        "Falta depto o referencia",
        "Incomplete address",
        _S,
        _FIX,
        "consignee_incorrect_address",
    ),
    (
        "ADDRESS_NOT_FOUND",
        "No encontré la dirección",
        "Address not found",
        _K,
        _FIX,
        "carrier_address_not_found",
    ),
    ("ACCESS_RESTRICTED", "Sin acceso", "No access", _C, _YES, "consignee_access_restricted"),
    (
        "UNAUTHORIZED_RECEIVER",
        "Receptor no autorizado",
        "Receiver not authorised",
        _C,
        _YES,
        "consignee_verification_failed",
    ),
    (
        "BUSINESS_CLOSED",
        "Local cerrado",
        "Business closed",
        _C,
        _YES,
        "consignee_business_closed",
    ),
    ("UNSAFE_AREA", "Zona peligrosa", "Unsafe area", _X, _YES, "security_issue"),
    ("NO_CONTACT", "No contesta", "Does not answer", _C, _YES, "consignee_not_available"),
    ("COD_NOT_PAID", "No paga", "Did not pay", _C, _YES, "consignee_not_available"),
    ("PARCEL_DAMAGED", "Bulto dañado", "Parcel damaged", _K, _NO, "carrier_damaged_parcel"),
    ("PARCEL_MISSING", "Falta el bulto", "Parcel missing", _K, _FIX, "carrier_parcel_lost"),
    ("PARCEL_LOST", "Bulto extraviado", "Parcel lost", _K, _NO, "carrier_parcel_lost"),
    ("PARCEL_STOLEN", "Robo o asalto", "Parcel stolen", _X, _NO, "security_issue"),
    ("WRONG_ITEM", "Producto equivocado", "Wrong item", _S, _NO, "retailer_incorrect_parcel"),
    ("OVERSIZED", "No cabe", "Does not fit", _S, _FIX, "retailer_incorrect_dimensions"),
    (
        "OUT_OF_TIME",
        "No alcanzó el tiempo",
        "Ran out of time",
        _K,
        _YES,
        "carrier_not_enough_time",
    ),
    ("VEHICLE_BREAKDOWN", "Panne", "Breakdown", _K, _YES, "carrier_vehicle_issue"),
    (
        "TRAFFIC",
        "Corte o congestión",
        "Traffic or road closed",
        _X,
        _YES,
        "carrier_mechanical_delay",
    ),
    ("WEATHER", "Mal tiempo", "Weather", _X, _YES, "weather_delay"),
    ("FORCE_MAJEURE", "Fuerza mayor", "Force majeure", _X, _YES, "force_majeure"),
    ("SYSTEM_ERROR", "Error de datos", "Data error", _P, _YES, "retailer_incorrect_data"),
)

REASONS: dict[str, Reason] = {
    code: Reason(
        code=code, spanish=spanish, english=english, party=party, retry=retry, karrio=karrio
    )
    for code, spanish, english, party, retry, karrio in _ROWS
}
