"""A capacity plan as plain values, for a file or another program. Keys stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any

from promesa.kernel.units import MINUTE_S
from promesa.planning.capacity.departures import ShiftStart, door_slots, doors_of, shifts_of
from promesa.planning.capacity.dock_words import late_sentences
from promesa.planning.capacity.docks import late_minutes
from promesa.planning.capacity.driver_rosters import DepotRoster
from promesa.planning.capacity.fleet import FilePrice, price_of
from promesa.planning.capacity.hires import Hire, Lent
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.plan import CapacityPlan
from promesa.planning.capacity.reserves import Outcome
from promesa.planning.capacity.rosters import hours
from promesa.planning.capacity.sizing import SURE_SHARE, DayPlan, FleetPlan
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.what_if import Compared
from promesa.planning.capacity.words import plan_sentences
from promesa.routing.fleet_offers import FleetDocks
from promesa.routing.fleetfile import FleetFile
from promesa.routing.words import pesos

Values = dict[str, Any]
_SHARE_DECIMALS = 4


def report(found: CapacityPlan, fleet: FleetFile) -> Values:
    """Everything of a plan: depots, days, hires, totals, comparisons, sentences."""
    return {
        "target": found.plan.target,
        "sure": SURE_SHARE,
        "scenarios": found.case.scenarios.count,
        "depots": [
            _depot(depot, offered, price_of(fleet, depot.id))
            for depot, offered in zip(found.case.depots, found.case.fleets, strict=True)
        ],
        "days": [
            _day(day, found, fleet)
            for day in sorted(found.plan.days, key=lambda d: (d.date, d.depot))
        ],
        "hires": [_hire(hire) for hire in found.hires],
        "lent": [_lent(lent) for lent in found.lent],
        "total": {
            **_total(found.plan),
            "beyond_clp": found.beyond_clp,
            "assumed_clp": _assumed_clp(found.plan, fleet),
        },
        "compared": {
            "pooled": _outcome(found.pooled),
            "by_zone": _outcome(found.by_zone),
            "mean": _outcome(found.mean),
        },
        "gap": found.gap,
        "sentences": list(plan_sentences(found)),
    }


def roster_values(rosters: Sequence[DepotRoster]) -> list[Values]:
    """Who drives when, what is short and what comes on top of wages."""
    return [
        {
            "depot": each.depot,
            "duties": [
                {"date": duty.date.isoformat(), "driver": duty.driver, "shift": duty.shift}
                for duty in each.roster.duties
            ],
            "short": [
                {"date": short.date.isoformat(), "shift": short.shift, "missing": short.missing}
                for short in each.roster.short
            ],
            "overtime_hours": round(each.roster.overtime_h, 1),
            "overtime_clp": each.roster.overtime_clp,
        }
        for each in rosters
    ]


def roster_sentences(rosters: Sequence[DepotRoster], names: Mapping[str, str]) -> Iterator[str]:
    """Shifts that lack drivers, and what the others work beyond their week."""
    for each in rosters:
        for short in each.roster.short:
            yield f"{names[each.depot]}, {short.sentence}"
        if each.roster.overtime_h:
            extra = hours(each.roster.overtime_h)
            cost = pesos(each.roster.overtime_clp)
            yield f"{names[each.depot]}: los conductores suman {extra} extra, {cost}."


def compared_values(compared: Sequence[Compared]) -> list[Values]:
    """What-ifs side by side, the case as it is first; each with its total."""
    return [{"name": each.name, **_total(each.plan)} for each in compared]


def _assumed_clp(plan: FleetPlan, fleet: FleetFile) -> int:
    """What of the total rests on no price of the fleet."""
    prices = {depot.id: price_of(fleet, depot.id) for depot in fleet.depots}
    own = [(prices[day.depot], day.mix.own) for day in plan.days if day.mix.own]
    return round(
        sum(
            count * price.day_cost_clp * (1 - price.priced / price.vehicles) for price, count in own
        )
    )


def _depot(depot: DepotWork, fleet: DepotFleet, price: FilePrice) -> Values:
    learnt = depot.coefficients
    return {
        "depot": depot.id,
        "name": depot.name,
        "zones": [
            {
                "zone": zone.name,
                "area_km2": round(zone.area_km2, 2),
                "pace_min_km": round(zone.pace_min_km, 2),
                "haul_min": round(zone.haul_min, 1),
            }
            for zone in depot.zones
        ],
        "own": fleet.own,
        "own_day_cost_clp": price.day_cost_clp,
        "own_cost_from": price.cost_from.value,
        "own_priced": price.priced,
        "contracted_max": fleet.contracted_max,
        "spot_max": fleet.spot_max,
        "departures_max": fleet.departures_max,
        "vehicle_parcels": depot.limits.parcels,
        "vehicle_shift_min": round(depot.limits.shift_min),
        "learnt_from_days": learnt.days,
        "learnt_from_routes": learnt.routes,
    }


def _day(day: DayPlan, found: CapacityPlan, fleet: FleetFile) -> Values:
    offered = next(each for each in found.case.fleets if each.depot == day.depot)
    event = found.case.scenarios.events[found.case.scenarios.days.index(day.date)]
    shifts = shifts_of(fleet, day.depot, day.mix)
    contracts = zip(offered.contracts, day.mix.contracted, strict=True)
    spot = zip(offered.spot, day.mix.spot, strict=True)
    return {
        "date": day.date.isoformat(),
        "depot": day.depot,
        "event": event or None,
        "stops": round(day.stops, 1),
        "hours_p50": round(day.hours_p50, 1),
        "hours_p97": round(day.hours_p97, 1),
        "vehicles_p50": day.vehicles_p50,
        "vehicles_p97": day.vehicles_p97,
        "vehicles_needed": day.ready,
        "vehicles": day.mix.vehicles,
        "own": day.mix.own,
        "contracted": {contract.name: count for contract, count in contracts},
        "spot": {offer.name: count for offer, count in spot},
        "spot_mean": round(day.spot_mean, 2),
        "gap": day.gap,
        "gap_because": "docks" if day.is_held_by_doors else "vehicles" if day.gap else None,
        "cost_clp": round(day.cost_clp),
        "p_kept": round(day.kept, _SHARE_DECIMALS),
        "p_kept_likely": round(day.kept_likely, _SHARE_DECIMALS),
        "p_kept_p05": round(day.kept_p05, _SHARE_DECIMALS),
        "shifts": [_shift(shift) for shift in shifts],
        "docks": [_docks(docks, shifts) for docks in fleet.docks if docks.depot == day.depot],
    }


def _shift(shift: ShiftStart) -> Values:
    return {
        "source": shift.source,
        "vehicles": shift.vehicles,
        "start": _clock(shift.start),
        "end": _clock(shift.end),
    }


def _docks(docks: FleetDocks, shifts: Sequence[ShiftStart]) -> Values:
    slots = door_slots(docks, tuple(shifts))
    return {
        "doors": docks.doors,
        "first": _clock(docks.first),
        "last": _clock(docks.last),
        "waves": max((slot.wave for slot in slots), default=0),
        "late": sum(slot.late_s > 0 for slot in slots),
        "late_minutes": late_minutes(slots),
        "late_max_minutes": max((slot.late_s for slot in slots), default=0) // MINUTE_S,
        "sentences": list(late_sentences(slots, doors_of(docks))),
    }


def _hire(hire: Hire) -> Values:
    return {
        "depot": hire.depot,
        "contract": hire.contract,
        "vehicles": hire.vehicles,
        "start": hire.start.isoformat(),
        "end": hire.end.isoformat(),
        "closed": [day.isoformat() for day in hire.closed],
    }


def _lent(lent: Lent) -> Values:
    return {
        "date": lent.date.isoformat(),
        "zone": lent.loan.zone,
        "home": lent.loan.home,
        "other": lent.loan.other,
        "share": round(lent.share, _SHARE_DECIMALS),
    }


def _total(plan: FleetPlan) -> Values:
    worst = plan.worst
    return {
        "cost_clp": round(plan.cost_clp),
        "p_kept": round(plan.kept, _SHARE_DECIMALS),
        "days_at_target": sum(day.kept >= plan.target for day in plan.days),
        "days": len(plan.days),
        "vehicle_days": sum(day.mix.vehicles for day in plan.days),
        "gap": sum(day.gap for day in plan.days),
        "worst_day": None
        if worst is None
        else {
            "date": worst.date.isoformat(),
            "depot": worst.depot,
            "p_kept": round(worst.kept, _SHARE_DECIMALS),
        },
    }


def _outcome(seen: Outcome) -> Values:
    """What one way to reserve comes to, had every vehicle been there."""
    return {
        "vehicle_days": seen.vehicle_days,
        "p_kept": round(seen.kept, _SHARE_DECIMALS),
        "days_at_target_share": round(seen.days_kept, _SHARE_DECIMALS),
        "worst_day_p_kept": round(seen.worst_day, _SHARE_DECIMALS),
    }


def _clock(clock_time: time) -> str:
    return clock_time.strftime("%H:%M")
