"""Contracts that last several days and doors that bind: one linear programme over all depots.

First stage, decided before anything is known: own vehicles of each day, hires of contracts with
their fewest days and blocks, zones lent to another depot where a depot's doors are too few. Days in
a row are days of delivery: a closed one between breaks no row, and nobody is hired for it. Second
stage, in each of some scenarios: spot vehicles called, and promises broken. What each day must
have ready comes from all scenarios (`sizing.ready_vehicles`), not from the few of the programme:
with twenty scenarios alone a plan fits them and keeps 92 % in others.

Not for a day whose vehicles can be had one by one: `sizing` gives the same at once.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from promesa.kernel.errors import UnavailableError
from promesa.planning.capacity.hires import (
    Hire,
    Lent,
    Loan,
    after_loans,
    days_after,
    runs,
)
from promesa.planning.capacity.needs import Need
from promesa.planning.capacity.sizing import (
    SURE_SHARE,
    TARGET_DEFAULT,
    FleetPlan,
    day_plan,
    ready_vehicles,
)
from promesa.planning.capacity.sources import Contract, DepotFleet, Mix

# SCIP: 30 zones, 14 days and 60 scenarios within half a per cent in 3 s, where HiGHS takes 16 to 19
# (benchmarks/fleet_sizing.py) and writes to the screen.
SOLVER = "SCIP"
SCENARIOS_IN_PROGRAMME = 60
GAP = 0.005
SECONDS_MAX = 50
# What a vehicle missing for a day costs in broken promises: 55 stops at some 4,000 pesos of
# second visits, calls and claims (assumed); above any vehicle's price, or nobody would be hired.
MISSING_VEHICLE_CLP = 220_000
# Being ready for the target is asked of every day before money is saved.
GAP_VEHICLE_CLP = 10 * MISSING_VEHICLE_CLP

# What the solver's tolerance leaves of a zone that is not lent.
LENT_SHARE_MIN = 1e-4

Floats = NDArray[np.float64]


class CapacityNotSolvedError(UnavailableError):
    """The programme found no plan in its time."""

    code: ClassVar[str] = "capacity_not_solved"
    message: ClassVar[str] = (
        "No se encontró un plan de capacidad a tiempo. Acorta el horizonte o quita contratos."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What was found.

    Attributes:
        plan: Judged in every scenario, not in those of the programme alone.
        hires: By depot, contract and first day.
        lent: Zones that go elsewhere, and when.
        beyond_clp: Of hires that last past the last day; not in the plan's cost.
        gap: How far from the best possible it may be at most, as a share of what it counts.
    """

    plan: FleetPlan
    hires: tuple[Hire, ...]
    lent: tuple[Lent, ...]
    beyond_clp: int
    gap: float


def solve_two_stage(
    needs: Sequence[Need],
    fleets: Sequence[DepotFleet],
    target: float = TARGET_DEFAULT,
    *,
    loans: Sequence[Loan] = (),
    scenarios: int = SCENARIOS_IN_PROGRAMME,
    seconds_max: float = SECONDS_MAX,
) -> Programme:
    """The cheapest hires, own vehicles and loans over all days.

    Args:
        needs: Of each depot, the same scenarios and days.
        fleets: In the same order.
        target: Share of promises to keep.
        loans: Zones that may go to another depot.
        scenarios: How many the second stage has, the first of those given.
        seconds_max: Of the search; it ends before when the gap is small.

    Raises:
        CapacityNotSolvedError: No plan in that time.
    """
    model = _Model(needs, fleets, target, loans, min(scenarios, len(needs[0].vehicles)))
    return model.solved(seconds_max)


class _Model:
    """The programme; names of its variables follow the docstring of the file."""

    def __init__(
        self,
        needs: Sequence[Need],
        fleets: Sequence[DepotFleet],
        target: float,
        loans: Sequence[Loan],
        scenarios: int,
    ) -> None:
        self._needs, self._fleets, self._target, self._loans = needs, fleets, target, loans
        self._scenarios = scenarios
        self._solver: Any = pywraplp.Solver.CreateSolver(SOLVER)
        self._sum: Any = self._solver.Sum
        self._days = range(len(needs[0].days))
        self._place = {need.depot: number for number, need in enumerate(needs)}
        self._ready = [
            [ready_vehicles(need.vehicles[:, day], target) for day in self._days] for need in needs
        ]
        # [day][depot][zone]: of the vehicles over all scenarios.
        self._mean_shares = [
            [
                np.average(need.shares[:, day], axis=0, weights=need.vehicles[:, day] + 1e-9)
                for need in needs
            ]
            for day in self._days
        ]
        self._cost: list[Any] = []
        # Paid if they stay: as many as help cost nothing here, and `_driving` says how many drive.
        self._rostered = [
            [[self._int(most)] if (most := fleet.on(day).rostered) else [] for day in self._days]
            for fleet in fleets
        ]
        self._own = [
            [
                self._int(fleet.on(day).own - fleet.on(day).rostered, fleet.own_day_cost_clp)
                for day in self._days
            ]
            for fleet in fleets
        ]
        self._lent: list[tuple[Loan, int, Any]] = []
        self._lent_of: dict[tuple[int, int], list[tuple[Loan, Any]]] = defaultdict(list)
        for loan in loans:
            self._make_loan(loan)
        self._hold_zones()
        self._opened = [self._open_days(depot) for depot in range(len(needs))]
        self._blocks = [
            [self._contract(contract, opened) for contract in fleet.contracts]
            for fleet, opened in zip(fleets, self._opened, strict=True)
        ]
        for depot in range(len(needs)):
            for day in self._days:
                self._make_day(depot, day)
        self._solver.Minimize(self._sum(self._cost))

    def _int(self, most: int, cost: float = 0) -> Any:
        variable = self._solver.IntVar(0, most, "")
        if cost:
            self._cost.append(cost * variable)
        return variable

    def _make_loan(self, loan: Loan) -> None:
        """Only where doors bind: lending to save a hire moves drivers off streets they know."""
        home, other = self._place[loan.home], self._place[loan.other]
        if loan.zone not in self._needs[home].zones:
            return
        for day in self._days:
            most = self._fleets[home].on(day).departures_max
            if most is not None and self._ready[home][day] > most:
                lent = self._solver.NumVar(0, 1, "")
                self._lent.append((loan, day, lent))
                self._lent_of[home, day].append((loan, lent))
                self._lent_of[other, day].append((loan, lent))

    def _hold_zones(self) -> None:
        """Of no zone more than all of it is lent, to however many."""
        parts: dict[tuple[str, str, int], list[Any]] = defaultdict(list)
        for loan, day, lent in self._lent:
            parts[loan.home, loan.zone, day].append(lent)
        for lents in parts.values():
            self._solver.Add(self._sum(lents) <= 1)

    def _reachable(self, depot: int, day: int, vehicles: float, shares: Floats) -> float:
        """Of so many vehicles needed those that can be had or lent away.

        What is missing whatever is decided must not count: its price would drown what the
        decisions cost, and the search would end before it looked at them.
        """
        need = self._needs[depot]
        lendable = {loan.zone for loan, _ in self._lent_of[depot, day] if loan.home == need.depot}
        part = sum(float(shares[need.zones.index(zone)]) for zone in sorted(lendable))
        return min(vehicles, self._fleets[depot].on(day).vehicles_max + part * vehicles)

    def _open_days(self, depot: int) -> list[int]:
        """Days on which the depot delivers something in any scenario, or may be lent something."""
        vehicles = self._needs[depot].vehicles
        return [
            day
            for day in self._days
            if vehicles[:, day].max(initial=0.0) > 0 or self._lent_of.get((depot, day))
        ]

    def _contract(self, contract: Contract, opened: Sequence[int]) -> dict[int, Any]:
        """Blocks by day of delivery; none on others.

        Who is hired stays the fewest days of delivery, past the last day if need be.
        """
        most = contract.vehicles_max // contract.block
        price = contract.day_cost_clp * contract.block
        active = {day: self._int(most, price) for day in opened}
        begun = []
        for place, day in enumerate(opened):
            beyond = max(0, place + contract.days_min - len(opened))
            begun.append(self._int(most, beyond * price))
            before = active[opened[place - 1]] if place else 0
            self._solver.Add(active[day] - before <= begun[place])
            held = begun[max(0, place - contract.days_min + 1) :]
            self._solver.Add(active[day] >= self._sum(held))
        return active

    def _firm(self, depot: int, day: int) -> Any:
        hired = [
            contract.block * active[day]
            for contract, active in zip(
                self._fleets[depot].contracts, self._blocks[depot], strict=True
            )
            if day in active
        ]
        return self._sum([self._own[depot][day], *self._rostered[depot][day], *hired])

    def _make_day(self, depot: int, day: int) -> None:
        fleet = self._fleets[depot].on(day)
        firm = self._firm(depot, day)
        reserve = self._int(fleet.spot_max)
        missing = self._solver.NumVar(0, self._solver.infinity(), "")
        self._cost.append(GAP_VEHICLE_CLP * missing)
        if fleet.departures_max is not None:
            self._solver.Add(firm + reserve <= fleet.departures_max)
        shares = self._mean_shares[day]
        ready = self._reachable(depot, day, self._ready[depot][day], shares[depot])
        moved = self._moved(depot, day, [of_depot[day] for of_depot in self._ready], shares)
        self._solver.Add(firm + reserve + missing >= ready + moved)
        for scenario in range(self._scenarios):
            self._second_stage(depot, day, scenario, firm, reserve)

    def _second_stage(self, depot: int, day: int, scenario: int, firm: Any, reserve: Any) -> None:
        need, fleet = self._needs[depot], self._fleets[depot]
        # A part of a van is called, and paid, whole.
        whole = math.ceil(float(need.vehicles[scenario, day]) - 1e-9)
        vehicles = self._reachable(depot, day, whole, need.shares[scenario, day])
        called = [self._solver.NumVar(0, offer.vehicles_max, "") for offer in fleet.spot]
        broken = self._solver.NumVar(0, self._solver.infinity(), "")
        moved = self._moved(
            depot,
            day,
            [float(each.vehicles[scenario, day]) for each in self._needs],
            [each.shares[scenario, day] for each in self._needs],
        )
        self._solver.Add(firm + self._sum(called) + broken >= vehicles + moved)
        self._solver.Add(self._sum(called) <= reserve)
        for offer, count in zip(fleet.spot, called, strict=True):
            self._cost.append(offer.day_cost_clp / self._scenarios * count)
        self._cost.append(MISSING_VEHICLE_CLP / self._scenarios * broken)

    def _moved(self, depot: int, day: int, vehicles: Sequence[float], shares: list[Floats]) -> Any:
        """Vehicles that loans take from the depot, negative, or bring to it.

        ``vehicles`` and ``shares`` are those of every depot, [depot] and [depot][zone].
        """
        terms = []
        for loan, lent in self._lent_of[depot, day]:
            home = self._place[loan.home]
            zones = self._needs[home].zones
            part = vehicles[home] * float(shares[home][zones.index(loan.zone)])
            terms.append((-part if home == depot else loan.factor * part) * lent)
        return self._sum(terms)

    def solved(self, seconds_max: float) -> Programme:
        """Runs the solver and reads its answer."""
        limits = pywraplp.MPSolverParameters()
        limits.SetDoubleParam(limits.RELATIVE_MIP_GAP, GAP)
        self._solver.SetTimeLimit(int(seconds_max * 1_000))
        state = self._solver.Solve(limits)
        if state not in {pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE}:
            raise CapacityNotSolvedError
        lent = tuple(
            Lent(loan=loan, date=self._needs[0].days[day], share=float(share.solution_value()))
            for loan, day, share in self._lent
            if share.solution_value() > LENT_SHARE_MIN
        )
        found, bound = self._solver.Objective().Value(), self._solver.Objective().BestBound()
        hires = tuple(self._hires())
        return Programme(
            plan=self._plan(lent),
            hires=hires,
            lent=lent,
            beyond_clp=self._beyond_clp(hires),
            gap=abs(found - bound) / max(abs(found), 1e-9),
        )

    def _plan(self, lent: Sequence[Lent]) -> FleetPlan:
        moved = after_loans(self._needs, lent)
        days = [
            day_plan(need, self._fleets[depot], day, self._target, mix=self._mix(depot, day, need))
            for depot, need in enumerate(moved)
            for day in self._days
        ]
        return FleetPlan(target=self._target, days=tuple(days))

    def _mix(self, depot: int, day: int, need: Need) -> Mix:
        """The firm vehicles found; spot is whatever is left to be ready, the cheapest first."""
        fleet = self._fleets[depot].on(day)
        hired = tuple(
            contract.block * round(active[day].solution_value()) if day in active else 0
            for contract, active in zip(fleet.contracts, self._blocks[depot], strict=True)
        )
        ready = ready_vehicles(need.vehicles[:, day], self._target, SURE_SHARE)
        own = round(self._own[depot][day].solution_value())
        own += self._driving(fleet, ready - own, own + sum(hired))
        left = max(0, ready - own - sum(hired))
        if fleet.departures_max is not None:
            left = min(left, max(0, fleet.departures_max - own - sum(hired)))
        spot = [0] * len(fleet.spot)
        for number in sorted(range(len(spot)), key=lambda each: fleet.spot[each].day_cost_clp):
            spot[number] = min(left, fleet.spot[number].vehicles_max)
            left -= spot[number]
        return Mix(own=own, contracted=hired, spot=tuple(spot))

    @staticmethod
    def _driving(fleet: DepotFleet, wanted: int, others: int) -> int:
        """Own vehicles with a shift that drive, before who is hired for the days around.

        ``wanted`` is what the day takes, ``others`` those that leave by its doors besides.
        """
        most = fleet.rostered
        if fleet.departures_max is not None:
            most = min(most, max(0, fleet.departures_max - others))
        return min(most, max(0, wanted))

    def _hires(self) -> list[Hire]:
        hires = []
        for depot, fleet in enumerate(self._fleets):
            opened, days = self._opened[depot], self._needs[depot].days
            for contract, active in zip(fleet.contracts, self._blocks[depot], strict=True):
                counts = [round(active[day].solution_value()) * contract.block for day in opened]
                for vehicles, first, last in runs(counts):
                    beyond = max(0, contract.days_min - (last - first + 1))
                    start, end = days[opened[first]], days[opened[last]]
                    hires.append(
                        Hire(
                            depot=fleet.depot,
                            contract=contract.name,
                            vehicles=vehicles,
                            start=start,
                            end=days_after(days, opened, beyond)[-1] if beyond else end,
                            closed=tuple(
                                days[day]
                                for day in range(opened[first], opened[last])
                                if day not in active
                            ),
                        )
                    )
        return hires

    def _beyond_clp(self, hires: Sequence[Hire]) -> int:
        price = {
            (depot, contract.name): contract
            for depot, fleet in enumerate(self._fleets)
            for contract in fleet.contracts
        }
        place = {need.depot: number for number, need in enumerate(self._needs)}
        total = 0
        for hire in hires:
            depot = place[hire.depot]
            contract = price[depot, hire.contract]
            after = days_after(self._needs[depot].days, self._opened[depot], contract.days_min)
            days = sum(day <= hire.end for day in after)
            total += hire.vehicles * contract.day_cost_clp * days
        return total
