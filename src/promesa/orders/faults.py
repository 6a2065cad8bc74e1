"""The business failures of orders, each with its stable code."""

from __future__ import annotations

from typing import ClassVar

from promesa.kernel.errors import ConflictError, InvalidError


class OrderInvalidError(InvalidError):
    """A draft or change cannot be accepted; ``details["faults"]`` has every reason."""

    code: ClassVar[str] = "order_invalid"
    message = "El pedido tiene datos que no sirven. Corrige lo marcado y vuelve a enviar."


class ReferenceTakenError(ConflictError):
    """The merchant has another order with this reference."""

    code: ClassVar[str] = "reference_taken"
    message = (
        "Ya existe un pedido distinto con este número de documento. "
        "Para cambiarlo, edítalo; para otro pedido, usa otro número."
    )


class OrderCancelledError(ConflictError):
    """The merchant's order with this reference was called off; it does not come back by itself."""

    code: ClassVar[str] = "order_cancelled"
    message = (
        "Este pedido se anuló y no se entregará. "
        "Para volver a enviarlo, usa otro número de documento."
    )


class OrderOnRouteError(ConflictError):
    """What a route was made for cannot change while the order is on it."""

    code: ClassVar[str] = "order_on_route"
    message = (
        "El pedido ya está en una ruta. Sácalo de ella antes de cambiar dirección, fecha o carga."
    )


class OrderEndedError(ConflictError):
    """The order has ended, so nothing of it changes any more."""

    code: ClassVar[str] = "order_ended"
    message = "El pedido ya terminó y no se puede cambiar. Crea uno nuevo."


class OrderVersionError(ConflictError):
    """Somebody else changed the order meanwhile."""

    code: ClassVar[str] = "order_version"
    message = "Alguien cambió este pedido mientras lo editabas. Recarga y vuelve a intentar."
