"""One route as the rules look at it: its steps in order, with the pauses taken at each.

A step is a visit or a return to the depot between two trips. Visits of stops that do not exist
are left out here; the fates of stops tell of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from promesa.routing.checks.violation import Rule, Violation
from promesa.routing.plan import Pause, PlannedRoute, Reload, Visit
from promesa.routing.problem import Depot, Problem, Stop, Vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A visit or a return to the depot.

    Attributes:
        visit: With ``stop``, or both None at the depot.
        before: Pauses on arriving.
        after: Pauses after the service or the loading.
    """

    location: int
    arrival_s: int
    departure_s: int
    visit: Visit | None = None
    stop: Stop | None = None
    reload: Reload | None = None
    before: tuple[Pause, ...] = ()
    after: tuple[Pause, ...] = ()

    @property
    def name(self) -> str:
        """What a sentence calls it."""
        return self.stop.id if self.stop else "el CD"


class Case:
    """One route of a plan, and how to say what it breaks."""

    def __init__(self, problem: Problem, route: PlannedRoute) -> None:
        self.problem = problem
        self.route = route
        self.vehicle: Vehicle = problem.vehicles[route.vehicle]
        self.depot: Depot = problem.depots[self.vehicle.start_depot]
        self.steps = self._steps()
        self.visits = [
            (step.visit, step.stop)
            for step in self.steps
            if step.visit is not None and step.stop is not None
        ]

    @property
    def home(self) -> Depot | None:
        """The depot it comes back to, if it does."""
        number = self.vehicle.end_depot
        return None if number is None else self.problem.depots[number]

    @property
    def legs(self) -> list[tuple[int, int, int, int, Step | None]]:
        """Origin, destination, leaving, claimed arrival and the step reached; None at the end."""
        place, left_s, legs = self.depot.location, self.route.departure_s, []
        for step in self.steps:
            legs.append((place, step.location, left_s, step.arrival_s, step))
            place, left_s = step.location, step.departure_s
        home = place if self.home is None else self.home.location
        return [*legs, (place, home, left_s, self.route.end_s, None)]

    def broken(
        self, rule: Rule, amount: int, unit: str, sentence: str, stop: Stop | None = None
    ) -> Violation:
        """The rule broken by this route."""
        return Violation(
            rule=rule,
            amount=amount,
            unit=unit,
            sentence=f"{self.vehicle.id}: {sentence}",
            vehicle=self.vehicle.id,
            stop=stop.id if stop else None,
        )

    def _steps(self) -> list[Step]:
        steps = []
        for number, visit in enumerate(self.route.visits):
            steps += [self._loading(reload, number) for reload in self._reloads(number)]
            if 0 <= visit.stop < len(self.problem.stops):
                stop = self.problem.stops[visit.stop]
                steps.append(
                    Step(
                        location=stop.location,
                        arrival_s=visit.arrival_s,
                        departure_s=visit.departure_s,
                        visit=visit,
                        stop=stop,
                        before=self._pauses(number, is_before=True, is_at_depot=False),
                        after=self._pauses(number, is_before=False, is_at_depot=False),
                    )
                )
        return steps

    def _reloads(self, number: int) -> list[Reload]:
        return [reload for reload in self.route.reloads if reload.visit == number]

    def _loading(self, reload: Reload, number: int) -> Step:
        return Step(
            location=self.depot.location,
            arrival_s=reload.arrival_s,
            departure_s=reload.departure_s,
            reload=reload,
            before=self._pauses(number, is_before=True, is_at_depot=True),
            after=self._pauses(number, is_before=False, is_at_depot=True),
        )

    def _pauses(self, number: int, *, is_before: bool, is_at_depot: bool) -> tuple[Pause, ...]:
        wanted = number, is_before, is_at_depot
        return tuple(
            pause
            for pause in self.route.pauses
            if (pause.visit, pause.is_before, pause.is_at_depot) == wanted
        )
