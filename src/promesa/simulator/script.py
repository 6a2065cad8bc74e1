"""What is going to happen on a simulated day, drawn once from the seed before it begins.

Each thing has a stream of its own, so that one more order moves nobody else's fate.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay
from promesa.simulator.shoppers import (
    GOODS,
    INSTRUCTIONS,
    SHOPS,
    draw_name,
    draw_phone,
    draw_rut,
    draw_unit,
    email_of,
)
from promesa.simulator.town import Door, Town
from promesa.simulator.world_file import World

# Degrees: a checkout's pin is put by hand, some 15 m from the door.
_PIN_SIGMA_DEG = 0.00014
_MORNING, _NOON, _EVENING = time(9), time(14), time(20)
_TWO_HOURS = ((10, 12), (12, 14), (15, 17), (17, 19))
_FLAT_SHARE, _INSTRUCTED_SHARE = 0.55, 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFate:
    """One order, and what its people are going to do.

    Attributes:
        body: As it is sent to the platform.
        door: Where it truly is.
        failure: The reason its first visit fails for; None when it succeeds.
        score: The rating its recipient gives; None for none.
    """

    reference: str
    merchant: int
    body: dict[str, Any]
    door: Door
    receiver: str
    receiver_rut: str
    service_s: float
    failure: str | None
    opens_page: bool
    instructs: str | None
    score: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayScript:
    """A whole day before it happens."""

    date: date
    seed: int
    shops: tuple[Door, ...]
    orders: tuple[OrderFate, ...]


def write_script(town: Town, world: World, *, day: date, orders: int, seed: int) -> DayScript:
    """Draws a day; the same seed, the same day."""
    shops = tuple(town.draw_door(stream(seed, "shop", number)) for number in range(len(SHOPS)))
    fates = tuple(
        _draw_fate(town, world, ServiceDay(day), number, seed) for number in range(1, orders + 1)
    )
    return DayScript(date=day, seed=seed, shops=shops, orders=fates)


def barcode_of(reference: str, parcel: int) -> str:
    """The barcode on a box."""
    return f"{reference}-{parcel}"


def evidence_id(seed: int, stop_id: UUID, kind: str) -> UUID:
    """The id a phone gives a picture."""
    return derived_id("simulated evidence", seed, stop_id, kind)


def _draw_fate(town: Town, world: World, day: ServiceDay, number: int, seed: int) -> OrderFate:
    draw = stream(seed, "order", number)
    merchant = draw.randrange(len(SHOPS))
    reference = f"{SHOPS[merchant][0][:3]}-{day.date:%m%d}-{number:05d}"
    door = town.draw_door(draw)
    name = draw_name(draw)
    behaviour = stream(seed, "people", number)
    recipients, service = world.recipients, world.service
    return OrderFate(
        reference=reference,
        merchant=merchant,
        body=order_body(world, day, door, draw, reference=reference, name=name, number=number),
        door=door,
        receiver=name,
        receiver_rut=draw_rut(draw),
        service_s=service.median_s * behaviour.lognormvariate(0.0, service.sigma),
        failure=_draw_failure(world, stream(seed, "fate", number)),
        opens_page=behaviour.random() < recipients.open_page,
        instructs=behaviour.choice(INSTRUCTIONS)
        if behaviour.random() < recipients.instruct
        else None,
        score=_draw_score(world, behaviour),
    )


def _draw_failure(world: World, draw: random.Random) -> str | None:
    if draw.random() >= world.outcomes.not_delivered:
        return None
    return draw.choices(list(world.reasons), list(world.reasons.values()))[0]


def _draw_score(world: World, draw: random.Random) -> int | None:
    if draw.random() >= world.recipients.rate:
        return None
    is_happy = draw.random() < world.recipients.happy
    return draw.choice((4, 5, 5)) if is_happy else draw.choice((1, 2, 3))


def order_body(
    world: World,
    day: ServiceDay,
    door: Door,
    draw: random.Random,
    *,
    reference: str,
    name: str,
    number: int,
) -> dict[str, Any]:
    """What a shop sends of an order for ``day``: who it is for, where, when and how much."""
    boxes = 2 if draw.random() < world.orders.second_parcel else 1
    body: dict[str, Any] = {
        "reference": reference,
        "date": day.date.isoformat(),
        "recipient": {"name": name, "phone": draw_phone(draw)},
        "address": door.address,
        "comuna": door.comuna,
        "windows": _windows(world, day, draw),
        "parcels": [
            {
                "barcode": barcode_of(reference, parcel),
                "weight_g": draw.randrange(300, 9000),
                "volume_ml": draw.randrange(800, 30_000),
            }
            for parcel in range(1, boxes + 1)
        ],
        "items": [{"name": draw.choice(GOODS), "quantity": 1} for _ in range(boxes)],
    }
    if draw.random() < world.orders.with_email:
        body["recipient"]["email"] = email_of(name, number)
    if draw.random() < _FLAT_SHARE:
        body["unit"] = draw_unit(draw)
    if draw.random() < world.orders.with_position:
        spot = pinned(door.position, draw)
        body["position"] = [spot.lon, spot.lat]
    if draw.random() < world.orders.cash_on_delivery:
        body["cod_clp"] = draw.randrange(5, 90) * 990
    if draw.random() < _INSTRUCTED_SHARE:
        body["instructions"] = draw.choice(INSTRUCTIONS)
    if draw.random() < world.orders.same_day_pickup:
        body["legs"] = [{"kind": "collection"}, {"kind": "delivery"}]
    return body


def pinned(place: Position, draw: random.Random) -> Position:
    """Where a buyer puts the pin of a place."""
    return Position(
        lon=round(draw.gauss(place.lon, _PIN_SIGMA_DEG), 6),
        lat=round(draw.gauss(place.lat, _PIN_SIGMA_DEG), 6),
    )


def _windows(world: World, day: ServiceDay, draw: random.Random) -> list[dict[str, str]]:
    """None for most: any time of the day."""
    chance = draw.random()
    if chance < world.orders.window_two_hours:
        start, end = draw.choice(_TWO_HOURS)
        return [_window(day.at(time(start)), day.at(time(end)))]
    if chance < world.orders.window_two_hours + world.orders.window_half_day:
        halves = ((_MORNING, _NOON), (_NOON, _EVENING))
        first, last = draw.choice(halves)
        return [_window(day.at(first), day.at(last))]
    return []


def _window(start: datetime, end: datetime) -> dict[str, str]:
    return {"start": start.isoformat(), "end": end.isoformat()}
