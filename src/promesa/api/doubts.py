"""Visits that wait for a person: what is in doubt about them, and the person's decision."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, post

from promesa.api.decoding import View, Wire
from promesa.api.exception_views import VisitFactsView, visit_view
from promesa.api.order_views import people_shown
from promesa.dispatch.doubts import (
    Decision,
    Doubtful,
    list_doubtful,
    list_doubtful_of,
    settle_doubt,
)
from promesa.dispatch.sights import DoubtSight, ExceptionKind, VisitFacts
from promesa.domain.actor import Permission
from promesa.domain.order import Order
from promesa.domain.person import Person
from promesa.domain.stop import StopDoubt
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

CAUSE_LENGTH_MAX = 500


class DoubtView(View):
    """A visit of this order about which a person has still to decide."""

    stop_id: UUID
    doubt: StopDoubt
    may_be_accepted: bool
    at: datetime | None
    visit: VisitFactsView


class DecisionBody(Wire):
    """What is decided; a delivery in dispute needs to be told why."""

    decision: Decision
    cause: Annotated[str, msgspec.Meta(max_length=CAUSE_LENGTH_MAX)] | None = None


class DecidedView(View):
    """The visit as it is now."""

    stop_id: UUID
    outcome: str | None
    doubt: StopDoubt | None


@post(
    "/v1/stops/{stop_id:uuid}/decision",
    access=Permission.DISPATCH,
    status_code=200,
    summary="Decide about a visit in doubt",
)
async def decide(
    stop_id: UUID, data: DecisionBody, platform: Platform, caller: Caller
) -> DecidedView:
    """Cash is seen; a delivery in dispute is accepted as the phone told it, or left as it is."""
    async with platform.transaction(caller.tenant_id) as tx:
        stop = await settle_doubt(
            tx,
            stop_id,
            data.decision,
            cause=data.cause,
            actor=caller.actor,
            clock=platform.clock,
            request_id=caller.request_id,
        )
    await platform.pump.catch_up()
    outcome = stop.outcome.value if stop.outcome else None
    return DecidedView(stop_id=stop.id, outcome=outcome, doubt=stop.doubt)


async def see_doubts(tx: PlatformStore, caller: Caller) -> list[DoubtSight]:
    """Visits in doubt of any day, with their words for who may read them."""
    found = await list_doubtful(tx)
    if not found:
        return []
    drivers = {driver.id: driver for driver in await tx.fleet.list_drivers()}
    routes = {
        route_id: await tx.routes.get(route_id)
        for route_id in sorted({item.stop.route_id for item in found})
    }
    notes = [item.note_id for item in found if item.note_id is not None]
    known = [drivers[route.driver_id].person_id for route in routes.values()]
    people = await people_shown(tx, caller, sorted({*notes, *known}))
    sights = []
    for item in found:
        route = routes[item.stop.route_id]
        driver = drivers[route.driver_id]
        person = people.get(driver.person_id)
        sights.append(
            DoubtSight(
                stop_id=item.stop.id,
                order_id=item.order.id,
                kind=ExceptionKind(item.stop.doubt or StopDoubt.CASH_DIFFERS),
                at=item.at,
                route_code=route.code,
                visit=_facts(item, people, driver=(person.name if person else None) or driver.code),
            )
        )
    return sights


async def view_doubts(tx: PlatformStore, caller: Caller, order: Order) -> list[DoubtView]:
    """What about an order's visits waits for a person; nothing for who may not see the day."""
    if not caller.actor.may(Permission.READ_OPERATION):
        return []
    found = await list_doubtful_of(tx, order)
    notes = [item.note_id for item in found if item.note_id is not None]
    people = await people_shown(tx, caller, notes)
    return [_view(item, _facts(item, people)) for item in found]


def _facts(item: Doubtful, people: dict[UUID, Person], driver: str | None = None) -> VisitFacts:
    told = item.told.data if item.told else {}
    note = people.get(item.note_id) if item.note_id else None
    return VisitFacts(
        reference=item.order.reference,
        driver=driver,
        cod_due_clp=item.order.cod_clp,
        cod_collected_clp=item.collected_clp,
        outcome=_word(told.get("outcome")),
        why=_word(told.get("why")),
        note=note.instructions if note else None,
    )


def _view(item: Doubtful, facts: VisitFacts) -> DoubtView:
    return DoubtView(
        stop_id=item.stop.id,
        doubt=item.stop.doubt or StopDoubt.CASH_DIFFERS,
        may_be_accepted=item.may_be_accepted,
        at=item.at,
        visit=visit_view(facts),
    )


def _word(said: object) -> str | None:
    return said if isinstance(said, str) else None


router = Router(path="", route_handlers=[decide], tags=["orders"])
