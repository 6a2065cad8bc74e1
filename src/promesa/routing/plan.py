"""What a plan says: which vehicle visits which stops and when. Values only.

The checker reads these too, so nothing here computes.
"""

from __future__ import annotations

from dataclasses import dataclass

from promesa.domain.fleet import Load

# In a sequence of stops: back to the depot to load again.
RELOAD = -1
# Stops in order by vehicle, as indexes into a problem's.
Sequences = dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stop of a route, timed.

    Attributes:
        stop: Index into the problem's stops.
        start_s: When service begins: on arrival, or when the window opens.
        departure_s: When the vehicle leaves, breaks after the service included.
        lateness_s: How long after the close of its last window service begins.
        load_after: What is aboard on leaving.
    """

    stop: int
    arrival_s: int
    start_s: int
    departure_s: int
    lateness_s: int
    load_after: Load

    @property
    def waiting_s(self) -> int:
        """Seconds between arriving and beginning."""
        return self.start_s - self.arrival_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A break of the driver.

    Attributes:
        visit: Index of the visit it is taken at; of the next one when at the depot.
        is_before: Whether on arriving, before the service or the loading; else after it.
        is_at_depot: Whether it is taken where the vehicle loads again before that visit.
    """

    visit: int
    is_before: bool
    start_s: int
    end_s: int
    is_at_depot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """A return to the depot between two trips.

    Attributes:
        visit: Index of the first visit after it.
        departure_s: When it has loaded and leaves again, breaks after loading included.
        load_start: What is aboard then.
        lateness_s: How long after the depot closes it has loaded.
    """

    visit: int
    arrival_s: int
    departure_s: int
    load_start: Load
    lateness_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRoute:
    """A vehicle's visits in order, timed from leaving the depot to being back.

    Attributes:
        vehicle: Index into the problem's vehicles.
        departure_s: When it leaves the depot (or wherever it was when it was re-planned).
        load_start: What is aboard then.
        overtime_s: How long after the end of the shift it is back.
        breaks_missed: How many breaks of the vehicle have no place in it, before it or after it.
        pauses: Breaks taken under way, rising; those before leaving or after coming back are not.
        reloads: Returns to the depot between trips, rising.
        toll_clp: What of the cost is paid at gates.
    """

    vehicle: int
    visits: tuple[Visit, ...]
    departure_s: int
    end_s: int
    load_start: Load
    driving_s: int
    distance_m: int
    overtime_s: int
    cost_clp: int
    breaks_missed: int = 0
    pauses: tuple[Pause, ...] = ()
    reloads: tuple[Reload, ...] = ()
    toll_clp: int = 0

    @property
    def stops(self) -> tuple[int, ...]:
        """Indexes of the stops in order."""
        return tuple(visit.stop for visit in self.visits)

    @property
    def sequence(self) -> tuple[int, ...]:
        """Indexes of the stops in order, RELOAD where it goes back to load."""
        before = {reload.visit for reload in self.reloads}
        steps: list[int] = []
        for number, visit in enumerate(self.visits):
            steps += [RELOAD, visit.stop] if number in before else [visit.stop]
        return tuple(steps)

    @property
    def lateness_s(self) -> int:
        """Seconds late, summed over the visits and the returns to a depot that has closed."""
        late_s = sum(reload.lateness_s for reload in self.reloads)
        return late_s + sum(visit.lateness_s for visit in self.visits)

    @property
    def waiting_s(self) -> int:
        """Seconds waited for windows to open, breaks taken meanwhile included."""
        return sum(visit.waiting_s for visit in self.visits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Routes for a day, and who is left out.

    Attributes:
        unserved: Indexes of the stops no route visits, rising.
        cost_clp: Routes only; what leaving stops out costs is not in it.
        iterations: How many the search made.
    """

    routes: tuple[PlannedRoute, ...]
    unserved: tuple[int, ...]
    cost_clp: int
    iterations: int
    seed: int
