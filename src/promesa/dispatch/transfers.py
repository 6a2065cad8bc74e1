"""Parcels fetched on the road, from another van or a depot: where, and whether they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from promesa.dispatch.situation import RouteNow, Situation
from promesa.domain.custody import CustodyEntry
from promesa.domain.fleet import Vehicle
from promesa.domain.order import Order
from promesa.domain.parcel import GONE, ParcelState
from promesa.domain.route import PlannedStop, Transfer
from promesa.domain.stop import StopType

_ABOARD = frozenset({ParcelState.LOADED, ParcelState.IN_TRANSIT, ParcelState.RETURN_IN_TRANSIT})


class _Chains(Protocol):
    async def last_entries(self, parcel_ids: Sequence[UUID]) -> dict[UUID, CustodyEntry]: ...


async def fetched_stops(
    custody: _Chains, route_id: UUID, planned: Sequence[PlannedStop], orders: Mapping[UUID, Order]
) -> frozenset[UUID]:
    """Stops of the route whose parcels came from another van and are with this one by now.

    What that van did not have is waited for no longer.
    """
    parcels = {
        stop.stop_id: [
            parcel.id for parcel in orders[stop.order_id].parcels if parcel.state not in GONE
        ]
        for stop in planned
        if stop.transfer is not None and stop.order_id in orders
    }
    if not parcels:
        return frozenset()
    last = await custody.last_entries([each for ids in parcels.values() for each in ids])
    return frozenset(
        stop_id
        for stop_id, ids in parcels.items()
        if all(each in last and last[each].holder.id == route_id for each in ids)
    )


def transfer_of(giving: RouteNow, planned: PlannedStop, taking: RouteNow) -> Transfer | None:
    """Where ``taking`` fetches the parcels of a stop; None when there is nothing to fetch.

    Whoever has not fetched them itself passes on where they are. Two vans in one depot need no
    meeting, nor does a visit that only collects.
    """
    if giving.stops[planned.stop_id].type is StopType.PICKUP:
        return None
    pending = giving.pending_transfer(planned)
    if pending is not None:
        lies_in_depot = pending.from_route_id is None
        is_there = not taking.is_under_way and taking.depot.position == pending.position
        is_its_own = pending.from_route_id == taking.route.id
        return None if is_its_own or (lies_in_depot and is_there) else pending
    is_waiting = planned.stop_id in giving.waiting
    is_in_depot = is_waiting or not giving.is_under_way
    if is_in_depot and not taking.is_under_way and giving.depot.id == taking.depot.id:
        return None
    if is_waiting:
        depot = giving.depot
        return Transfer(from_route_id=None, from_code=depot.name, position=depot.position)
    return Transfer(
        from_route_id=giving.route.id, from_code=giving.route.code, position=giving.place
    )


def may_leave(situation: Situation, giving: RouteNow, planned: PlannedStop) -> bool:
    """Whether a proposal may give the stop away: what a running van has aboard stays in it."""
    if giving.route.is_broken_down or giving.pending_transfer(planned) is not None:
        return True
    if giving.stops[planned.stop_id].type is StopType.PICKUP:
        return not giving.has_begun(planned)
    parcels = situation.orders[planned.order_id].parcels
    return all(parcel.state not in _ABOARD for parcel in parcels)


def may_carry(vehicle: Vehicle, order: Order) -> bool:
    """Whether the order's conditions let this vehicle take it."""
    terms = order.terms
    is_named = terms.only_vehicle in {None, vehicle.code}
    return is_named and vehicle.code not in terms.never_vehicles


def could_hold(vehicle: Vehicle, order: Order) -> bool:
    """Whether the vehicle has what the order asks for and would hold it, were it empty."""
    return order.skills <= vehicle.skills and order.load.fits_in(vehicle.capacity)
