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


def _reason(
    code: str, spanish: str, english: str, party: Party, retry: Retry, karrio: str
) -> tuple[str, Reason]:
    return code, Reason(
        code=code, spanish=spanish, english=english, party=party, retry=retry, karrio=karrio
    )


_C, _S, _K, _X, _P = Party.CONSIGNEE, Party.SHIPPER, Party.CARRIER, Party.EXTERNAL, Party.PLATFORM
_YES, _FIX, _NO = Retry.YES, Retry.AFTER_FIX, Retry.NO

REASONS: dict[str, Reason] = dict(
    [
        _reason("RECIPIENT_ABSENT", "Sin moradores", "Nobody home", _C, _YES, "consignee_not_home"),
        _reason("RECIPIENT_REFUSED", "Rechazado", "Refused", _C, _NO, "consignee_refused"),
        _reason(
            "PURCHASE_CANCELLED",
            "Compra anulada",
            "Purchase cancelled",
            _C,
            _NO,
            "consignee_cancelled",
        ),
        _reason(
            "DATE_CHANGE_REQUESTED",
            "Pide otra fecha",
            "Other date asked",
            _C,
            _YES,
            "consignee_not_available",
        ),
        _reason(
            "EARLY_ATTEMPT", "Llegamos antes", "Came too early", _K, _YES, "carrier_sorting_error"
        ),
        _reason(
            "ADDRESS_WRONG",
            "Dirección errónea",
            "Wrong address",
            _S,
            _FIX,
            "consignee_incorrect_address",
        ),
        _reason(
            "ADDRESS_INCOMPLETE",
            "Falta depto o referencia",
            "Incomplete address",
            _S,
            _FIX,
            "consignee_incorrect_address",
        ),
        _reason(
            "ADDRESS_NOT_FOUND",
            "No encontré la dirección",
            "Address not found",
            _K,
            _FIX,
            "carrier_address_not_found",
        ),
        _reason(
            "ACCESS_RESTRICTED", "Sin acceso", "No access", _C, _YES, "consignee_access_restricted"
        ),
        _reason(
            "UNAUTHORIZED_RECEIVER",
            "Receptor no autorizado",
            "Receiver not authorised",
            _C,
            _YES,
            "consignee_verification_failed",
        ),
        _reason(
            "BUSINESS_CLOSED",
            "Local cerrado",
            "Business closed",
            _C,
            _YES,
            "consignee_business_closed",
        ),
        _reason("UNSAFE_AREA", "Zona peligrosa", "Unsafe area", _X, _YES, "security_issue"),
        _reason(
            "NO_CONTACT", "No contesta", "Does not answer", _C, _YES, "consignee_not_available"
        ),
        _reason("COD_NOT_PAID", "No paga", "Did not pay", _C, _YES, "consignee_not_available"),
        _reason(
            "PARCEL_DAMAGED", "Bulto dañado", "Parcel damaged", _K, _NO, "carrier_damaged_parcel"
        ),
        _reason(
            "PARCEL_MISSING", "Falta el bulto", "Parcel missing", _K, _FIX, "carrier_parcel_lost"
        ),
        _reason("PARCEL_LOST", "Bulto extraviado", "Parcel lost", _K, _NO, "carrier_parcel_lost"),
        _reason("PARCEL_STOLEN", "Robo o asalto", "Parcel stolen", _X, _NO, "security_issue"),
        _reason(
            "WRONG_ITEM", "Producto equivocado", "Wrong item", _S, _NO, "retailer_incorrect_parcel"
        ),
        _reason("OVERSIZED", "No cabe", "Does not fit", _S, _FIX, "retailer_incorrect_dimensions"),
        _reason(
            "OUT_OF_TIME",
            "No alcanzó el tiempo",
            "Ran out of time",
            _K,
            _YES,
            "carrier_not_enough_time",
        ),
        _reason("VEHICLE_BREAKDOWN", "Panne", "Breakdown", _K, _YES, "carrier_vehicle_issue"),
        _reason(
            "TRAFFIC",
            "Corte o congestión",
            "Traffic or road closed",
            _X,
            _YES,
            "carrier_mechanical_delay",
        ),
        _reason("WEATHER", "Mal tiempo", "Weather", _X, _YES, "weather_delay"),
        _reason("FORCE_MAJEURE", "Fuerza mayor", "Force majeure", _X, _YES, "force_majeure"),
        _reason(
            "SYSTEM_ERROR", "Error de datos", "Data error", _P, _YES, "retailer_incorrect_data"
        ),
    ]
)
