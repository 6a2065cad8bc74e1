"""A simulated month, and a simulated Cyber week, promised by rule and by the product.

    python -m benchmarks.promise_month month --worlds 6
    python -m benchmarks.promise_month cyber

Worlds of the first seeds calibrate, others are measured; see README.md for how to read the rows.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

import click

from benchmarks.promise_policies import (
    BROKEN_CLP,
    LOST_A_DAY,
    MARGIN_CLP,
    WINDOWS,
    Operator,
    history_of,
    outcomes_of,
)
from benchmarks.promise_world import (
    World,
    a_delivery_day,
    draw_rules,
    sized,
    usual_day,
    vans_for,
)
from promesa.kernel.clock import stopwatch_s
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.calibration import Calibration, Outcome, bins_of, calibrate
from promesa.promising.offers import OfferTerms
from promesa.promising.rehearsal.buyers import Sold, is_lost
from promesa.promising.rehearsal.policies import FixedDays, next_delivery_day
from promesa.promising.usual_work import UsualWork
from promesa.promising.windows import whole_day

FIRST = date(2026, 3, 2)
MONTH_DAYS = 30
# Until the books of the coming days are as full as they usually are.
WARM_DAYS = 8
CALIBRATING = (1, 2, 3, 4, 5, 6)
MEASURED_FROM = 101
TERMS = OfferTerms(
    windows=WINDOWS, horizon_days=14, day_later_clp=400, broken_clp=BROKEN_CLP, kept_min=0.95
)
# Orders of a Cyber against a usual day: six-fold over its three days, 39, 28 and 33 % of them
# (CyberMonday 2025), and a tail as after Olist's Black Friday of 2017.
CYBER = (7.0, 5.0, 5.9, 2.0, 1.5, 1.2)
PEAK_DAYS = 28
SUNDAY = 6
HEAD = (
    "| world | policy | stated | kept | gap, points | worst day | days | lost % | cost |\n"
    "|---|---|---|---|---|---|---|---|---|"
)

Promiser = FixedDays | Operator


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a policy came to."""

    sold: int = 0
    lost: int = 0
    refused: int = 0
    days: int = 0
    kept: int = 0
    due: int = 0
    worst: float = 1.0
    stated: float = 0.0
    stated_due: int = 0
    stated_kept: int = 0

    @property
    def kept_share(self) -> float:
        """Of the promises that came due."""
        return self.kept / max(self.due, 1)

    @property
    def days_mean(self) -> float:
        """Promised, of all who bought."""
        return self.days / max(self.sold, 1)

    @property
    def cost_clp(self) -> float:
        """Of lost sales and broken promises, for each who came to buy."""
        came = self.sold + self.lost + self.refused
        gone = (self.lost + self.refused) * MARGIN_CLP
        return (gone + (self.due - self.kept) * BROKEN_CLP) / max(came, 1)


def run(
    world: World,
    policy: Promiser,
    *,
    days: int,
    vans: dict[date, int],
    first: date = FIRST,
) -> Tally:
    """The days one after the other; the first ones warm up and count for nothing."""
    tally = Tally()
    due: list[Sold] = []
    for number in range(days + WARM_DAYS):
        day = first + timedelta(days=number)
        counts = number >= WARM_DAYS
        # Vans leave in the morning with what was sold before.
        if vans.get(day, 0):
            due = _drive(world, policy, day, due, vans=vans[day], tally=tally if counts else None)
        for buyer in world.buyers(day):
            sold = policy.promise(buyer)
            if sold is None:
                tally.refused += counts
            elif is_lost(sold, LOST_A_DAY):
                tally.lost += counts
            else:
                policy.book(sold)
                due.append(sold)
                if counts and not buyer.is_fixed:
                    tally.sold += 1
                    tally.days += (sold.day - ServiceDay.of(buyer.at).date).days
    return tally


def _drive(
    world: World,
    policy: Promiser,
    day: date,
    due: list[Sold],
    *,
    vans: int,
    tally: Tally | None,
) -> list[Sold]:
    must = [sold for sold in due if sold.day <= day]
    early = [sold for sold in due if sold.day > day]
    may = sorted((s for s in early if s.may_come_early), key=lambda sold: sold.day)
    mean_s = world.shift_s() * vans * 0.97
    used_s = sum(sold.buyer.service_s + _WAY_S for sold in must)
    while may and used_s < mean_s:
        taken = may.pop(0)
        must.append(taken)
        used_s += taken.buyer.service_s + _WAY_S
    gone = {id(sold) for sold in must}
    driven = world.drive(day, must, vans)
    policy.close_day(day)
    next_day = next_delivery_day(policy.terms, day)
    for sold in driven.left:
        policy.book(sold, next_day)
    if isinstance(policy, Operator):
        policy.learn(day, driven)
    missed = []
    kept_today = due_today = 0
    for sold, is_kept in outcomes_of(driven):
        is_due = sold.day == day or (is_kept and sold.day > day)
        if sold.day == day or is_kept:
            due_today += is_due
            kept_today += is_kept and sold.day >= day
        if tally is not None and is_due:
            _count(tally, sold, is_kept=is_kept)
    if tally is not None and due_today:
        tally.worst = min(tally.worst, kept_today / due_today)
    for sold in driven.left:
        again = whole_day(day + timedelta(days=1))
        # It goes again, and its promise stays what it was.
        missed.append(sold if sold.day > day else replace(sold, window=again, p_model=-1.0))
    return [*missed, *(sold for sold in early if id(sold) not in gone)]


# What a stop takes on the way, to see whether a day has room for those due later.
_WAY_S = 150.0


def _count(tally: Tally, sold: Sold, *, is_kept: bool) -> None:
    if sold.buyer.is_fixed and not sold.may_come_early:
        return
    tally.due += 1
    tally.kept += is_kept
    if sold.p_model >= 0:
        tally.stated += sold.p_kept
        tally.stated_due += 1
        tally.stated_kept += is_kept


def aware(
    world: World,
    vans: dict[date, int],
    *,
    terms: OfferTerms = TERMS,
    calibration: Calibration | None = None,
    uplifts: dict[date, float] | None = None,
) -> Operator:
    """The product in a world: history, a usual day measured before, the shifts planned."""
    return Operator(
        world=world,
        terms=terms,
        usual=_usual(world),
        arrivals=history_of(world, FIRST),
        vans=vans,
        calibration=calibration or Calibration(),
        uplifts=uplifts or {},
    )


def _usual(world: World) -> UsualWork:
    """Measured on the days before, as a depot's own routes tell it."""
    usual = usual_day(world, world.rules.vans, first=FIRST - timedelta(days=13))
    return UsualWork(orders=usual.orders, service_s=usual.service_s, travel_s=usual.travel_s)


def shifts(
    world: World, days: int, *, peak: range = range(0), peak_vans: int = 0
) -> dict[date, int]:
    """Vans of each date but Sundays; on the days of ``peak``, from the first, others."""
    found = {}
    for number in range(days):
        day = FIRST + timedelta(days=number)
        if day.weekday() != SUNDAY:
            found[day] = peak_vans if number in peak else world.rules.vans
    return found


def month(measured: Sequence[int]) -> None:
    """Kept against stated, then the two policies side by side on whole days alone."""
    span = WARM_DAYS + MONTH_DAYS + 60
    outcomes: list[Outcome] = []
    for seed in CALIBRATING:
        world = World(sized(draw_rules(seed)))
        policy = aware(world, shifts(world, span))
        run(world, policy, days=MONTH_DAYS, vans=shifts(world, span))
        outcomes += policy.outcomes
    found = calibrate(outcomes)
    click.echo(f"calibrated on {found.outcomes} promises of worlds {CALIBRATING}: {found}")
    click.echo(HEAD)
    pooled: list[Outcome] = []
    for seed in measured:
        world = World(sized(draw_rules(seed)))
        vans = shifts(world, span)
        policy = aware(world, vans, calibration=found)
        _row(seed, "product, three windows", run(world, policy, days=MONTH_DAYS, vans=vans))
        pooled += [
            replace(o, p_stated=found.line(is_whole_day=o.is_whole_day).right(o.p_stated))
            for o in policy.outcomes
        ]
        # A fixed number of days knows no mornings: compared on whole days, by the same buyers.
        plain = World(replace(world.rules, narrow_share=0.0))
        for kept_min, broken_clp in ((0.95, BROKEN_CLP), (0.97, 3 * BROKEN_CLP), (0.975, 99_000)):
            terms = replace(TERMS, windows=WINDOWS[:1], kept_min=kept_min, broken_clp=broken_clp)
            policy = aware(plain, vans, terms=terms, calibration=found)
            name = f"product, whole days, {kept_min:g}, {broken_clp} a broken one"
            _row(seed, name, run(plain, policy, days=MONTH_DAYS, vans=vans))
        for days in (1, 2, 3):
            fixed = FixedDays(days=days, terms=TERMS)
            _row(seed, f"fixed {days}", run(plain, fixed, days=MONTH_DAYS, vans=vans))
    click.echo("\n| stated | promises | stated, mean | kept |\n|---|---|---|---|")
    for each in bins_of(pooled):
        cells = (f"{each.low}-{each.high}", each.promises, f"{each.p_stated:.3f}")
        click.echo(f"| {' | '.join(map(str, cells))} | {each.kept_share:.3f} |")


def cyber(seeds: Sequence[int], factor: float, told: Sequence[float]) -> None:
    """A six-fold spike of three days with so many times the usual capacity, for four weeks.

    The product is told each share of ``told`` of the true uplift.
    """
    terms = replace(TERMS, horizon_days=28, kept_min=0.975)
    click.echo(
        "| world | policy | stated | kept | gap, points | worst day | days | lost % | cost |"
    )
    click.echo("|---|---|---|---|---|---|---|---|---|")
    spike = FIRST + timedelta(days=WARM_DAYS + 6)
    uplifts = {spike + timedelta(days=n): each for n, each in enumerate(CYBER)}
    peak = range(WARM_DAYS + 6, WARM_DAYS + 6 + PEAK_DAYS)
    for seed, are_patient in product(seeds, (True, False)):
        rules = replace(sized(draw_rules(seed)), are_patient=are_patient)
        # Twice the capacity is twice the orders: denser days take fewer than twice the vans.
        peak_vans = vans_for(World(rules), a_delivery_day(rules) * factor)
        world = World(rules, uplifts)
        vans = shifts(world, 120, peak=peak, peak_vans=peak_vans)
        name = f"{factor:g} x, {'nobody leaves' if are_patient else 'buyers leave'}"
        for share in told:
            # A forecast that misses all days of the event alike, as one does.
            heard = {day: each * share for day, each in uplifts.items()}
            quoted = aware(world, vans, terms=terms, uplifts=heard)
            row = run(world, quoted, days=30, vans=vans)
            _row(seed, f"{name}, product told x {share:g}", row)
        fixed = FixedDays(days=2, terms=TERMS)
        _row(seed, f"{name}, fixed 2", run(world, fixed, days=30, vans=vans))


def _row(seed: int, name: str, tally: Tally) -> None:
    came = tally.sold + tally.lost + tally.refused
    stated = tally.stated / tally.stated_due if tally.stated_due else None
    gap = (tally.stated_kept / tally.stated_due - stated) * 100 if stated is not None else None
    cells = [
        str(seed),
        name,
        "" if stated is None else f"{stated:.3f}",
        f"{tally.kept_share:.3f}",
        "" if gap is None else f"{gap:+.1f}",
        f"{tally.worst:.2f}",
        f"{tally.days_mean:.2f}",
        f"{(tally.lost + tally.refused) / max(came, 1) * 100:.1f}",
        f"{tally.cost_clp:,.0f}",
    ]
    click.echo(f"| {' | '.join(cells)} |")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("month", "cyber"))
    parser.add_argument("--worlds", type=int, default=4, help="how many are measured")
    parser.add_argument("--vans", type=float, default=2.0, help="cyber: times the usual capacity")
    parser.add_argument(
        "--told", type=float, nargs="+", default=[1.0], help="cyber: shares of the true uplift"
    )
    asked = parser.parse_args()
    began = stopwatch_s()
    seeds = range(MEASURED_FROM, MEASURED_FROM + asked.worlds)
    if asked.what == "month":
        month(seeds)
    else:
        cyber(seeds, asked.vans, asked.told)
    click.echo(f"\nsimulated; lost a day {LOST_A_DAY:.0%}, {stopwatch_s() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
