"""A depot's day at its doors: who loads where and when, who leaves late, what would mend it.

A van loads before it leaves, and again when its route brings it back. Parcels are taken to be
staged when the doors open; who comes back loads as long as the route gives.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from promesa.domain.fleet import Depot
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.docks import (
    DOORS_MAX,
    LOADINGS_MAX,
    Doors,
    Loading,
    Slot,
    schedule,
)
from promesa.planning.capacity.terms import DepotTerms
from promesa.routing.words import Tell, clock

# Opening sooner is weighed in steps that people say, and up to what a night's end allows.
SOONER_STEP_MIN, SOONER_MIN_MAX = 10, 240


class DockSource(StrEnum):
    """What the routes of a day are known from, the surest first."""

    PUBLISHED = "published"
    DRAFT = "draft"
    SHIFTS = "shifts"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class DockRoute:
    """A van that leaves.

    Attributes:
        due_s: Second of the service day at which it has to leave.
        back_s: Second at which it is back to load again; None for the first load.
    """

    name: str
    due_s: int
    back_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DockVariant:
    """The same routes with one thing changed."""

    name: str
    late_routes: int
    late_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DockDay:
    """A day at the doors.

    Attributes:
        doors: As scheduled with; those it takes where nobody said how many there are.
        are_given: Whether somebody said.
        again: Slots of vans that are back to load once more.
        needed: Doors with which every route leaves in time; None where no number does.
        variants: What lets more of them leave in time.
    """

    doors: Doors
    are_given: bool
    loading_min: int
    slots: tuple[Slot, ...]
    again: int
    needed: int | None
    variants: tuple[DockVariant, ...]

    @property
    def late(self) -> tuple[Slot, ...]:
        """Routes that leave late, in order of loading."""
        return tuple(slot for slot in self.slots if slot.late_s)


def make_dock_day(
    routes: Sequence[DockRoute], terms: DepotTerms, *, opens_s: int | None = None
) -> DockDay | None:
    """The doors of a day; None where nothing leaves.

    Args:
        routes: Of the depot.
        terms: Doors, minutes at one, minutes of loading in all.
        opens_s: Second at which the depot opens; None where it is always open.

    Raises:
        DocksInvalidError: There are too many routes.
    """
    if not routes:
        return None
    open_s = _opening_s([route.due_s for route in routes], terms, opens_s)
    last_s = max(route.due_s for route in routes)
    close_s = max(last_s, open_s + terms.loading_span_min * MINUTE_S)
    loadings = [_loading(route, terms, open_s) for route in routes]
    doors = Doors(count=1, open_s=open_s, close_s=close_s)
    needed = _needed(loadings, doors)
    count = terms.doors or needed or min(DOORS_MAX, len(loadings))
    doors = replace(doors, count=count)
    return DockDay(
        doors=doors,
        are_given=terms.doors is not None,
        again=sum(1 for route in routes if route.back_s is not None),
        loading_min=terms.loading_min,
        slots=schedule(loadings, doors),
        needed=needed,
        variants=_variants(loadings, doors),
    )


def _loading(route: DockRoute, terms: DepotTerms, open_s: int) -> Loading:
    duration_s = terms.loading_min * MINUTE_S
    if route.back_s is None:
        return Loading(route=route.name, ready_s=open_s, due_s=route.due_s, duration_s=duration_s)
    # A plan whose vans load in no time leaves them the minutes of the first load.
    return Loading(
        route=route.name,
        ready_s=max(open_s, route.back_s),
        due_s=route.due_s,
        duration_s=max(0, route.due_s - route.back_s) or duration_s,
    )


def with_hired(routes: Sequence[DockRoute], contracted: int, spot: int) -> tuple[DockRoute, ...]:
    """The own vans of shifts, and the hired ones that the plan has beside them, with the first."""
    if not routes:
        return ()
    first_s = min(route.due_s for route in routes)
    names = [f"Contratada {number}" for number in range(1, contracted + 1)]
    names += [f"Al día {number}" for number in range(1, spot + 1)]
    return (*routes, *(DockRoute(name=name, due_s=first_s) for name in names))


def departures_in_time(
    own_due_s: Sequence[int], terms: DepotTerms, *, opens_s: int | None = None
) -> int | None:
    """How many vans the doors let out in time; None where nobody said how many doors there are.

    Hired vans load for the first shift, as many as the doors take; own ones of a later shift still
    load after it.

    Args:
        own_due_s: Second of the day at which each own van has to leave; () where nobody put any.
        terms: Doors, minutes at them and minutes in all.
        opens_s: As in `make_dock_day`.
    """
    if terms.doors is None or not own_due_s:
        return terms.departures_max
    open_s = _opening_s(own_due_s, terms, opens_s)
    count, first_s = 0, min(own_due_s)
    for due_s, vans in sorted(Counter(own_due_s).items()):
        loads = terms.doors * max(0, (due_s - open_s) // (terms.loading_min * MINUTE_S))
        count = loads if due_s == first_s else count + min(vans, max(0, loads - count))
    return count


def opening_s(depot: Depot, day: date, zone: str = SANTIAGO) -> int | None:
    """The second of the day at which a depot opens; None where it is always open."""
    if depot.opens is None:
        return None
    on = ServiceDay(day, zone)
    return on.second_of(on.at(depot.opens))


def _opening_s(due_s: Sequence[int], terms: DepotTerms, opens_s: int | None) -> int:
    """So long before the first van leaves, and not before the depot opens."""
    open_s = min(due_s) - terms.loading_span_min * MINUTE_S
    return max(0, open_s if opens_s is None else max(open_s, opens_s))


def _needed(loadings: Sequence[Loading], doors: Doors) -> int | None:
    """The fewest doors nobody is late with; first loads are alike, so that more hurt none."""
    most = min(DOORS_MAX, len(loadings), LOADINGS_MAX)
    counts = range(1, most + 1)
    place = bisect_left(
        counts, 1, key=lambda count: 0 if _late(loadings, replace(doors, count=count)) else 1
    )
    return counts[place] if place < len(counts) else None


def _late(loadings: Sequence[Loading], doors: Doors) -> int:
    return sum(1 for slot in schedule(loadings, doors) if slot.late_s)


def _variants(loadings: Sequence[Loading], doors: Doors) -> tuple[DockVariant, ...]:
    """A door more, and opening sooner: only where fewer leave late with it.

    Of opening sooner, the least that lets any more leave in time, and the least that lets all.
    """
    late = _late(loadings, doors)
    if not late:
        return ()
    found = []
    if doors.count < DOORS_MAX:
        more = replace(doors, count=doors.count + 1)
        found.append(_variant("Con una puerta más", loadings, more))
    most_min = min(SOONER_MIN_MAX, doors.open_s // MINUTE_S)
    steps = range(SOONER_STEP_MIN, most_min + 1, SOONER_STEP_MIN)
    sooner = [_sooner(loadings, doors, minutes) for minutes in steps]
    found += [each for each in sooner if each.late_routes < late][:1]
    found += [each for each in sooner if not each.late_routes][:1]
    return tuple(dict.fromkeys(each for each in found if each.late_routes < late))


def _sooner(loadings: Sequence[Loading], doors: Doors, minutes: int) -> DockVariant:
    open_s = doors.open_s - minutes * MINUTE_S
    staged = [
        replace(loading, ready_s=open_s) if loading.ready_s == doors.open_s else loading
        for loading in loadings
    ]
    return _variant(f"Abriendo {minutes} min antes", staged, replace(doors, open_s=open_s))


def _variant(name: str, loadings: Sequence[Loading], doors: Doors) -> DockVariant:
    slots = schedule(loadings, doors)
    return DockVariant(
        name=name,
        late_routes=sum(1 for slot in slots if slot.late_s),
        late_min=-(-sum(slot.late_s for slot in slots) // MINUTE_S),
    )


def dock_headline(day: DockDay, tell: Tell = clock) -> str:
    """The day in one sentence; ``tell`` says a second of it as clocks do."""
    count = len(day.slots) - day.again
    routes = "1 ruta carga" if count == 1 else f"{count} rutas cargan"
    if day.again:
        routes += f" y {day.again} {'vuelve' if day.again == 1 else 'vuelven'} a cargar"
    doors = "1 puerta" if day.doors.count == 1 else f"{day.doors.count} puertas"
    span = f"desde las {tell(day.doors.open_s)}"
    late = len(day.late)
    if not day.are_given and not late:
        return (
            f"{routes} {span}. Nadie anotó cuántas puertas hay: con {doors} salen todas a tiempo."
        )
    told = f"{routes} en {doors} {span}"
    if not late:
        return f"{told} y {'sale' if len(day.slots) == 1 else 'salen todas'} a tiempo."
    missed = "1 sale tarde" if late == 1 else f"{late} salen tarde"
    if day.needed is None:
        is_enough = any(not each.late_routes for each in day.variants)
        way = "Hay que abrir antes." if is_enough else "Cambia la hora en que deben salir."
        return f"{told}: {missed}, y ninguna cantidad de puertas alcanza. {way}"
    return f"{told}: {missed}. Con {day.needed} puertas saldrían todas a tiempo."


def held_sentence(held: int) -> str:
    """What *Flota* lacks at these doors besides those that load; empty where nothing is held."""
    if not held:
        return ""
    them = "1 más, que no alcanza" if held == 1 else f"{held} más, que no alcanzan"
    return f"Para la meta, Flota pide {them} a salir a tiempo por estas puertas."


def variant_sentence(variant: DockVariant, day: DockDay) -> str:
    """As ``Con una puerta más: 0 rutas tarde en vez de 3 (0 min en total).``."""
    routes = "1 ruta tarde" if variant.late_routes == 1 else f"{variant.late_routes} rutas tarde"
    return f"{variant.name}: {routes} en vez de {len(day.late)}, {variant.late_min} min en total."
