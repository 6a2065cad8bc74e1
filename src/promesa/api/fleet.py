"""Depots and vehicles."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
from litestar import Router, get, post, put

from promesa.api.decoding import View, Wire
from promesa.api.fleet_in_use import require_off_routes
from promesa.domain.actor import Permission
from promesa.domain.fleet import (
    Depot,
    Load,
    Vehicle,
    VehicleKind,
    VehicleSize,
    is_chilean_plate,
    plain_plate,
    skill_words,
)
from promesa.kernel.errors import ConflictError, FieldFault, InvalidError, NotFoundError
from promesa.kernel.geo import Position
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Plate = Annotated[str, msgspec.Meta(min_length=4, max_length=12)]
Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]
# By the clocks of the zone: an offset would say it twice.
ClockTime = Annotated[dt.time, msgspec.Meta(tz=False)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Clp = Annotated[int, msgspec.Meta(ge=0, le=100_000_000)]
Centimetres = Annotated[int, msgspec.Meta(ge=30, le=2_000)]
Kilograms = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Stops = Annotated[int, msgspec.Meta(ge=1, le=1_000)]
Trips = Annotated[int, msgspec.Meta(ge=1, le=10)]
Loading = Annotated[int, msgspec.Meta(ge=0, le=28_800)]


class DepotHoursError(InvalidError):
    """A depot closes before it opens."""

    code: ClassVar[str] = "depot_hours_invalid"
    message = "El CD cierra antes de abrir. Revisa las horas."


class PlateTakenError(ConflictError):
    """Another vehicle of the operator has this plate."""

    code: ClassVar[str] = "plate_taken"
    message = "Esa patente ya la tiene otro vehículo."


class PlateUnknownError(InvalidError):
    """The plate has none of the Chilean forms, and nobody said that it is meant so."""

    code: ClassVar[str] = "plate_unknown"
    message = (
        "No parece una patente chilena (AB·1234 o BBCD·12; motos, ABC·12 o AB·123). Corrígela, o "
        "di que es extranjera o especial."
    )


class DepotBody(Wire):
    """A place vans leave from; its hours are clock times of its zone."""

    code: Code
    name: Name
    position: tuple[Lon, Lat]
    address: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    opens: ClockTime | None = None
    closes: ClockTime | None = None


class DepotView(View):
    """A depot."""

    id: UUID
    code: str
    name: str
    position: tuple[float, float]
    address: str | None
    opens: dt.time | None
    closes: dt.time | None


class DepotList(View):
    """All depots, by code."""

    items: list[DepotView]


class Capacity(Wire):
    """What a vehicle takes."""

    parcels: Count
    weight_g: Count
    volume_ml: Count


class Size(Wire):
    """What bridges and signs ask, with its load; null where nobody measured."""

    height_cm: Centimetres | None = None
    width_cm: Centimetres | None = None
    weight_kg: Kilograms | None = None


class VehicleBody(Wire):
    """A van; a plate without a Chilean form is taken when ``is_odd_plate`` says it is meant so.

    Null is unknown or without a limit, never zero: ``loading_time_s`` between two trips is then
    half an hour.
    """

    code: Code
    plate: Plate
    depot_id: UUID
    capacity: Capacity
    skills: Annotated[list[str], msgspec.Meta(max_length=20)] = msgspec.field(default_factory=list)
    cost_fixed_clp: Clp = 0
    cost_per_hour_clp: Clp = 0
    cost_per_km_clp: Clp = 0
    kind: VehicleKind = VehicleKind.VAN
    size: Size | None = None
    stops_max: Stops | None = None
    trips_max: Trips = 1
    loading_time_s: Loading | None = None
    is_active: bool = True
    is_odd_plate: bool = False


class VehicleView(View):
    """A van."""

    id: UUID
    code: str
    plate: str
    depot_id: UUID
    capacity: Capacity
    skills: list[str]
    cost_fixed_clp: int
    cost_per_hour_clp: int
    cost_per_km_clp: int
    kind: VehicleKind
    size: Size | None
    stops_max: int | None
    trips_max: int
    loading_time_s: int | None
    is_active: bool


class VehicleList(View):
    """All vans, by code."""

    items: list[VehicleView]


def _view_depot(depot: Depot) -> DepotView:
    spot = depot.position
    return DepotView(
        id=depot.id,
        code=depot.code,
        name=depot.name,
        position=(spot.lon, spot.lat),
        address=depot.address,
        opens=depot.opens,
        closes=depot.closes,
    )


def _view_vehicle(vehicle: Vehicle) -> VehicleView:
    load = vehicle.capacity
    return VehicleView(
        id=vehicle.id,
        code=vehicle.code,
        plate=vehicle.plate,
        depot_id=vehicle.depot_id,
        capacity=Capacity(parcels=load.parcels, weight_g=load.weight_g, volume_ml=load.volume_ml),
        skills=sorted(vehicle.skills),
        cost_fixed_clp=vehicle.cost_fixed_clp,
        cost_per_hour_clp=vehicle.cost_per_hour_clp,
        cost_per_km_clp=vehicle.cost_per_km_clp,
        kind=vehicle.kind,
        size=_view_size(vehicle.size),
        stops_max=vehicle.stops_max,
        trips_max=vehicle.trips_max,
        loading_time_s=vehicle.loading_time_s,
        is_active=vehicle.is_active,
    )


def _view_size(size: VehicleSize | None) -> Size | None:
    if size is None:
        return None
    return Size(height_cm=size.height_cm, width_cm=size.width_cm, weight_kg=size.weight_kg)


def _size_of(body: Size | None) -> VehicleSize | None:
    """None when nothing of it is known."""
    if body is None or body == Size():
        return None
    return VehicleSize(height_cm=body.height_cm, width_cm=body.width_cm, weight_kg=body.weight_kg)


async def note_change(
    platform: Platform, tx: PlatformStore, caller: Caller, noun: str, subject_id: UUID
) -> None:
    """Records that a thing of the fleet changed."""
    await platform.record(
        tx, caller, "fleet.changed", subject=(noun, subject_id), data={"noun": noun}
    )


@get("/v1/depots", access=Permission.READ_OPERATION, summary="Depots")
async def list_depots(platform: Platform, caller: Caller) -> DepotList:
    """Every depot."""
    async with platform.transaction(caller.tenant_id) as tx:
        return DepotList(items=[_view_depot(depot) for depot in await tx.fleet.list_depots()])


@post("/v1/depots", access=Permission.MANAGE_FLEET, summary="Add a depot")
async def add_depot(data: DepotBody, platform: Platform, caller: Caller) -> DepotView:
    """Adds a place vans leave from."""
    return await _put_depot(platform.ids.next(), data, platform, caller)


@put("/v1/depots/{depot_id:uuid}", access=Permission.MANAGE_FLEET, summary="Change a depot")
async def change_depot(
    depot_id: UUID, data: DepotBody, platform: Platform, caller: Caller
) -> DepotView:
    """Replaces a depot's data; routes already published keep their times."""
    async with platform.transaction(caller.tenant_id) as tx:
        if depot_id not in {depot.id for depot in await tx.fleet.list_depots()}:
            raise NotFoundError
    return await _put_depot(depot_id, data, platform, caller)


async def _put_depot(
    depot_id: UUID, data: DepotBody, platform: Platform, caller: Caller
) -> DepotView:
    if data.opens is not None and data.closes is not None and data.closes <= data.opens:
        raise DepotHoursError
    depot = Depot(
        id=depot_id,
        code=data.code,
        name=data.name,
        position=Position(lon=data.position[0], lat=data.position[1]),
        address=(data.address or "").strip() or None,
        opens=data.opens,
        closes=data.closes,
    )
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.fleet.put_depot(depot)
        await note_change(platform, tx, caller, "depot", depot.id)
    return _view_depot(depot)


@get("/v1/vehicles", access=Permission.READ_OPERATION, summary="Vehicles")
async def list_vehicles(platform: Platform, caller: Caller) -> VehicleList:
    """Every van, active or not."""
    async with platform.transaction(caller.tenant_id) as tx:
        vehicles = await tx.fleet.list_vehicles()
    return VehicleList(items=[_view_vehicle(vehicle) for vehicle in vehicles])


@post("/v1/vehicles", access=Permission.MANAGE_FLEET, summary="Add a vehicle")
async def add_vehicle(data: VehicleBody, platform: Platform, caller: Caller) -> VehicleView:
    """Adds a van."""
    return await _put_vehicle(platform.ids.next(), data, platform, caller)


@put("/v1/vehicles/{vehicle_id:uuid}", access=Permission.MANAGE_FLEET, summary="Change a vehicle")
async def change_vehicle(
    vehicle_id: UUID, data: VehicleBody, platform: Platform, caller: Caller
) -> VehicleView:
    """Replaces a van's data."""
    async with platform.transaction(caller.tenant_id) as tx:
        if vehicle_id not in {vehicle.id for vehicle in await tx.fleet.list_vehicles()}:
            raise NotFoundError(noun="vehicle")
    return await _put_vehicle(vehicle_id, data, platform, caller)


async def _put_vehicle(
    vehicle_id: UUID, data: VehicleBody, platform: Platform, caller: Caller
) -> VehicleView:
    vehicle = Vehicle(
        id=vehicle_id,
        code=data.code,
        plate=plain_plate(data.plate),
        depot_id=data.depot_id,
        capacity=Load(
            parcels=data.capacity.parcels,
            weight_g=data.capacity.weight_g,
            volume_ml=data.capacity.volume_ml,
        ),
        skills=skill_words(data.skills),
        cost_fixed_clp=data.cost_fixed_clp,
        cost_per_hour_clp=data.cost_per_hour_clp,
        cost_per_km_clp=data.cost_per_km_clp,
        kind=data.kind,
        size=_size_of(data.size),
        stops_max=data.stops_max,
        trips_max=data.trips_max,
        loading_time_s=data.loading_time_s,
        is_active=data.is_active,
    )
    async with platform.transaction(caller.tenant_id) as tx:
        if data.depot_id not in {depot.id for depot in await tx.fleet.list_depots()}:
            raise NotFoundError
        await _check_plate(tx, vehicle, is_odd=data.is_odd_plate)
        await _check_use(platform, tx, vehicle)
        await tx.fleet.put_vehicle(vehicle)
        await note_change(platform, tx, caller, "vehicle", vehicle.id)
    return _view_vehicle(vehicle)


async def _check_plate(tx: PlatformStore, vehicle: Vehicle, *, is_odd: bool) -> None:
    """Refuses a plate that is another's, or looks like none; one that was kept so may stay.

    Raises:
        PlateTakenError: Also when the other vehicle is out of use: it may come back.
        PlateUnknownError: It has no Chilean form.
    """
    await tx.fleet.lock_vehicles()
    others = await tx.fleet.list_vehicles()
    kept = {item.plate for item in others if item.id == vehicle.id}
    plate = vehicle.plate
    if plate in kept:
        return
    for other in others:
        if plain_plate(other.plate) == plate and other.id != vehicle.id:
            raise _on_plate(PlateTakenError(_taken_sentence(other)))
    if not plate or not (is_odd or is_chilean_plate(plate)):
        raise _on_plate(PlateUnknownError())


async def _check_use(platform: Platform, tx: PlatformStore, vehicle: Vehicle) -> None:
    """Refuses to take one out of service that drives a route of today or later."""
    kept = await tx.fleet.list_vehicles()
    was_active = any(item.id == vehicle.id and item.is_active for item in kept)
    if was_active and not vehicle.is_active:
        await require_off_routes(tx, platform.clock, vehicle_id=vehicle.id)


def _taken_sentence(other: Vehicle) -> str:
    if other.is_active:
        return f"Esa patente ya la tiene el vehículo {other.code}. Revisa cuál es la correcta."
    return (
        f"Esa patente es del vehículo {other.code}, que está fuera de servicio. Si volvió, "
        "ponlo en servicio en vez de crear otro."
    )


def _on_plate(error: PlateTakenError | PlateUnknownError) -> PlateTakenError | PlateUnknownError:
    """The same error, said of the field."""
    fault = FieldFault(field="plate", reason=error.sentence, code=error.code)
    return type(error)(error.sentence, faults=[fault])


router = Router(
    path="",
    route_handlers=[
        list_depots,
        add_depot,
        change_depot,
        list_vehicles,
        add_vehicle,
        change_vehicle,
    ],
    tags=["fleet"],
)
