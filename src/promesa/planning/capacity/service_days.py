"""A forecast's parcels on the days on which vans go out.

What counts as deliveries of a closed day goes out on the next one with deliveries; what counts as
orders goes out when the operator's rule lets it. Whether a file counts one or the other is said by
who gives it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from promesa.planning.capacity.scenarios import Volume
from promesa.planning.demand.lead_time import LeadTime, LeadTimeSource, deliveries_of

# Of deliveries: they leave on the day they are counted for, if it is one with deliveries.
SAME_DAY = LeadTime(shares=(1.0,), source=LeadTimeSource.CUT_OFF)
_PARTS = ("mean", "p10", "p50", "p90")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDays:
    """A forecast on its days of deliveries.

    Attributes:
        volumes: As many as were given; nothing on closed days.
        closed: Days of the forecast without deliveries, rising.
        moved: Expected parcels counted for those days.
        beyond: Expected parcels that go out after the forecast's last day, and are in no volume.
    """

    volumes: tuple[Volume, ...]
    closed: tuple[date, ...]
    moved: float
    beyond: float


def on_service_days(
    volumes: Sequence[Volume], is_open: Callable[[date], bool], lead: LeadTime = SAME_DAY
) -> ServiceDays:
    """When the parcels of each series go out.

    The mean is exact. Days that meet in one are taken to miss together, so their interval is rather
    too wide. Names of events stay with their days only where nothing but closed days moves.

    Args:
        volumes: As forecast.
        is_open: Whether anything is delivered on a day.
        lead: From the day counted for to the delivery.
    """
    by_series: dict[str, list[Volume]] = defaultdict(list)
    for volume in volumes:
        by_series[volume.series].append(volume)
    found: list[Volume] = []
    for own in by_series.values():
        found += _moved(own, is_open, lead)
    closed = {volume.date for volume in volumes if not is_open(volume.date)}
    before, after = (sum(each.mean for each in some) for some in (volumes, found))
    return ServiceDays(
        volumes=tuple(found),
        closed=tuple(sorted(closed)),
        moved=sum(volume.mean for volume in volumes if volume.date in closed),
        beyond=max(0.0, before - after),
    )


def _moved(own: Sequence[Volume], is_open: Callable[[date], bool], lead: LeadTime) -> list[Volume]:
    """One series, by day."""
    parts = {
        part: deliveries_of({each.date: getattr(each, part) for each in own}, lead, is_open)
        for part in _PARTS
    }
    return [
        Volume(
            series=each.series,
            date=each.date,
            event=each.event if lead is SAME_DAY and is_open(each.date) else "",
            **{part: parts[part].get(each.date, 0.0) for part in _PARTS},
        )
        for each in sorted(own, key=lambda volume: volume.date)
    ]
