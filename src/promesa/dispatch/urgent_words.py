"""Why an order that has just come in goes nowhere, in a dispatcher's words."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from promesa.dispatch.situation import RouteNow, Situation
from promesa.dispatch.vehicle_words import any_of, named
from promesa.domain.fleet import Vehicle
from promesa.domain.order import Order

_NO_BICYCLES = "no sabemos cuánto tarda una bicicleta: esta ciudad se armó sin su red"


def parted(others: Sequence[str]) -> str:
    """Why an order that others wait with is not inserted alone, and what to do."""
    names = " y ".join([", ".join(others[:-1]), others[-1]] if len(others) > 1 else others)
    wait = "también espera" if len(others) == 1 else "también esperan"
    return (
        f"Va junto con {names}, que {wait} ruta: insertar uno solo los separaría. Planifícalos "
        "juntos con un turno libre, o quita «Van juntos» en sus condiciones."
    )


def nobody(situation: Situation, order: Order, *, holder_id: UUID | None, has_times: bool) -> str:
    """Why there is no van to look at.

    Args:
        situation: The day.
        order: Without a route.
        holder_id: The route whose van has its parcels aboard.
        has_times: Whether the times of everybody who could take it are known.
    """
    if holder_id is not None:
        holders = [now for now in situation.routes if now.route.id == holder_id]
        who = (
            f"{named(holders[0].vehicle)} de {holders[0].route.code}" if holders else "un vehículo"
        )
        if not has_times:
            return f"Sus bultos van en {who}, y {_NO_BICYCLES}."
        return f"Sus bultos siguen en {who}, que ya no puede entregarlos hoy."
    terms = order.terms
    if not has_times:
        return f"Solo quedan bicicletas, y {_NO_BICYCLES}."
    if terms.only_vehicle is not None:
        return f"Solo puede llevarlo {terms.only_vehicle}, que no tiene ruta ni turno libre hoy."
    if terms.bond is not None or terms.never_vehicles:
        return "Sus condiciones no dejan que lo lleve ninguno de los vehículos de hoy."
    if all(now.is_spare for now in situation.routes):
        return "No hay rutas abiertas hoy. Planifica el día."
    return "No queda ningún vehículo que pueda tomarlo hoy."


def shut_out(vehicles: Sequence[Vehicle]) -> str:
    """Why none of them gets to the door."""
    return f"Ningún {any_of(vehicles)} puede llegar: las calles de esa puerta les están cerradas."


def unfit(takers: Sequence[RouteNow], order: Order, *, is_held: bool, must_fetch: bool) -> str:
    """Why no van takes it, the plainest reason first."""
    who = any_of([now.vehicle for now in takers])
    able = [now for now in takers if order.skills <= now.vehicle.skills]
    if not able:
        return f"Ningún {who} puede llevarlo: pide {', '.join(sorted(order.skills))}."
    if not any(order.load.fits_in(now.vehicle.capacity) for now in able):
        return f"Sus bultos no caben en ningún {who}."
    late = "entregarlo antes de que termine su turno"
    if is_held:
        return f"Sus bultos van en {_holder(takers[0])}, que no alcanza a {late}."
    if must_fetch:
        return f"Ningún {who} alcanza a pasar por el CD y {late}."
    return f"Ningún {who} alcanza a {late}."


def _holder(now: RouteNow) -> str:
    return f"{named(now.vehicle)} de {now.route.code}"
