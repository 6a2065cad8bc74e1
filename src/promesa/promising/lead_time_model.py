"""How long deliveries of a lane take, where nobody knows with what capacity they are made.

The logarithm of the days has a place and a width of its lane (comuna and depot), and a shift of the
weekday; lanes of few deliveries lean on all. Split conformal: the oldest days fit, the newest ones
say how far real deliveries lie from the fit, so what is stated holds whatever their distribution,
as long as coming days are like those. It knows no capacity: no peak is in it.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from promesa.planning.demand.history import OrderFlow
from promesa.promising.alarm import Alarm, PromiseDay, watch

# Fewer deliveries tell nothing that is worth stating.
DELIVERIES_MIN = 100
# So many deliveries of a lane weigh as much as all the others together (assumed).
LANE_WEIGHT = 20.0
# Of the days that tell, the newest: they say how far deliveries lie from the fit.
CALIBRATING_DAYS = 28
# An order that is younger than this share of deliveries took may still arrive in its usual time.
USUAL_SHARE = 0.99
# Days for which the drift is looked at, stated as they would have been. With more of them the
# alarm would take how days differ from the drift itself.
WATCHED_DAYS = 14
STATED = 0.9
# No lane is so regular that its deliveries take exactly as long.
_WIDTH_MIN = 0.05
_WEEK = 7
_HALF_DAY = 0.5
# Nobody is told a date more than a year away.
_LOG_DAYS_MAX = math.log(366.0)


@dataclass(frozen=True, slots=True)
class Lane:
    """From a depot, by its code, to a comuna."""

    comuna: str
    depot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneFit:
    """Place and width of the logarithm of a lane's days, and on how many deliveries they rest.

    That of all lanes together is wider by how far they lie from each other.
    """

    place: float
    width: float
    deliveries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTimeModel:
    """What lanes take.

    Attributes:
        whole: Of a lane nobody has delivered on.
        weekdays: Shift of each weekday that orders are placed on; 0 is Monday.
        scores: How many widths beyond their place the newest deliveries came, rising; infinite
            of those that never did. One for each order.
    """

    whole: LaneFit
    lanes: Mapping[Lane, LaneFit]
    weekdays: tuple[float, ...]
    scores: tuple[float, ...]

    def lane(self, lane: Lane) -> LaneFit:
        """The lane's own, which leans on all where it has few."""
        return self.lanes.get(lane, self.whole)

    def days_for(self, lane: Lane, placed: date, share: float) -> int | None:
        """Days within which that share arrives; None where so many never did, or after a year."""
        # Of n scores and one more to come, which is as likely to lie at any place among them.
        number = math.ceil((len(self.scores) + 1) * share)
        if number > len(self.scores) or math.isinf(self.scores[number - 1]):
            return None
        fit = self.lane(lane)
        log_days = fit.place + self.weekdays[placed.weekday()] + fit.width * self.scores[number - 1]
        if log_days > _LOG_DAYS_MAX:
            return None
        return max(0, math.ceil(math.exp(log_days) - 1 - _HALF_DAY - 1e-9))

    def share_within(self, lane: Lane, placed: date, days: int) -> float:
        """The share of orders that arrive within so many days."""
        # A whole day stands for all that round to it, and lanes' whole days lie at other scores.
        score = self.score(lane, placed, days + _HALF_DAY)
        return bisect_right(self.scores, score + 1e-9) / (len(self.scores) + 1)

    def score(self, lane: Lane, placed: date, days: float) -> float:
        """How many widths beyond its lane's place a delivery lies."""
        fit = self.lane(lane)
        return (math.log1p(days) - fit.place - self.weekdays[placed.weekday()]) / fit.width


def fit_lead_times(flows: Iterable[OrderFlow], *, today: date) -> LeadTimeModel | None:
    """The model of what was placed before ``today``; None where too little of it tells.

    An order that may still arrive in its usual time says nothing yet and is left out; one that is
    older and did not arrive counts as one that takes longer than any.
    """
    known = [flow for flow in flows if flow.placed < today]
    usual = _usual_days(known)
    told = [flow for flow in known if flow.placed < today - timedelta(days=usual)]
    if _orders(told) < DELIVERIES_MIN:
        return None
    newest = max(flow.placed for flow in told)
    oldest = min(flow.placed for flow in told)
    # Of a short history the newer half.
    days = min(CALIBRATING_DAYS, ((newest - oldest).days + 1) // 2)
    cut = newest - timedelta(days=days)
    fitted = [flow for flow in told if flow.placed <= cut and flow.delivered is not None]
    calibrating = [flow for flow in told if flow.placed > cut]
    if _orders(fitted) < DELIVERIES_MIN / 2 or not calibrating:
        return None
    model = _fit(fitted)
    scores: list[float] = []
    for flow in calibrating:
        score = math.inf
        if flow.delivered is not None:
            score = model.score(_lane(flow), flow.placed, _days(flow))
        scores += [score] * flow.orders
    return LeadTimeModel(
        whole=model.whole, lanes=model.lanes, weekdays=model.weekdays, scores=tuple(sorted(scores))
    )


def watch_lead_times(flows: Sequence[OrderFlow], *, today: date) -> Alarm:
    """Whether the newest days came as the days before them would have stated: the drift's alarm."""
    usual = _usual_days([flow for flow in flows if flow.placed < today])
    until = today - timedelta(days=usual)
    since = until - timedelta(days=WATCHED_DAYS)
    # As it was known then: what had not arrived by that day had not for the model either.
    then = [
        flow
        if flow.delivered is None or flow.delivered < since
        else OrderFlow(
            key=flow.key, placed=flow.placed, hour=flow.hour, delivered=None, orders=flow.orders
        )
        for flow in flows
        if flow.placed < since
    ]
    model = fit_lead_times(then, today=since)
    days: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for flow in flows:
        if model is None or not since <= flow.placed < until:
            continue
        told = model.days_for(_lane(flow), flow.placed, STATED)
        if told is None:
            continue
        late = 1 - model.share_within(_lane(flow), flow.placed, told)
        is_late = flow.delivered is None or _days(flow) > told
        row = days[flow.placed]
        row[0] += flow.orders
        row[1] += flow.orders * is_late
        row[2] += flow.orders * late
        row[3] += flow.orders * late * (1 - late)
    return watch(
        [
            PromiseDay(
                date=day,
                promises=int(row[0]),
                late=int(row[1]),
                late_stated=row[2],
                variance=row[3],
            )
            for day, row in sorted(days.items())
        ]
    )


def _fit(flows: Sequence[OrderFlow]) -> LeadTimeModel:
    """Place and width by lane, held to those of all; weekdays from what lanes leave over."""
    logs = [(flow, math.log1p(_days(flow))) for flow in flows]
    whole = _moments([(log, flow.orders) for flow, log in logs])
    by_lane: dict[Lane, list[tuple[float, int]]] = defaultdict(list)
    for flow, log in logs:
        by_lane[_lane(flow)].append((log, flow.orders))
    places = {
        lane: _held(_moments(rows).place, whole.place, _count(rows))
        for lane, rows in by_lane.items()
    }
    by_weekday: list[list[tuple[float, int]]] = [[] for _ in range(_WEEK)]
    for flow, log in logs:
        by_weekday[flow.placed.weekday()].append((log - places[_lane(flow)], flow.orders))
    weekdays = tuple(
        _held(_moments(rows).place, 0.0, _count(rows)) if rows else 0.0 for rows in by_weekday
    )
    left: dict[Lane, list[tuple[float, int]]] = defaultdict(list)
    for flow, log in logs:
        rest = log - places[_lane(flow)] - weekdays[flow.placed.weekday()]
        left[_lane(flow)].append((rest, flow.orders))
    width = _width([row for rows in left.values() for row in rows])
    lanes = {
        lane: LaneFit(
            place=places[lane],
            width=max(_WIDTH_MIN, math.sqrt(_held(_width(rows) ** 2, width**2, _count(rows)))),
            deliveries=_count(rows),
        )
        for lane, rows in left.items()
    }
    return LeadTimeModel(whole=whole, lanes=lanes, weekdays=weekdays, scores=())


def _moments(rows: Sequence[tuple[float, int]]) -> LaneFit:
    count = _count(rows)
    mean = sum(log * orders for log, orders in rows) / count
    variance = sum(orders * (log - mean) ** 2 for log, orders in rows) / count
    return LaneFit(place=mean, width=max(_WIDTH_MIN, math.sqrt(variance)), deliveries=count)


def _width(rows: Sequence[tuple[float, int]]) -> float:
    """About nought, which is where the fit lies."""
    return math.sqrt(sum(orders * rest**2 for rest, orders in rows) / _count(rows))


def _held(own: float, common: float, count: int) -> float:
    return (own * count + common * LANE_WEIGHT) / (count + LANE_WEIGHT)


def _count(rows: Sequence[tuple[float, int]]) -> int:
    return sum(orders for _, orders in rows)


def _usual_days(flows: Sequence[OrderFlow]) -> int:
    """Days within which nearly all arrive that arrive at all; 0 where none did."""
    took = sorted((_days(flow), flow.orders) for flow in flows if flow.delivered is not None)
    total, reached = sum(orders for _, orders in took), 0
    for days, orders in took:
        reached += orders
        if reached >= USUAL_SHARE * total:
            return days
    return 0


def _days(flow: OrderFlow) -> int:
    assert flow.delivered is not None, "asked of what was delivered"
    return max(0, (flow.delivered - flow.placed).days)


def _lane(flow: OrderFlow) -> Lane:
    return Lane(flow.key.comuna, flow.key.depot)


def _orders(flows: Sequence[OrderFlow]) -> int:
    return sum(flow.orders for flow in flows)
