"""The port to whatever turns an address into a position, and the chain of those that can."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from promesa.domain.place import UNCERTAINTY_M_MAX, Placement
from promesa.kernel.clock import Clock
from promesa.kernel.errors import UnavailableError
from promesa.kernel.geo import Position
from promesa.orders.text import words_of

# Longer than a quote stands and its place is held by the terms everybody begins with: 75 minutes.
ANSWER_KEPT = timedelta(hours=2)
# Some 100 quotes a minute for two hours; a kilobyte each.
ANSWERS_MAX = 12_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressQuery:
    """What is known of a door: the line as written, without the unit, and the comuna."""

    line: str
    comuna: str | None = None


class Geocoder(Protocol):
    """Finds where an address is."""

    async def locate(self, query: AddressQuery) -> Placement | None:
        """The best placement, or None when there is none.

        Raises:
            UnavailableError: The service behind it does not answer.
        """
        ...


class GeocoderChain:
    """Asks geocoders in order until one is sure enough; else the least uncertain answer wins."""

    def __init__(
        self, geocoders: Sequence[Geocoder], *, uncertainty_m_max: float = UNCERTAINTY_M_MAX
    ) -> None:
        self._geocoders = tuple(geocoders)
        self._uncertainty_m_max = uncertainty_m_max

    async def locate(self, query: AddressQuery) -> Placement | None:
        """The first sure answer, else the least uncertain; one that is down is passed over."""
        best: Placement | None = None
        for geocoder in self._geocoders:
            try:
                found = await geocoder.locate(query)
            except UnavailableError:
                continue
            if found is None:
                continue
            if best is None or found.uncertainty_m < best.uncertainty_m:
                best = found
            if best.uncertainty_m <= self._uncertainty_m_max:
                break
        return best


class RecentGeocoder:
    """What a service answered lately: the place that a quote found serves the order that brings it.

    A service is asked by the words of an address, so that another spelling of it is the same
    question. That it did not answer is not kept.
    """

    def __init__(self, service: Geocoder, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._answers: OrderedDict[tuple[str, str], tuple[datetime, Placement | None]] = (
            OrderedDict()
        )

    async def locate(self, query: AddressQuery) -> Placement | None:
        """What it said of this address within the last hours, else what it says now."""
        key = (" ".join(words_of(query.line)), " ".join(words_of(query.comuna or "")))
        now = self._clock.now()
        asked_at, known = self._answers.get(key, (None, None))
        if asked_at is not None and now - asked_at < ANSWER_KEPT:
            return known
        found = await self._service.locate(query)
        self._answers[key] = now, found
        self._answers.move_to_end(key)
        while len(self._answers) > ANSWERS_MAX:
            self._answers.popitem(last=False)
        return found


class CityGeocoder:
    """The city's own index behind the port.

    Args:
        find: From address line and comuna to a placement; the index lives in memory.
    """

    def __init__(self, find: Callable[[str, str | None], Placement | None]) -> None:
        self._find = find

    async def locate(self, query: AddressQuery) -> Placement | None:
        """What the index says."""
        return self._find(query.line, query.comuna)


class Territory(Protocol):
    """Which comuna a position lies in."""

    def comuna_of(self, position: Position) -> str | None:
        """Its name; None outside the known ones."""
        ...


class Coverage(Protocol):
    """How far our map goes."""

    def covers(self, position: Position, comuna: str | None) -> bool:
        """Whether vans can be planned there: on the map, and in none of the comunas it lacks."""
        ...
