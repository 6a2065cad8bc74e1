"""Parameters of an address: one that we do not know is refused, and never taken for no filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from promesa.kernel.errors import FieldFault, InvalidError

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

# In a handler's opt: its argument and the name that it takes it by, or that phones of others say
# what they like.
KNOWN: Final = "parameters_known"
ANY: Final = "parameters_any"
FAULTS_MAX: Final = 20
NAME_CHARS_MAX: Final = 60


class ParameterUnknownError(InvalidError):
    """The address was asked with a parameter that it does not have."""

    code: ClassVar[str] = "parameter_unknown"
    message = "La dirección trae un parámetro que no conocemos. Quítalo o corrige su nombre."


def refuse_unknown(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Guard of the whole application; pages are no part of the API and take what links carry.

    Raises:
        ParameterUnknownError: Names each parameter that the address does not have.
    """
    known = handler.opt.get(KNOWN)
    if known is None or handler.opt.get(ANY):
        return
    taken = set(known.values())
    unknown = [name for name in dict.fromkeys(connection.query_params) if name not in taken]
    if unknown:
        told = [name[:NAME_CHARS_MAX] for name in unknown[:FAULTS_MAX]]
        raise ParameterUnknownError(faults=[_fault(name) for name in told])


def name_of(handler: BaseRouteHandler | None, argument: str) -> str:
    """What who asks calls an argument of the handler: ``date``, not the ``day`` of our code."""
    return str((handler.opt.get(KNOWN) or {}).get(argument, argument)) if handler else argument


def _fault(name: str) -> FieldFault:
    reason = f"No conocemos el parámetro `{name}`. Quítalo o corrige su nombre."
    return FieldFault(field=name, reason=reason, code="unknown")
