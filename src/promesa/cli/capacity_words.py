"""The summary of `promesa capacity`: what it was made from, day by day, and where the money goes.

All of it adds up: the days to the total, the sources of vehicles to the same total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from promesa.cli.capacity_inputs import FileCase
from promesa.cli.days import day_words
from promesa.cli.peak_words import table_lines
from promesa.planning.capacity.fleet import HIRED_LIMITS, price_of
from promesa.planning.capacity.own_fleet import CostFrom
from promesa.planning.capacity.plan import CapacityPlan
from promesa.planning.capacity.service_days import ServiceDays
from promesa.planning.capacity.sizing import DayPlan
from promesa.planning.capacity.sources import firm_cost_clp
from promesa.planning.capacity.words import WEEKDAYS, per_cent, vans
from promesa.routing.fleetfile import FleetFile
from promesa.routing.words import list_words, pesos, thousands

# Five weeks of days on a screen; --out has them all.
DAYS_TOLD_MAX = 35
SERIES_TOLD_MAX = 8
_DAY_HEAD = ("día", "evento", "bultos", "hacen falta", "hay", "faltan", "costo", "se cumple")
_SOURCE_HEAD = ("camionetas de", "", "camionetas-día", "costo")
_EVENT_CHARS_MAX = 24


def head_sentences(made: FileCase, served: ServiceDays, fleet: FleetFile) -> Iterator[str]:
    """Which days and how many parcels are planned for, what was left out, what was assumed."""
    days = list(made.parcels)
    total, out = sum(made.parcels.values()), sum(made.left_out.values())
    whole = total + out + served.beyond
    span = f"Del {day_words(days[0])} al {day_words(days[-1])}"
    yield (
        f"{span}, {_days(len(days))} ({len(days) - len(served.closed)} con reparto): se planifican "
        f"{thousands(total)} de los {thousands(whole)} bultos del pronóstico."
    )
    if made.left_out:
        named = [f"{name} ({thousands(mean)})" for name, mean in made.left_out.items()]
        if len(named) > SERIES_TOLD_MAX:
            named = [*named[:SERIES_TOLD_MAX], f"{len(named) - SERIES_TOLD_MAX} más"]
        share = per_cent(out / whole, 1) if whole else "0 %"
        yield (
            f"OJO: quedan fuera {thousands(out)} bultos ({share}), de series sin calles o sin "
            f"camino en esta ciudad: {list_words(named)}."
        )
    if made.idle:
        verb = "no atiende" if len(made.idle) == 1 else "no atienden"
        yield f"{list_words(made.idle)} {verb} ninguna comuna del pronóstico."
    yield from assumed_sentences(fleet, [depot.id for depot in made.case.depots])


def assumed_sentences(fleet: FleetFile, depots: Sequence[str]) -> Iterator[str]:
    """What is taken for granted of vehicles that do not say their price, or of fleets without."""
    if not fleet.vehicles:
        hours = f"{HIRED_LIMITS.shift_min / 60:.1f}".replace(".", ",")
        yield (
            f"La flota no tiene camionetas propias: de cada una que llega se supone que lleva "
            f"{HIRED_LIMITS.parcels} bultos y trabaja {hours} horas. Para decir otra cosa, escribe "
            "un grupo en vehicles con ids = []."
        )
    names = {depot.id: depot.name or depot.id for depot in fleet.depots}
    for depot in depots:
        price = price_of(fleet, depot)
        silent = price.vehicles - price.priced
        if not silent:
            continue
        source = {
            CostFrom.OWN: "como las demás del CD",
            CostFrom.OTHERS: "como las de los otros CD",
            CostFrom.ASSUMED: "un supuesto",
        }[price.cost_from]
        yield (
            f"{names[depot]}: {vans(silent)} sin precio. Un día de cada una se cuenta en "
            f"{pesos(price.day_cost_clp)}, {source}; escribe fixed_cost_clp y hour_cost_clp."
        )


def day_lines(found: CapacityPlan, made: FileCase, closed: Sequence[date]) -> Iterator[str]:
    """A row a day over all depots, and their sum."""
    by_day: dict[date, list[DayPlan]] = defaultdict(list)
    for plan in found.plan.days:
        by_day[plan.date].append(plan)
    scenarios = found.case.scenarios
    events = dict(zip(scenarios.days, scenarios.events, strict=True))
    rows = [
        _row(_weekday(day), "sin reparto" if day in closed else events[day], plans, made.parcels)
        for day, plans in sorted(by_day.items())
    ]
    shown, hidden = rows[:DAYS_TOLD_MAX], len(rows) - DAYS_TOLD_MAX
    total = _row(f"total de {_days(len(rows))}", "", list(found.plan.days), made.parcels)
    lines = list(table_lines([_DAY_HEAD, *shown, total]))
    yield from lines[:-1]
    if hidden > 0:
        yield f"… y {_days(hidden)} más en el archivo"
    yield lines[-1]


def source_lines(found: CapacityPlan) -> Iterator[str]:
    """Vehicle days and pesos by where they come from; the sum is that of the days."""
    counts: dict[str, int] = {"propias": 0}
    costs: dict[str, int] = {"propias": 0}
    fleets = {fleet.depot: fleet for fleet in found.case.fleets}
    for day in found.plan.days:
        fleet = fleets[day.depot]
        hired = zip(fleet.contracts, day.mix.contracted, strict=True)
        parts = [("propias", day.mix.own, day.mix.own * fleet.own_day_cost_clp)]
        parts += [(each.name, count, count * each.day_cost_clp) for each, count in hired]
        called = round(day.cost_clp) - firm_cost_clp(fleet, day.mix)
        if fleet.spot:
            parts.append(("al día, las que se llamen", sum(day.mix.spot), called))
        for name, count, cost in parts:
            counts[name] = counts.get(name, 0) + count
            costs[name] = costs.get(name, 0) + cost
    rows = [(name, "", thousands(count), pesos(costs[name])) for name, count in counts.items()]
    total = ("total", "", thousands(sum(counts.values())), pesos(sum(costs.values())))
    yield from table_lines([_SOURCE_HEAD, *rows, total])


def _row(
    title: str, note: str, plans: Sequence[DayPlan], parcels: Mapping[date, float]
) -> tuple[str, ...]:
    stops = sum(plan.stops for plan in plans)
    kept = sum(plan.kept * plan.stops for plan in plans) / stops if stops else None
    gap = sum(plan.gap for plan in plans)
    return (
        title,
        note[:_EVENT_CHARS_MAX],
        thousands(sum(parcels[day] for day in {plan.date for plan in plans})),
        thousands(sum(plan.ready for plan in plans)),
        thousands(sum(plan.mix.vehicles for plan in plans)),
        thousands(gap) if gap else "–",
        pesos(sum(round(plan.cost_clp) for plan in plans)),
        "–" if kept is None else per_cent(kept, 1),
    )


def _weekday(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:3]} {day_words(day)}"


def _days(count: int) -> str:
    return "1 día" if count == 1 else f"{count} días"
