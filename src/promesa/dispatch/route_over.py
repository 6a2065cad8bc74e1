"""What has ended is not changed: the refusal all actions on a route share."""

from __future__ import annotations

from typing import ClassVar

from promesa.kernel.errors import ConflictError


class RouteOverError(ConflictError):
    """The route has ended or was cancelled."""

    code: ClassVar[str] = "route_over"
    message: ClassVar[str] = "Esta ruta ya terminó. Recarga para ver cómo quedó."
