"""Positions from outside the page: the Traccar Client app, old and new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, Router, get, post

from promesa.api.auth import PUBLIC
from promesa.domain.access import CredentialKind
from promesa.runtime import access
from promesa.runtime.platform import Platform
from promesa.runtime.positions import take_fixes
from promesa.tracking import osmand, traccar
from promesa.tracking.intake import UnknownDeviceError, shift_to
from promesa.tracking.repository import Fix


async def _device(platform: Platform, secret: str) -> tuple[UUID, UUID]:
    """Tenant and driver of a paired phone."""
    kinds = frozenset({CredentialKind.DEVICE})
    found = await access.find_valid(platform.directory, secret, kinds, platform.clock.now())
    if found is None or not await platform.is_driving(found.tenant_id, found.subject_id):
        raise UnknownDeviceError
    return found.tenant_id, found.subject_id


async def _take(platform: Platform, tenant_id: UUID, fixes: Sequence[Fix]) -> None:
    """Takes positions; in the demo a real phone drives through a day that is not its own."""
    now = platform.clock.now()
    await take_fixes(platform, tenant_id, shift_to(fixes, now) if platform.demo else fixes)


@post("/v1/positions/traccar", access=PUBLIC, status_code=200, summary="Traccar Client 9 and later")
async def take_traccar(data: dict[str, Any], platform: Platform) -> Response[None]:
    """A position, or several, of a paired phone; the device id is its secret."""
    tenant_id, driver_id = await _device(platform, traccar.read_device_secret(data))
    await _take(platform, tenant_id, traccar.read_traccar(data, driver_id))
    return Response(None, status_code=200)


@get(
    "/v1/positions/osmand",
    access=PUBLIC,
    summary="OsmAnd query string of older Traccar Clients",
    parameters_any=True,
)
async def take_osmand(platform: Platform, request: Request[Any, Any, Any]) -> Response[None]:
    """A position of a paired phone."""
    return await _take_osmand(platform, request)


@post(
    "/v1/positions/osmand",
    access=PUBLIC,
    status_code=200,
    summary="The same by POST",
    parameters_any=True,
)
async def post_osmand(platform: Platform, request: Request[Any, Any, Any]) -> Response[None]:
    """A position of a paired phone."""
    return await _take_osmand(platform, request)


async def _take_osmand(platform: Platform, request: Request[Any, Any, Any]) -> Response[None]:
    query = {key: request.query_params.get(key, "") for key in request.query_params}
    tenant_id, driver_id = await _device(platform, osmand.read_device_secret(query))
    fix = osmand.read_osmand(query, driver_id, platform.clock.now())
    await _take(platform, tenant_id, [fix])
    return Response(None, status_code=200)


router = Router(
    path="",
    route_handlers=[take_traccar, take_osmand, post_osmand],
    tags=["devices"],
)
