"""How a failed visit ends: another day, an address to fix, or back to the sender.

The order waits as *no entregado* while somebody may still choose: the recipient on the tracking
page, the dispatcher in the torre. When the route is finished, or the day is closed, whatever is
left ends as the policy below says. Retries and returns are then planned like any other order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from promesa.dispatch.journal import Journal
from promesa.dispatch.promises import make_promise
from promesa.domain.leg import Leg, LegKind
from promesa.domain.order import ORDER, Order, OrderState
from promesa.domain.parcel import ParcelState
from promesa.domain.reasons import REASONS, Retry
from promesa.domain.route import Route
from promesa.domain.stop import Outcome, Stop, StopType
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.windows import whole_day

# Ley 19.973: shops and their deliveries close on these days (month, day).
CLOSED_DAYS = frozenset({(1, 1), (5, 1), (9, 18), (9, 19), (12, 25)})
SUNDAY = 6


class Ending(StrEnum):
    """How a failed visit goes on."""

    RETRY = "retry"
    FIX_ADDRESS = "fix_address"
    RETURN = "return"
    WAIT = "wait"  # A dispatcher has to decide.
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """The operator's rules; the defaults are what Chilean carriers state in their terms (assumed).

    Attributes:
        attempts_max: After so many failed visits the order goes back to its sender.
        weekdays: Days on which there is delivery, Monday is 0.
        fix_address: Reasons after which the address goes to the review queue.
        wait: Reasons after which a dispatcher has to look first (a search, a larger van).
        lost: Reasons after which nothing is left to deliver or return.
        address_uncertainty_m: What an address found wrong is at least uncertain by.
    """

    attempts_max: int = 3
    weekdays: frozenset[int] = frozenset(range(SUNDAY))
    fix_address: frozenset[str] = frozenset(
        {"ADDRESS_WRONG", "ADDRESS_INCOMPLETE", "ADDRESS_NOT_FOUND"}
    )
    wait: frozenset[str] = frozenset({"PARCEL_MISSING", "OVERSIZED"})
    lost: frozenset[str] = frozenset({"PARCEL_LOST", "PARCEL_STOLEN"})
    address_uncertainty_m: float = 500.0


DEFAULT_RETRY_POLICY = RetryPolicy()


def ending_of(reason: str, *, attempts: int, policy: RetryPolicy = DEFAULT_RETRY_POLICY) -> Ending:
    """How a visit that failed for ``reason`` goes on after ``attempts`` visits."""
    if reason in policy.lost:
        return Ending.LOST
    if reason in policy.wait:
        return Ending.WAIT
    if REASONS[reason].retry is Retry.NO or attempts >= policy.attempts_max:
        return Ending.RETURN
    return Ending.FIX_ADDRESS if reason in policy.fix_address else Ending.RETRY


def next_working_day(day: date, policy: RetryPolicy = DEFAULT_RETRY_POLICY) -> date:
    """The first day after ``day`` on which there is delivery."""
    candidate = ServiceDay(day).date + timedelta(days=1)
    while (
        candidate.weekday() not in policy.weekdays
        or (candidate.month, candidate.day) in CLOSED_DAYS
    ):
        candidate += timedelta(days=1)
    return candidate


def day_after(journal: Journal, day: date, policy: RetryPolicy = DEFAULT_RETRY_POLICY) -> date:
    """The first day of delivery after ``day`` that is not over: no promise is made for the past."""
    return next_open_day(day, ServiceDay.of(journal.recorded_at).date, policy)


def next_open_day(day: date, today: date, policy: RetryPolicy = DEFAULT_RETRY_POLICY) -> date:
    """The first day of delivery after ``day`` and not before ``today``."""
    return next_working_day(max(day, today - timedelta(days=1)), policy)


async def settle_route(
    journal: Journal, route: Route, policy: RetryPolicy = DEFAULT_RETRY_POLICY
) -> list[Order]:
    """Ends each failed visit of a route that nobody has decided about; returns those orders."""
    stops = await journal.tx.routes.list_stops(route.id)
    failed = {
        stop.order_id: stop
        for stop in stops
        if stop.outcome is Outcome.FAILED and stop.type is StopType.DELIVERY
    }
    orders = await journal.tx.orders.get_many(list(failed))
    return [
        await settle(journal, order, failed[order.id], policy)
        for order in orders
        if order.state is OrderState.DELIVERY_FAILED
    ]


async def settle(
    journal: Journal, order: Order, stop: Stop, policy: RetryPolicy = DEFAULT_RETRY_POLICY
) -> Order:
    """Ends one failed visit by the policy."""
    reason = stop.reason or "SYSTEM_ERROR"
    ending = ending_of(reason, attempts=order.attempts, policy=policy)
    if ending is Ending.WAIT:
        return order
    if ending is Ending.LOST:
        return await _lose(journal, order)
    if ending is Ending.RETURN:
        return await send_back(journal, order, cause=reason.lower())
    day = day_after(journal, order.date, policy)
    if ending is Ending.FIX_ADDRESS:
        return await _fix_address(journal, order, day, policy)
    return await retry_on(journal, order, day, by="policy", cause=reason.lower())


async def retry_on(journal: Journal, order: Order, day: date, *, by: str, cause: str) -> Order:
    """Puts a failed order on another day and promises that day."""
    moved = replace(
        order,
        state=ORDER.step(order.state, OrderState.RESCHEDULED),
        date=day,
        windows=(),
    )
    data: dict[str, object] = {"date": day.isoformat(), "by": by, "cause": cause}
    await journal.of_order(moved, "order.rescheduled", data)
    await make_promise(journal, moved, whole_day(day), cause=f"rescheduled_by_{by}")
    await journal.tx.orders.save(moved)
    return moved


async def send_back(journal: Journal, order: Order, *, cause: str) -> Order:
    """Starts the return: one more leg, from the depot to the sender."""
    legs = (*order.legs[: order.leg_index + 1], Leg(kind=LegKind.RETURN))
    returning = replace(
        order,
        state=ORDER.step(order.state, OrderState.RETURNING),
        legs=legs,
        leg_index=len(legs) - 1,
        date=day_after(journal, order.date),
        windows=(),
    )
    await journal.of_order(returning, "order.return_started", {"cause": cause})
    await journal.tx.orders.save(returning)
    return returning


async def _fix_address(journal: Journal, order: Order, day: date, policy: RetryPolicy) -> Order:
    placement = order.placement
    if placement is not None:
        placement = replace(
            placement,
            confirmed_by=None,
            uncertainty_m=max(placement.uncertainty_m, policy.address_uncertainty_m),
        )
    # By way of rescheduled, which the machine asks for: it goes again, once the address is right.
    ORDER.step(order.state, OrderState.RESCHEDULED)
    moved = replace(
        order,
        state=ORDER.step(OrderState.RESCHEDULED, OrderState.ADDRESS_REVIEW),
        date=day,
        windows=(),
        placement=placement,
    )
    data: dict[str, object] = {"date": day.isoformat(), "by": "policy", "cause": "address"}
    await journal.of_order(moved, "order.rescheduled", data)
    data = (
        {"uncertainty_m": placement.uncertainty_m, "level": placement.level.value}
        if placement
        else {}
    )
    await journal.of_order(moved, "order.sent_to_review", data)
    await make_promise(journal, moved, whole_day(day), cause="rescheduled_by_policy")
    await journal.tx.orders.save(moved)
    return moved


async def _lose(journal: Journal, order: Order) -> Order:
    lost = replace(
        order,
        state=ORDER.step(order.state, OrderState.LOST),
        parcels=tuple(
            replace(parcel, state=ParcelState.LOST)
            if parcel.state is ParcelState.MISSING
            else parcel
            for parcel in order.parcels
        ),
    )
    await journal.of_order(lost, "order.lost")
    await journal.tx.orders.save(lost)
    return lost
