"""Why an event of a phone cannot be used. Each is kept as device.event_refused, never lost.

They are raised before anything is written, so that a refusal leaves nothing half done.
"""

from __future__ import annotations

from typing import ClassVar

from promesa.kernel.errors import ConflictError


class PhoneEventRefusedError(ConflictError):
    """An event of a phone or scanner that cannot be used."""

    code: ClassVar[str] = "event_refused"
    message: ClassVar[str] = "No se pudo usar este aviso del teléfono. Quedó guardado."


class EventUnreadableError(PhoneEventRefusedError):
    """The event lacks an id, an instant or a field of its type."""

    code: ClassVar[str] = "event_unreadable"
    message: ClassVar[str] = "El teléfono envió un aviso que no se entiende. Actualiza la página."


class NoRouteTodayError(PhoneEventRefusedError):
    """The driver has no route on that day."""

    code: ClassVar[str] = "no_route_today"
    message: ClassVar[str] = "No tienes ruta para este día. Llama a la torre."


class RouteNotYoursError(PhoneEventRefusedError):
    """The stop or route is another driver's, perhaps since a moment ago."""

    code: ClassVar[str] = "route_not_yours"
    message: ClassVar[str] = "Esta parada ya no está en tu ruta. Recarga la ruta."


class RouteNotDrivenError(PhoneEventRefusedError):
    """The route was cancelled or never published."""

    code: ClassVar[str] = "route_not_driven"
    message: ClassVar[str] = "Esta ruta fue anulada. Llama a la torre."


class VersionUnknownError(PhoneEventRefusedError):
    """The phone names a version that was never published."""

    code: ClassVar[str] = "route_version_unknown"
    message: ClassVar[str] = "Esa versión de la ruta no existe. Recarga la ruta."


class DepotUnknownError(PhoneEventRefusedError):
    """A scanner names a depot that is none of ours."""

    code: ClassVar[str] = "depot_unknown"
    message: ClassVar[str] = "Ese CD no existe. Elige el CD en el lector y vuelve a escanear."


class StopUnknownError(PhoneEventRefusedError):
    """No such stop."""

    code: ClassVar[str] = "stop_unknown"
    message: ClassVar[str] = "Esa parada no existe. Recarga la ruta."


class StopAlreadyClosedError(PhoneEventRefusedError):
    """The stop was closed by another event."""

    code: ClassVar[str] = "stop_already_closed"
    message: ClassVar[str] = "Esta parada ya estaba cerrada. Si hay un error, avisa a la torre."


class OutcomeNotAllowedError(PhoneEventRefusedError):
    """A driver closes a stop as succeeded, partial or failed, with a reason of the dictionary."""

    code: ClassVar[str] = "outcome_not_allowed"
    message: ClassVar[str] = "Elige el resultado y, si no se pudo, el motivo."


class EvidenceMissingError(PhoneEventRefusedError):
    """The proof does not suffice for this outcome."""

    code: ClassVar[str] = "evidence_missing"
    message: ClassVar[str] = "Falta una prueba de la visita. Complétala y cierra de nuevo."


class CashNoteMissingError(PhoneEventRefusedError):
    """Another amount than the due one was collected, and nobody says why."""

    code: ClassVar[str] = "cash_note_missing"
    message: ClassVar[str] = "El monto cobrado no es el debido. Escribe por qué en una nota."


class PinWrongError(PhoneEventRefusedError):
    """The code the receiver told is not the order's."""

    code: ClassVar[str] = "pin_wrong"
    message: ClassVar[str] = "El código no coincide. Pídelo de nuevo."


class BarcodeUnknownError(PhoneEventRefusedError):
    """No parcel has this barcode, or it belongs to nobody here."""

    code: ClassVar[str] = "barcode_unknown"
    message: ClassVar[str] = "No conocemos este código. Deja el bulto aparte y avisa."


class ParcelOnAnotherRouteError(PhoneEventRefusedError):
    """The parcel goes with another van."""

    code: ClassVar[str] = "parcel_on_another_route"
    message: ClassVar[str] = "Este bulto no va en tu ruta. Déjalo en el andén."


class ParcelStateError(PhoneEventRefusedError):
    """The parcel is in a state from which this scan does not lead on."""

    code: ClassVar[str] = "parcel_state"
    message: ClassVar[str] = "El estado de este bulto no permite esto. Apártalo y avisa a la torre."


class ParcelAlreadyScannedError(PhoneEventRefusedError):
    """The parcel is where this scan would put it: an earlier scan said so."""

    code: ClassVar[str] = "parcel_already_scanned"
    message: ClassVar[str] = "Este bulto ya estaba escaneado."


class ParcelsNotScannedError(PhoneEventRefusedError):
    """Due parcels are neither scanned nor declared missing."""

    code: ClassVar[str] = "parcels_not_scanned"
    message: ClassVar[str] = "Quedan bultos sin escanear ni declarar faltantes."


class StopsStillOpenError(PhoneEventRefusedError):
    """A route ends when each of its stops is closed."""

    code: ClassVar[str] = "stops_still_open"
    message: ClassVar[str] = "Quedan paradas abiertas. Ciérralas antes de terminar la ruta."


class ParcelsNotBackError(PhoneEventRefusedError):
    """Parcels that were not handed over are not back in the depot."""

    code: ClassVar[str] = "parcels_not_back"
    message: ClassVar[str] = "Faltan bultos por devolver en el CD."
