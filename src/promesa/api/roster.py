"""Drivers, the link that binds a phone to one, and shifts."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

import msgspec
import segno
from litestar import Router, delete, get, post, put

from promesa.api.decoding import View, Wire
from promesa.api.fleet import ClockTime, Clp, Code, Name, note_change
from promesa.api.fleet_in_use import (
    find_route_against,
    require_same_use,
    require_shift_unused,
)
from promesa.domain.access import CredentialKind
from promesa.domain.actor import Permission
from promesa.domain.fleet import MEAL_BREAK_S_MIN, OVERTIME_S_MAX, Driver, MealBreak, Shift
from promesa.domain.person import Person
from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.runtime import access
from promesa.runtime.platform import Caller, Platform
from promesa.runtime.repository import PlatformStore

Phone = Annotated[str, msgspec.Meta(min_length=6, max_length=20)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=86_400)]
Comuna = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class ShiftError(InvalidError):
    """A shift ends before it starts, or names what does not exist."""

    code: ClassVar[str] = "shift_invalid"
    message = "El turno no sirve: revisa horas, conductor, vehículo y CD."


class DriverLimitsError(InvalidError):
    """What a driver may work is against the law, or cannot be."""

    code: ClassVar[str] = "driver_limits_invalid"
    message = "Las horas del conductor no sirven. Corrige las que se indican."


class MealBreakBody(Wire):
    """The colación: begun and over between two clock times of the zone."""

    duration_s: Seconds
    earliest: ClockTime
    latest: ClockTime


class DriverBody(Wire):
    """A driver; null is without a limit, and no overtime at all."""

    code: Code
    name: Name
    phone: Phone | None = None
    is_active: bool = True
    meal_break: MealBreakBody | None = None
    driving_max_s: Seconds | None = None
    duty_max_s: Seconds | None = None
    overtime_max_s: Seconds | None = None
    overtime_hour_cost_clp: Clp | None = None
    latest_start: ClockTime | None = None
    areas: Annotated[list[Comuna], msgspec.Meta(max_length=60)] = msgspec.field(
        default_factory=list
    )


class MealBreakView(View):
    """The colación."""

    duration_s: int
    earliest: time
    latest: time


class DriverView(View):
    """A driver; ``areas`` are the comunas they know, all of them when empty."""

    id: UUID
    code: str
    name: str | None
    phone: str | None
    is_active: bool
    meal_break: MealBreakView | None
    driving_max_s: int | None
    duty_max_s: int | None
    overtime_max_s: int | None
    overtime_hour_cost_clp: int | None
    latest_start: time | None
    areas: list[str]


class DriverList(View):
    """All drivers, by code."""

    items: list[DriverView]


class ShiftBody(Wire):
    """Who drives what, from where, when."""

    date: date
    driver_id: UUID
    vehicle_id: UUID
    depot_id: UUID
    start: Annotated[datetime, msgspec.Meta(tz=True)]
    end: Annotated[datetime, msgspec.Meta(tz=True)]


class ShiftView(View):
    """A shift."""

    id: UUID
    date: date
    driver_id: UUID
    vehicle_id: UUID
    depot_id: UUID
    start: datetime
    end: datetime


class ShiftList(View):
    """The shifts of a day."""

    items: list[ShiftView]


class ShiftCopy(Wire):
    """Copies the shifts of one day to another, at the same clock times."""

    from_date: date
    to_date: date


def _view_driver(driver: Driver, person: Person | None) -> DriverView:
    return DriverView(
        id=driver.id,
        code=driver.code,
        name=person.name if person else None,
        phone=person.phone if person else None,
        is_active=driver.is_active,
        meal_break=_view_meal(driver.meal_break),
        driving_max_s=driver.driving_max_s,
        duty_max_s=driver.duty_max_s,
        overtime_max_s=driver.overtime_max_s,
        overtime_hour_cost_clp=driver.overtime_hour_cost_clp,
        latest_start=driver.latest_start,
        areas=sorted(driver.areas),
    )


def _view_meal(meal: MealBreak | None) -> MealBreakView | None:
    if meal is None:
        return None
    return MealBreakView(duration_s=meal.duration_s, earliest=meal.earliest, latest=meal.latest)


def _with_limits(driver: Driver, data: DriverBody) -> Driver:
    """The driver with what they may work.

    Raises:
        DriverLimitsError: The law or the clock forbids it.
    """
    meal = data.meal_break
    faults = []
    if meal is not None and meal.duration_s < MEAL_BREAK_S_MIN:
        reason = "La colación dura 30 minutos o más (Código del Trabajo, art. 34)."
        faults.append(FieldFault(field="meal_break.duration_s", reason=reason))
    elif meal is not None and _second_of(meal.latest) - _second_of(meal.earliest) < meal.duration_s:
        reason = "La colación no cabe entre esas horas. Dale más espacio."
        faults.append(FieldFault(field="meal_break.latest", reason=reason))
    if data.overtime_max_s is not None and data.overtime_max_s > OVERTIME_S_MAX:
        reason = "Son 2 horas extra al día como máximo (Código del Trabajo, art. 31)."
        faults.append(FieldFault(field="overtime_max_s", reason=reason))
    if faults:
        raise DriverLimitsError(faults=faults)
    return replace(
        driver,
        meal_break=None if meal is None else _meal_of(meal),
        driving_max_s=data.driving_max_s,
        duty_max_s=data.duty_max_s,
        overtime_max_s=data.overtime_max_s,
        overtime_hour_cost_clp=data.overtime_hour_cost_clp,
        latest_start=data.latest_start,
        areas=frozenset(data.areas),
    )


def _meal_of(body: MealBreakBody) -> MealBreak:
    return MealBreak(duration_s=body.duration_s, earliest=body.earliest, latest=body.latest)


def _second_of(clock_time: time) -> int:
    return (clock_time.hour * 60 + clock_time.minute) * 60 + clock_time.second


def _view_shift(shift: Shift) -> ShiftView:
    return ShiftView(
        id=shift.id,
        date=shift.date,
        driver_id=shift.driver_id,
        vehicle_id=shift.vehicle_id,
        depot_id=shift.depot_id,
        start=shift.start,
        end=shift.end,
    )


class DriverLink(View):
    """A single-use link that binds a phone to a driver, also as a QR code."""

    url: str
    qr_svg: str
    expires_at: datetime


def qr_svg(text: str) -> str:
    """A QR code as an SVG drawing that takes the size of its box."""
    drawing = io.BytesIO()
    segno.make(text, error="m").save(drawing, kind="svg", xmldecl=False, omitsize=True, border=2)
    return drawing.getvalue().decode()


@post(
    "/v1/drivers/{driver_id:uuid}/sign-in-link", access=Permission.DISPATCH, summary="Sign-in link"
)
async def make_driver_link(driver_id: UUID, platform: Platform, caller: Caller) -> DriverLink:
    """Makes a link for the driver's phone; it can be used once."""
    lifetime = timedelta(minutes=platform.settings.server.driver_link_min)
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.fleet.get_driver(driver_id)
        token, credential = await access.issue(
            tx,
            kind=CredentialKind.DRIVER_LINK,
            tenant_id=caller.tenant_id,
            subject_id=driver_id,
            clock=platform.clock,
            ids=platform.ids,
            lifetime=lifetime,
        )
        await platform.record(tx, caller, "access.link_made", subject=("driver", driver_id))
    # After the #, so that no server or proxy writes the secret into a log.
    url = f"{platform.public_url}/conductor/entrar#{token}"
    return DriverLink(url=url, qr_svg=qr_svg(url), expires_at=credential.made_at + lifetime)


@get("/v1/drivers", access=Permission.READ_OPERATION, summary="Drivers")
async def list_drivers(platform: Platform, caller: Caller) -> DriverList:
    """Every driver; who may not read people gets codes only."""
    async with platform.transaction(caller.tenant_id) as tx:
        drivers = await tx.fleet.list_drivers()
        people: dict[UUID, Person] = {}
        if caller.actor.may(Permission.READ_PEOPLE):
            people = await tx.people.get_many([driver.person_id for driver in drivers])
    return DriverList(
        items=[_view_driver(driver, people.get(driver.person_id)) for driver in drivers]
    )


@post("/v1/drivers", access=Permission.MANAGE_FLEET, summary="Add a driver")
async def add_driver(data: DriverBody, platform: Platform, caller: Caller) -> DriverView:
    """Adds a driver."""
    person_id = platform.ids.next()
    driver = Driver(
        id=platform.ids.next(), code=data.code, person_id=person_id, is_active=data.is_active
    )
    person = Person(id=person_id, name=data.name, phone=data.phone)
    return await _put_driver(_with_limits(driver, data), person, platform, caller)


@put("/v1/drivers/{driver_id:uuid}", access=Permission.MANAGE_FLEET, summary="Change a driver")
async def change_driver(
    driver_id: UUID, data: DriverBody, platform: Platform, caller: Caller
) -> DriverView:
    """Replaces a driver's data."""
    async with platform.transaction(caller.tenant_id) as tx:
        person_id = (await tx.fleet.get_driver(driver_id)).person_id
    driver = Driver(id=driver_id, code=data.code, person_id=person_id, is_active=data.is_active)
    person = Person(id=person_id, name=data.name, phone=data.phone)
    return await _put_driver(_with_limits(driver, data), person, platform, caller)


async def _put_driver(
    driver: Driver, person: Person, platform: Platform, caller: Caller
) -> DriverView:
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.people.put(person)
        await tx.fleet.put_driver(driver)
        await note_change(platform, tx, caller, "driver", driver.id)
    return _view_driver(driver, person)


@get("/v1/shifts", access=Permission.READ_OPERATION, summary="Shifts of a day")
async def list_shifts(date: date, platform: Platform, caller: Caller) -> ShiftList:
    """Who drives what on a day."""
    async with platform.transaction(caller.tenant_id) as tx:
        shifts = await tx.fleet.list_shifts(date)
    return ShiftList(items=[_view_shift(shift) for shift in shifts])


@put("/v1/shifts/{shift_id:uuid}", access=Permission.MANAGE_FLEET, summary="Put a shift")
async def put_shift(
    shift_id: UUID, data: ShiftBody, platform: Platform, caller: Caller
) -> ShiftView:
    """Adds or replaces a shift; the id is the caller's. Under a route only its hours may change."""
    shift = Shift(
        id=shift_id,
        date=data.date,
        driver_id=data.driver_id,
        vehicle_id=data.vehicle_id,
        depot_id=data.depot_id,
        start=data.start,
        end=data.end,
    )
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.fleet.lock_shifts()
        await _check_shift(tx, shift)
        await require_same_use(tx, shift)
        await tx.fleet.put_shift(shift)
        await note_change(platform, tx, caller, "shift", shift.id)
    return _view_shift(shift)


async def _check_shift(tx: PlatformStore, shift: Shift) -> None:
    day = ServiceDay(shift.date)
    known = (
        shift.driver_id in {driver.id for driver in await tx.fleet.list_drivers()}
        and shift.vehicle_id in {vehicle.id for vehicle in await tx.fleet.list_vehicles()}
        and shift.depot_id in {depot.id for depot in await tx.fleet.list_depots()}
    )
    is_of_day = day.start <= shift.start < day.end
    if not known or not is_of_day or not shift.start < shift.end <= day.end + timedelta(days=1):
        raise ShiftError


@delete("/v1/shifts/{shift_id:uuid}", access=Permission.MANAGE_FLEET, summary="Remove a shift")
async def remove_shift(shift_id: UUID, platform: Platform, caller: Caller) -> None:
    """Removes a shift no route needs; removing it twice changes nothing."""
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.fleet.lock_shifts()
        await require_shift_unused(tx, shift_id)
        await tx.fleet.remove_shift(shift_id)
        await note_change(platform, tx, caller, "shift", shift_id)


@post("/v1/shifts/copy", access=Permission.MANAGE_FLEET, summary="Copy a day's shifts")
async def copy_shifts(data: ShiftCopy, platform: Platform, caller: Caller) -> ShiftList:
    """Copies shifts at the same clock times, but for those a route needs as they are.

    Who drives at those hours already keeps what stands.
    """
    target = ServiceDay(data.to_date)
    async with platform.transaction(caller.tenant_id) as tx:
        await tx.fleet.lock_shifts()
        moved = [_moved(shift, target) for shift in await tx.fleet.list_shifts(data.from_date)]
        there = await tx.fleet.list_shifts(data.to_date)
        free = [shift for shift in moved if not any(_meets(shift, each) for each in there)]
        copies = [shift for shift in free if await find_route_against(tx, shift) is None]
        for shift in copies:
            await tx.fleet.put_shift(shift)
            await note_change(platform, tx, caller, "shift", shift.id)
    return ShiftList(items=[_view_shift(shift) for shift in copies])


def _meets(shift: Shift, other: Shift) -> bool:
    """Whether another shift has its driver in those hours."""
    is_then = shift.start < other.end and other.start < shift.end
    return shift.driver_id == other.driver_id and is_then and shift.id != other.id


def _moved(shift: Shift, target: ServiceDay) -> Shift:
    """The same shift on another day; what lasted eight hours lasts eight hours."""
    # By the clock and not by seconds since the day began: when clocks change it begins at 01:00.
    start = target.at(target.clock_time_of(shift.start))
    return Shift(
        # A driver may have the van twice in a day.
        id=derived_id("shift", target.date, shift.driver_id, shift.vehicle_id, start.isoformat()),
        date=target.date,
        driver_id=shift.driver_id,
        vehicle_id=shift.vehicle_id,
        depot_id=shift.depot_id,
        start=start,
        end=start + (shift.end - shift.start),
    )


router = Router(
    path="",
    route_handlers=[
        list_drivers,
        add_driver,
        change_driver,
        make_driver_link,
        list_shifts,
        put_shift,
        remove_shift,
        copy_shifts,
    ],
    tags=["fleet"],
)
