"""The error tree: five categories, one class per business failure, a stable code each.

Codes are part of the API and never change. Messages are for operators' screens: plain Spanish,
and what to do next. The HTTP edge alone turns a category into a status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


class PromesaError(Exception):
    """A failure with a stable code and a sentence that says what to do.

    Subclasses set ``code`` and may set a default ``message``.
    """

    code: ClassVar[str] = "error"
    message: ClassVar[str] = "Algo falló. Intenta de nuevo; si sigue, avisa a soporte."

    def __init__(self, message: str | None = None, **details: object) -> None:
        self.sentence = message or self.message
        self.details: Mapping[str, object] = details
        super().__init__(self.sentence)


class InvalidError(PromesaError):
    """What was given cannot be accepted as it is."""

    code = "invalid"
    message = "Hay un dato que no sirve. Corrígelo y vuelve a enviar."


class NotFoundError(PromesaError):
    """The thing does not exist, or not for who asks."""

    code = "not_found"
    message = "No existe o no es tuyo."


class ConflictError(PromesaError):
    """The thing is in another state than the request supposes."""

    code = "conflict"
    message = "Esto cambió mientras lo mirabas. Recarga y vuelve a intentar."


class ForbiddenError(PromesaError):
    """Who asks may not do this."""

    code = "forbidden"
    message = "Tu perfil no permite hacer esto. Pídelo a un administrador."


class UnavailableError(PromesaError):
    """A part we depend on does not answer now; the same request may work later."""

    code = "unavailable"
    message = "El servicio no responde. Intenta de nuevo en un minuto."


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFault:
    """One thing wrong in one field of one row, as data: the rest of the batch goes on.

    Attributes:
        row: Line of the file or position in the list, from 1; None when there is one thing only.
        reason: Plain Spanish, says what to do.
    """

    field: str
    reason: str
    row: int | None = None
    code: str = "invalid"
