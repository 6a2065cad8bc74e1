"""Changes to the rest of a day in a sentence for a dispatcher, in Chilean Spanish."""

from __future__ import annotations

from collections.abc import Sequence

from promesa.kernel.units import MINUTE_S
from promesa.routing.replan.changes import Change, ChangeKind


def change_words(change: Change, code: str, from_code: str | None, saves: int) -> str:
    """As in 'Pasar 3 entregas de R-04 a R-07: salva 2 promesas, ahorra 12 min'."""
    stops = "1 parada" if len(change.stops) == 1 else f"{len(change.stops)} paradas"
    if change.kind is ChangeKind.REORDER:
        what = f"Cambiar el orden de {code} ({stops})"
    else:
        what = f"Pasar {stops} de {from_code} a {code}"
    gains = _gains(saves, -change.added_s // MINUTE_S)
    return f"{what}: {gains}" if gains else what


def found_words(count: int, saves: int, saves_s: int) -> str:
    """How many changes there are, and what they save together."""
    if not count:
        return "Ningún cambio dentro de este límite vale la pena."
    changes = "1 cambio" if count == 1 else f"{count} cambios"
    gains = _gains(saves, saves_s // MINUTE_S)
    return (
        f"{changes} para el resto del día: {gains}" if gains else f"{changes} para el resto del día"
    )


def kept_words(told: str, codes: Sequence[str]) -> str:
    """What was told, and the bicycles that stay as they are: the city has no streets for them."""
    if not codes:
        return told
    stays = "en bicicleta, queda" if len(codes) == 1 else "en bicicleta, quedan"
    return (
        f"{told.rstrip('.')}. {', '.join(codes)}, {stays} como "
        f"{'está' if len(codes) == 1 else 'están'}: esta ciudad se armó sin la red de bicicletas."
    )


def _gains(saves: int, minutes: int) -> str:
    parts = []
    if saves > 0:
        parts.append("salva 1 promesa" if saves == 1 else f"salva {saves} promesas")
    elif saves < 0:
        parts.append("arriesga 1 promesa" if saves == -1 else f"arriesga {-saves} promesas")
    if minutes > 0:
        parts.append(f"ahorra {minutes} min")
    elif minutes < 0:
        parts.append(f"toma {-minutes} min más")
    return ", ".join(parts)
