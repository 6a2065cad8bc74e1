"""How the demo's shops sell: what its vans drive came in over a weekend, what follows comes today.

Simulated. The hours are those at which orders of shops come; how many, the demo's own past says.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from promesa.cli.demo_past import orders_of_an_ordinary_day
from promesa.kernel.serviceday import ServiceDay
from promesa.simulator.buyers import Round, batches_between, draw_buyers, rounds_of
from promesa.simulator.day import Casting
from promesa.simulator.past import WEEK

# A Monday delivers what came in after Friday's cut-off and before Sunday's, by the rule that an
# operator begins with: Saturday's waits with Sunday's for the Monday.
CUT_OFF = time(18)
FIRST_D, LAST_D = 3, 1
# What this event's first day brings, times an ordinary Monday: more than those of the past, which
# brought twice a day, and a little less than Demanda expects of it (3.6 times, because of the
# calendar's sixfold), so that there is something to estimate anew during the day.
EVENT_DAY_TIMES = 3.4
# Minutes of buyers at once while the morning is rushed through, and while the clock runs: each
# round costs the platform a fresh look at the coming days.
RUSHED_GAP, GAP = timedelta(minutes=30), timedelta(minutes=3)


def sells_from(day: date) -> datetime:
    """When the first orders of the day come in."""
    return ServiceDay(day - timedelta(days=FIRST_D)).at(CUT_OFF)


def orders_today(day: date, orders: int) -> int:
    """How many are placed on the event's day, where an ordinary Monday delivers ``orders``."""
    return round(orders_of_an_ordinary_day(orders) * WEEK[day.weekday()] * EVENT_DAY_TIMES)


def with_sales(casting: Casting, *, opens_at: datetime) -> Casting:
    """The casting with orders that came in over the weekend, and buyers who come today."""
    script = casting.script
    until = ServiceDay(script.date - timedelta(days=LAST_D)).at(CUT_OFF)
    return replace(
        casting,
        batches=batches_between(script.orders, sells_from(script.date), until, seed=script.seed),
        rounds=_rounds(casting, opens_at),
    )


def _rounds(casting: Casting, opens_at: datetime) -> tuple[Round, ...]:
    script = casting.script
    buyers = draw_buyers(
        casting.town,
        casting.world,
        day=script.date,
        orders=orders_today(script.date, len(script.orders)),
        seed=script.seed,
    )
    before = rounds_of([buyer for buyer in buyers if buyer.at < opens_at], RUSHED_GAP)
    return before + rounds_of([buyer for buyer in buyers if buyer.at >= opens_at], GAP)
