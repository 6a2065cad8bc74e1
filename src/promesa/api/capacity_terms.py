"""Capacity terms of depots: who can be hired, what doors let out, the share to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get, put

from promesa.api.capacity_views import CapacityTermsView, view_terms
from promesa.api.decoding import View, Wire
from promesa.api.demand_events import Word, writer_of
from promesa.api.demand_scope import known_depots
from promesa.api.demand_views import authors_shown
from promesa.domain.actor import Permission
from promesa.domain.fleet import Depot
from promesa.planning.capacity.labour_terms import VERSIONS_SHOWN_MAX
from promesa.planning.capacity.sizing import TARGET_DEFAULT
from promesa.planning.capacity.terms import (
    LOADING_MIN_DEFAULT,
    LOADING_SPAN_MIN_DEFAULT,
    DepotTerms,
    TermsInvalidError,
    save_terms,
)
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

VERSION_MAX = 2**31


class CapacityTermsBody(Wire):
    """The terms of a depot, by its code, over the ``version`` that was read; 0 for the first."""

    depot: Word
    version: Annotated[int, msgspec.Meta(ge=0, le=VERSION_MAX)] = 0
    contract_vehicles: int = 0
    contract_carrier: str = ""
    contract_day_cost_clp: int = 0
    contract_days_min: int = 1
    spot_vehicles: int = 0
    spot_day_cost_clp: int = 0
    doors: int | None = None
    loading_min: int = LOADING_MIN_DEFAULT
    loading_span_min: int = LOADING_SPAN_MIN_DEFAULT
    target: float = TARGET_DEFAULT


class CapacityTermsList(View):
    """The terms of every depot, by code."""

    items: list[CapacityTermsView]


class CapacityTermsVersions(View):
    """What a depot's terms were, the newest first; 0, which nobody wrote, below the first."""

    items: list[CapacityTermsView]


@get("/v1/capacity/terms", access=Permission.READ_OPERATION, summary="Capacity terms of depots")
async def list_terms(platform: Platform, caller: Caller) -> CapacityTermsList:
    """Every depot; those nobody saved have neither contract nor spot nor a limit of doors."""
    async with platform.transaction(caller.tenant_id) as tx:
        depots = await tx.fleet.list_depots()
        return CapacityTermsList(items=await shown_terms(tx, caller, depots))


@get(
    "/v1/capacity/terms/versions",
    access=Permission.READ_OPERATION,
    summary="What the capacity terms of a depot were",
)
async def list_terms_versions(
    depot: Word, platform: Platform, caller: Caller
) -> CapacityTermsVersions:
    """The last versions with who wrote them; saving one over the newest takes it back."""
    async with platform.transaction(caller.tenant_id) as tx:
        place = await _depot(tx, depot)
        found = await tx.capacity_terms.list_versions(place.id, limit=VERSIONS_SHOWN_MAX)
        if not found or found[-1].version == 1:
            found.append(DepotTerms(depot_id=place.id))
        names = await authors_shown(tx, caller, [each.author_id for each in found])
    return CapacityTermsVersions(items=[_shown(place, terms, names) for terms in found])


@put("/v1/capacity/terms", access=Permission.PLAN, summary="Save the capacity terms of a depot")
async def put_terms(
    data: CapacityTermsBody, platform: Platform, caller: Caller
) -> CapacityTermsView:
    """Keeps them with who says so; over another version than the newest it is a conflict."""
    async with platform.transaction(caller.tenant_id) as tx:
        depot = await _depot(tx, data.depot)
        saved = await save_terms(tx, _terms(data, depot), writer_of(platform, caller))
        await platform.record(
            tx,
            caller,
            "capacity.terms_saved",
            subject=("depot", depot.id),
            data={
                "version": saved.version,
                "target": saved.target,
                "contract_vehicles": saved.contract_vehicles,
                "spot_vehicles": saved.spot_vehicles,
                "doors": saved.doors,
            },
        )
        (view,) = await shown_terms(tx, caller, [depot])
        return view


async def shown_terms(
    tx: PlatformStore, caller: Caller, depots: list[Depot]
) -> list[CapacityTermsView]:
    """The terms of some depots, in their order, with who wrote them."""
    saved = {each.depot_id: each for each in await tx.capacity_terms.list_all()}
    names = await authors_shown(tx, caller, [each.author_id for each in saved.values()])
    return [
        _shown(depot, saved.get(depot.id, DepotTerms(depot_id=depot.id)), names) for depot in depots
    ]


def _shown(depot: Depot, terms: DepotTerms, names: Mapping[UUID, str | None]) -> CapacityTermsView:
    return view_terms(depot, terms, names.get(terms.author_id) if terms.author_id else None)


async def _depot(tx: PlatformStore, code: str) -> Depot:
    codes, odd = await known_depots(tx, [code], "depot")
    if odd:
        raise TermsInvalidError(faults=odd)
    return next(each for each in await tx.fleet.list_depots() if each.code == codes[0])


def _terms(body: CapacityTermsBody, depot: Depot) -> DepotTerms:
    return DepotTerms(
        depot_id=depot.id,
        contract_vehicles=body.contract_vehicles,
        contract_carrier=body.contract_carrier,
        contract_day_cost_clp=body.contract_day_cost_clp,
        contract_days_min=body.contract_days_min,
        spot_vehicles=body.spot_vehicles,
        spot_day_cost_clp=body.spot_day_cost_clp,
        doors=body.doors,
        loading_min=body.loading_min,
        loading_span_min=body.loading_span_min,
        target=body.target,
        version=body.version,
    )


router = Router(
    path="", route_handlers=[list_terms, list_terms_versions, put_terms], tags=["capacity"]
)
