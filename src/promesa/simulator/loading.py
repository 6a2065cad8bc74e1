"""How parcels get into a van: scanned at the depot, or taken over from a van that stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any

from promesa.kernel.geo import Position
from promesa.simulator.phone import Phone
from promesa.simulator.way import ABOARD


def load_out(
    phone: Phone,
    stops: Iterable[dict[str, Any]],
    at: datetime,
    place: Position | None,
    *,
    scan_s: float,
) -> set[str]:
    """Scans at the depot what the route delivers, one parcel after the other; returns barcodes."""
    phone.tell("route.loading_started", at, place)
    aboard, moment = set(), at
    for stop in stops:
        if stop["type"] != "delivery" or stop["transfer"] is not None:
            continue
        for parcel in stop["parcels"]:
            moment += timedelta(seconds=scan_s)
            phone.tell("parcel.loaded", moment, place, barcode=parcel["barcode"])
            aboard.add(parcel["barcode"])
    phone.tell("route.loaded", moment, place)
    return aboard


def take_from_van(
    phone: Phone,
    stops: Sequence[dict[str, Any]],
    at: datetime,
    place: Position | None,
    *,
    from_code: str,
    aboard: AbstractSet[str],
) -> set[str]:
    """Scans what another van still carries for this one, where that one stands."""
    waiting = [
        parcel["barcode"]
        for stop in stops
        if stop["transfer"] is not None and stop["transfer"]["from_code"] == from_code
        for parcel in stop["parcels"]
        if parcel["barcode"] not in aboard and parcel["state"] in ABOARD
    ]
    for barcode in waiting:
        phone.tell("parcel.loaded", at, place, barcode=barcode)
    return set(waiting)
