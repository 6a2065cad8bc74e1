"""What an operator offers at checkouts: windows, cut-off, closed days, and the two prices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, time
from typing import Annotated

import msgspec
from litestar import Response, Router, get, put

from promesa.api.decoding import View, Wire
from promesa.api.demand_views import authors_shown
from promesa.api.etags import IfMatch, version_read, version_tag
from promesa.api.order_wire import Clp, Short
from promesa.domain.actor import Permission
from promesa.kernel.errors import FieldFault
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.labour_terms import VERSIONS_SHOWN_MAX
from promesa.promising.calibration import Calibration
from promesa.promising.offers import (
    CLOSED_DAYS_MAX,
    OFFERED_WINDOWS_MAX,
    OfferedWindow,
    OfferTerms,
    OfferTermsChangedError,
    OfferTermsError,
    checked_terms,
)
from promesa.promising.quoting import surest
from promesa.promising.repository import TermsRecord
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

Weekday = Annotated[int, msgspec.Meta(ge=0, le=6)]


class OfferedWindowBody(Wire):
    """Hours to choose on a delivery day; weekday 0 is Monday."""

    name: Short
    start: time
    end: time
    weekdays: Annotated[list[Weekday], msgspec.Meta(min_length=1, max_length=7)]
    price_clp: Clp = 0


class TermsOfOfferBody(Wire):
    """What is offered.

    An order that comes in from `cutoff` on counts for the next day; `lead_days` later is the first
    day it may be delivered on. What is kept less surely than `kept_min` is not offered. One more
    promised day costs `day_later_clp`, a broken promise `broken_clp`: together they say which
    date is shown first. With `charges_cost` the buyer also pays what the order costs more than a
    usual one. Nothing is offered on `closed` dates, of which those that are past fall away, nor on
    feriados irrenunciables unless `serves_rest_days`. A quote stands for `quote_min` minutes, an
    accepted one keeps its place for `hold_min`.
    """

    windows: Annotated[
        list[OfferedWindowBody], msgspec.Meta(min_length=1, max_length=OFFERED_WINDOWS_MAX)
    ]
    cutoff: time
    lead_days: int
    horizon_days: int
    closed: Annotated[list[date], msgspec.Meta(max_length=CLOSED_DAYS_MAX)]
    kept_min: float
    day_later_clp: int
    broken_clp: int
    quote_min: int
    hold_min: int
    charges_cost: bool = False
    serves_rest_days: bool = False


class TermsOfOfferView(View):
    """A version of the terms; 0, which nobody saved, are those that we begin with."""

    terms: TermsOfOfferBody
    version: int
    author: str | None
    saved_at: datetime | None


class TermsOfOfferVersions(View):
    """What the terms were, the newest first; 0 below the first that somebody saved."""

    items: list[TermsOfOfferView]


@get("/v1/promises/terms", access=Permission.READ_OPERATION, summary="What is offered")
async def get_terms(platform: Platform, caller: Caller) -> Response[TermsOfOfferView]:
    """The windows, days and prices that quotes go by; ETag is their version."""
    async with platform.transaction(caller.tenant_id) as tx:
        record = await tx.promise_terms.find()
        (view,) = await _shown(tx, caller, [record])
    ahead = msgspec.structs.replace(view.terms, closed=_ahead(platform, view.terms.closed))
    return Response(msgspec.structs.replace(view, terms=ahead), headers=version_tag(view.version))


@get(
    "/v1/promises/terms/versions",
    access=Permission.READ_OPERATION,
    summary="What was offered before",
)
async def list_offer_versions(platform: Platform, caller: Caller) -> TermsOfOfferVersions:
    """The last versions with who saved them; saving one once more takes it back."""
    async with platform.transaction(caller.tenant_id) as tx:
        found: list[TermsRecord | None] = [
            *await tx.promise_terms.list_versions(limit=VERSIONS_SHOWN_MAX)
        ]
        if not found or (found[-1] is not None and found[-1].version == 1):
            found.append(None)
        return TermsOfOfferVersions(items=await _shown(tx, caller, found))


@put("/v1/promises/terms", access=Permission.MANAGE_FLEET, summary="Change what is offered")
async def put_terms(
    data: TermsOfOfferBody, platform: Platform, caller: Caller, if_match: IfMatch = None
) -> Response[TermsOfOfferView]:
    """Replaces them, with If-Match only over the version that was read.

    Quotes that were given stand until they run out, if as sure as is asked. More than any window
    can be sure of is refused, with what can be had: nothing would be offered.
    """
    read = version_read(if_match)
    ahead = msgspec.structs.replace(data, closed=_ahead(platform, data.closed))
    terms = checked_terms(_terms(ahead))
    calibration = (await platform.ready_board(caller.tenant_id)).snapshot.calibration
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.promise_terms.lock()
        before = await tx.promise_terms.find()
        version = before.version if before else 0
        if read is not None and read != version:
            raise OfferTermsChangedError(version=version)
        _require_reachable(before.terms if before else OfferTerms(), terms, calibration)
        saved = TermsRecord(
            version=version + 1,
            terms=terms,
            saved_at=platform.clock.now(),
            saved_by=caller.actor.id,
        )
        await tx.promise_terms.add(saved)
        changed = await platform.record(
            tx,
            caller,
            "promise.terms_changed",
            subject=("promise_terms", derived_id("promise terms", caller.tenant_id)),
            data={"fields": _changed(before.terms if before else OfferTerms(), terms)},
        )
        (view,) = await _shown(tx, caller, [saved])
    # Who saves looks at the curve next: it is not to be the one of before.
    board = platform.boards.get(caller.tenant_id)
    if board is not None:
        async with platform.database.transaction(caller.tenant_id) as tx:
            await board.apply(tx, [changed])
    return Response(view, headers=version_tag(view.version))


def _ahead(platform: Platform, closed: Sequence[date]) -> list[date]:
    """The closed dates that still matter: who reads the list next year is not told this year's."""
    today = ServiceDay.of(platform.clock.now()).date
    return [day for day in closed if day >= today]


async def _shown(
    tx: PlatformStore, caller: Caller, records: Sequence[TermsRecord | None]
) -> list[TermsOfOfferView]:
    """Versions with who saved them; None are the terms that we begin with."""
    names = await authors_shown(tx, caller, [each.saved_by for each in records if each])
    return [
        TermsOfOfferView(
            terms=_view(each.terms if each else OfferTerms()),
            version=each.version if each else 0,
            author=names.get(each.saved_by) if each else None,
            saved_at=each.saved_at if each else None,
        )
        for each in records
    ]


def _require_reachable(before: OfferTerms, terms: OfferTerms, calibration: Calibration) -> None:
    """Refuses terms that shut the shop; who changes something else of such terms may.

    Raises:
        OfferTermsError: No window can be as sure as is asked.
    """
    most = surest(terms, calibration)
    is_as_before = (terms.kept_min, terms.windows) == (before.kept_min, before.windows)
    if terms.kept_min <= most or is_as_before:
        return
    told = f"{math.floor(most * 1_000) / 10:.1f}".replace(".", ",")
    reason = (
        f"Lo más que se puede asegurar ahora es {told} %. Con más no se ofrece ningún horario: "
        "baja la seguridad o agrega un horario más ancho."
    )
    raise OfferTermsError(faults=[FieldFault(field="kept_min", code="unreachable", reason=reason)])


def _changed(before: OfferTerms, after: OfferTerms) -> list[str]:
    names = [spec.name for spec in fields(OfferTerms)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _terms(data: TermsOfOfferBody) -> OfferTerms:
    return OfferTerms(
        windows=tuple(
            OfferedWindow(
                name=window.name,
                start=window.start,
                end=window.end,
                weekdays=frozenset(window.weekdays),
                price_clp=window.price_clp,
            )
            for window in data.windows
        ),
        cutoff=data.cutoff,
        lead_days=data.lead_days,
        horizon_days=data.horizon_days,
        closed=frozenset(data.closed),
        kept_min=data.kept_min,
        day_later_clp=data.day_later_clp,
        broken_clp=data.broken_clp,
        charges_cost=data.charges_cost,
        quote_min=data.quote_min,
        hold_min=data.hold_min,
        serves_rest_days=data.serves_rest_days,
    )


def _view(terms: OfferTerms) -> TermsOfOfferBody:
    return TermsOfOfferBody(
        windows=[
            OfferedWindowBody(
                name=window.name,
                start=window.start,
                end=window.end,
                weekdays=sorted(window.weekdays),
                price_clp=window.price_clp,
            )
            for window in terms.windows
        ],
        cutoff=terms.cutoff,
        lead_days=terms.lead_days,
        horizon_days=terms.horizon_days,
        closed=sorted(terms.closed),
        kept_min=terms.kept_min,
        day_later_clp=terms.day_later_clp,
        broken_clp=terms.broken_clp,
        charges_cost=terms.charges_cost,
        quote_min=terms.quote_min,
        hold_min=terms.hold_min,
        serves_rest_days=terms.serves_rest_days,
    )


router = Router(
    path="", route_handlers=[get_terms, list_offer_versions, put_terms], tags=["promises"]
)
