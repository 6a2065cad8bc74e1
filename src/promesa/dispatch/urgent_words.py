"""Why an order that has just come in goes nowhere, in a dispatcher's words."""

from __future__ import annotations

from collections.abc import Sequence

from promesa.dispatch.situation import RouteNow, Situation
from promesa.dispatch.transfers import may_carry, own_streets
from promesa.domain.order import Order


def parted(others: Sequence[str]) -> str:
    """Why an order that others wait with is not inserted alone, and what to do."""
    names = " y ".join([", ".join(others[:-1]), others[-1]] if len(others) > 1 else others)
    wait = "también espera" if len(others) == 1 else "también esperan"
    return (
        f"Va junto con {names}, que {wait} ruta: insertar uno solo los separaría. Planifícalos "
        "juntos con un turno libre, o quita «Van juntos» en sus condiciones."
    )


def nobody(situation: Situation, order: Order, *, is_held: bool) -> str:
    """Why there is no van to look at; ``is_held`` where one has its parcels aboard."""
    if is_held:
        return "Sus bultos siguen en un furgón que ya no puede entregarlos hoy."
    terms = order.terms
    able = [now for now in situation.routes if may_carry(now.vehicle, order)]
    if able and all(own_streets(now.vehicle) for now in able):
        return (
            "Solo quedan bicicletas o camiones, y no calculamos sus tiempos con el día en marcha. "
            "Planifícalo con un turno libre."
        )
    if terms.only_vehicle is not None:
        return f"Solo puede llevarlo {terms.only_vehicle}, que no tiene ruta ni turno libre hoy."
    if terms.bond is not None or terms.never_vehicles:
        return "Sus condiciones no dejan que lo lleve ninguno de los furgones de hoy."
    if all(now.is_spare for now in situation.routes):
        return "No hay rutas abiertas hoy. Planifica el día."
    return "No queda ningún furgón que pueda tomarlo hoy."


def unfit(takers: Sequence[RouteNow], order: Order, *, is_held: bool, must_fetch: bool) -> str:
    """Why no van takes it, the plainest reason first."""
    able = [now for now in takers if order.skills <= now.vehicle.skills]
    if not able:
        return f"Ningún furgón puede llevarlo: pide {', '.join(sorted(order.skills))}."
    if not any(order.load.fits_in(now.vehicle.capacity) for now in able):
        return "Sus bultos no caben en ningún furgón."
    if is_held:
        return (
            f"Sus bultos van en {takers[0].route.code}, que no alcanza a entregarlo antes de que "
            "termine su turno."
        )
    if must_fetch:
        return "Ningún furgón alcanza a pasar por el CD y entregarlo antes de que termine su turno."
    return "Ningún furgón alcanza a entregarlo antes de que termine su turno."
