"""Changing an order that is on a route: it stays there, where it now costs least, if it fits.

What the driver must know goes out as a new version. No other promise of the route is broken for
it; where the order no longer fits, the change is refused and the dispatcher reschedules or moves
it. Another day is not a change but a reschedule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from promesa.dispatch.choosing import MoveNotPossibleError
from promesa.dispatch.moving import Rerouted
from promesa.dispatch.refitting import refit
from promesa.dispatch.repository import DispatchStore
from promesa.dispatch.rescheduling import journal_of
from promesa.dispatch.situation import Situation
from promesa.dispatch.streets import DayStreets
from promesa.dispatch.versions import find_open_stop, republish
from promesa.domain.actor import Permission
from promesa.domain.order import Order
from promesa.domain.parcel import ParcelState
from promesa.domain.stop import Stop, StopState, StopType
from promesa.kernel.errors import ConflictError, InvalidError
from promesa.kernel.timewindow import TimeWindow
from promesa.orders import changing
from promesa.orders.changing import OFF_ROUTE, Revision
from promesa.orders.desk import Author, Desk
from promesa.orders.drafts import OrderChange
from promesa.orders.faults import OrderOnRouteError, OrderVersionError
from promesa.orders.making import WHEN_FIELDS, promised_window
from promesa.orders.reading import get_own_order

CAUSE = "order_changed"
_ABOARD = frozenset({ParcelState.LOADED, ParcelState.IN_TRANSIT})


class PinNeededError(InvalidError):
    """An order on a route gets an address whose door nobody knows well enough."""

    code: ClassVar[str] = "pin_needed"
    message: ClassVar[str] = "Va en una ruta: pon el pin en la puerta para que el furgón llegue."


class ChangeDoesNotFitError(ConflictError):
    """The changed order fits at no place of its route without breaking another promise."""

    code: ClassVar[str] = "change_does_not_fit"
    message: ClassVar[str] = (
        "Así ya no cabe en su ruta sin romper otra promesa. Reagéndalo o muévelo a otra ruta."
    )


class ParcelAboardError(ConflictError):
    """A parcel that is in the van cannot be taken off the order."""

    code: ClassVar[str] = "parcel_aboard"
    message: ClassVar[str] = "Un bulto que quitas ya va en el furgón. Espera a que vuelva al CD."


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A change of an order, and the open stop it has, if the plan is touched by it.

    Attributes:
        route_version: Of the stop's route, when the change was worked out.
    """

    revision: Revision
    stop: Stop | None = None
    route_version: int | None = None


async def read_amendment(
    tx: DispatchStore,
    order_id: UUID,
    change: OrderChange,
    *,
    version: int,
    desk: Desk,
    author: Author,
) -> Amendment:
    """What ``change`` would do; writes nothing. ``version`` is the one the author looked at.

    Raises:
        OrderVersionError: It is no longer that version.
        OrderOnRouteError: It is on a route, and the author may not change routes.
        PinNeededError, ParcelAboardError: The change cannot be made on the road.
    """
    order = await get_own_order(tx, order_id, author.actor)
    if order.version != version:
        raise OrderVersionError(version=order.version)
    revision = await changing.revise(tx, order, change, desk=desk)
    if order.state in OFF_ROUTE or not revision.touches_plan:
        return Amendment(revision=revision)
    if "date" in revision.fields or not author.actor.may(Permission.DISPATCH):
        raise OrderOnRouteError(fields=", ".join(sorted(revision.fields)))
    placement = revision.order.placement
    if placement is None or not placement.is_routable:
        raise PinNeededError
    _require_parcels_kept(revision)
    journal = journal_of(tx, order, "change", desk=desk, author=author)
    stop = await find_open_stop(journal.tx, order.id)
    route = await tx.routes.get(stop.route_id) if stop else None
    return Amendment(revision=revision, stop=stop, route_version=route.version if route else None)


def fit(
    situation: Situation, amendment: Amendment, streets: DayStreets, *, workday: TimeWindow
) -> Rerouted:
    """Its route with the changed order in it. Pure, CPU-bound.

    Raises:
        ChangeDoesNotFitError: There is no place for it.
    """
    assert amendment.stop is not None, "only an order with an open stop is fitted"
    revision, stop = amendment.revision, moved_stop(amendment)
    promised = dict(situation.promised)
    if revision.fields & WHEN_FIELDS:
        promised[revision.order.id] = promised_window(revision.order, workday)
    changed = replace(
        situation,
        orders={**situation.orders, revision.order.id: revision.order},
        promised=promised,
        routes=tuple(
            replace(now, stops={**now.stops, stop.id: stop}) if stop.id in now.stops else now
            for now in situation.routes
        ),
    )
    try:
        return refit(situation, changed, stop.id, streets)
    except MoveNotPossibleError as error:
        raise ChangeDoesNotFitError from error


def moved_stop(amendment: Amendment) -> Stop:
    """The open stop at the new door, to be visited anew; a colecta or a return stays where it is.

    A driver who stood at the wrong door has not arrived.
    """
    stop, placement = amendment.stop, amendment.revision.order.placement
    assert stop is not None
    assert placement is not None, "an order without a position stands on no route"
    if stop.type is not StopType.DELIVERY or stop.position == placement.position:
        return stop
    return replace(stop, position=placement.position, state=StopState.PENDING, arrived_at=None)


async def keep_amendment(
    tx: DispatchStore,
    amendment: Amendment,
    rerouted: Rerouted | None,
    *,
    desk: Desk,
    author: Author,
) -> Order:
    """Writes the change and, when it has one, the next version of its route.

    Raises:
        ChangeDoesNotFitError: The stop or its route changed meanwhile.
        OrderVersionError: What is known of the recipient did, or it was erased.
    """
    revision = amendment.revision
    if not revision.fields:
        return revision.before
    if await tx.people.get(revision.before.recipient_id) != revision.person_before:
        raise OrderVersionError(version=revision.before.version)
    if rerouted is not None:
        await _reroute(tx, amendment, rerouted, desk=desk, author=author)
    return await changing.keep_revision(tx, revision, desk=desk, author=author)


async def _reroute(
    tx: DispatchStore, amendment: Amendment, rerouted: Rerouted, *, desk: Desk, author: Author
) -> None:
    assert amendment.stop is not None
    journal = journal_of(tx, amendment.revision.before, "change", desk=desk, author=author)
    route = await tx.routes.lock(rerouted.route_id)
    stop = await tx.routes.get_stop(amendment.stop.id)
    if (stop, route.version) != (amendment.stop, amendment.route_version):
        raise ChangeDoesNotFitError("La ruta cambió mientras la mirabas. Revisa de nuevo.")
    await tx.routes.put_stop(moved_stop(amendment))
    await republish(
        journal.on_route(route.id), route, rerouted.stops, cause=CAUSE, timing=rerouted.timing
    )


def _require_parcels_kept(revision: Revision) -> None:
    kept: set[UUID] = {parcel.id for parcel in revision.order.parcels}
    aboard = {parcel.id for parcel in revision.before.parcels if parcel.state in _ABOARD}
    if aboard - kept:
        raise ParcelAboardError
