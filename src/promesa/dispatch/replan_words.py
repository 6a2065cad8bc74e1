"""Changes to the rest of a day in a sentence for a dispatcher, in Chilean Spanish."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from promesa.domain.promise import PromiseRisk
from promesa.kernel.units import MINUTE_S
from promesa.routing.replan.changes import ChangeKind


def change_words(kind: ChangeKind, count: int, code: str, from_code: str | None, gains: str) -> str:
    """As in 'Pasar 3 paradas de R-04 a R-07: salva 2 promesas, ahorra 12 min'."""
    stops = "1 parada" if count == 1 else f"{count} paradas"
    if kind is ChangeKind.REORDER:
        what = f"Cambiar el orden de {code} ({stops})"
    else:
        what = f"Pasar {stops} de {from_code} a {code}"
    return f"{what}: {gains}" if gains else what


def found_words(count: int, gains: str) -> str:
    """How many changes there are, and what they save together."""
    if not count:
        return "Ningún cambio dentro de este límite vale la pena."
    changes = "1 cambio" if count == 1 else f"{count} cambios"
    told = f"{changes} para el resto del día"
    return f"{told}: {gains}" if gains else told


def kept_words(told: str, codes: Sequence[str]) -> str:
    """What was told, and the bicycles that stay as they are: the city has no streets for them."""
    if not codes:
        return told
    stays = "en bicicleta, queda" if len(codes) == 1 else "en bicicleta, quedan"
    return (
        f"{told.rstrip('.')}. {', '.join(codes)}, {stays} como "
        f"{'está' if len(codes) == 1 else 'están'}: esta ciudad se armó sin la red de bicicletas."
    )


def gains_words(saves: int, saves_s: int, harmed: Collection[PromiseRisk]) -> str:
    """As in 'salva 8 promesas, pone en riesgo 1 promesa, ahorra 12 min'."""
    late = sum(risk is PromiseRisk.LATE for risk in harmed)
    minutes = abs(saves_s) // MINUTE_S
    parts = [
        f"salva {_promises(saves)}" if saves else "",
        f"pone en riesgo {_promises(len(harmed) - late)}" if len(harmed) > late else "",
        f"deja tarde {_promises(late)}" if late else "",
        f"ahorra {minutes} min" if minutes and saves_s > 0 else "",
        f"toma {minutes} min más" if minutes and saves_s < 0 else "",
    ]
    return ", ".join(part for part in parts if part)


def _promises(count: int) -> str:
    return "1 promesa" if count == 1 else f"{count} promesas"
