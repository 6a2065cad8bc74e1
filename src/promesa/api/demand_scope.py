"""Where an event or an override holds, checked: a comuna that is misspelt would touch nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from promesa.kernel.errors import FieldFault
from promesa.kernel.text import bare
from promesa.planning.demand.event_row import DemandEventInvalidError, EventContent, EventScope
from promesa.runtime.platform import Platform
from promesa.runtime.repository import PlatformStore


async def known_scope(platform: Platform, tx: PlatformStore, content: EventContent) -> EventContent:
    """The content with its comunas, depots and classes as series call them.

    Raises:
        DemandEventInvalidError: Names what no comuna, depot or merchant is called.
    """
    scope = content.scope
    comunas, odd_comunas = await known_comunas(platform, tx, scope.comunas)
    depots, odd_depots = await known_depots(tx, scope.depots)
    known = await tx.access.get_merchants(scope.merchant_ids)
    faults = [*odd_comunas, *odd_depots]
    if set(scope.merchant_ids) - set(known):
        faults.append(FieldFault(field="scope.merchant_ids", reason="Ese comercio no existe."))
    if faults:
        raise DemandEventInvalidError(faults=faults)
    classes = tuple(" ".join(word.split()).lower() for word in scope.product_classes)
    told = EventScope(
        comunas=comunas,
        depots=depots,
        product_classes=tuple(filter(None, classes)),
        merchant_ids=scope.merchant_ids,
    )
    return replace(content, scope=told)


async def known_comunas(
    platform: Platform, tx: PlatformStore, names: Sequence[str], field: str = "scope.comunas"
) -> tuple[tuple[str, ...], list[FieldFault]]:
    """Comunas of Chile, or what the history calls a comuna; and what is neither."""
    if not names:
        return (), []
    territory = platform.city.territory
    told: dict[str, str] | None = None
    found, faults = [], []
    for name in names:
        comuna = territory.exact(name)
        if comuna is None and told is None:
            told = {bare(each): each for each in await tx.demand_history.list_comunas()}
        called = comuna.name if comuna else (told or {}).get(bare(name.strip()))
        if called is not None:
            found.append(called)
            continue
        near = territory.find(name)
        advice = f"¿Es {near.name}? Escríbela así." if near else "Revisa cómo está escrita."
        reason = f"No conocemos la comuna «{name[:40]}». {advice}"
        faults.append(FieldFault(field=field, reason=reason))
    return tuple(dict.fromkeys(found)), faults


async def known_depots(
    tx: PlatformStore, codes: Sequence[str], field: str = "scope.depots"
) -> tuple[tuple[str, ...], list[FieldFault]]:
    """Depots by their codes as they are written; and codes that none has."""
    if not codes:
        return (), []
    depots = {bare(depot.code): depot.code for depot in await tx.fleet.list_depots()}
    odd = [code for code in codes if bare(code.strip()) not in depots]
    faults = [
        FieldFault(field=field, reason=f"No hay un CD con el código «{code[:20]}».") for code in odd
    ]
    found = [depots[bare(code.strip())] for code in codes if code not in odd]
    return tuple(dict.fromkeys(found)), faults
