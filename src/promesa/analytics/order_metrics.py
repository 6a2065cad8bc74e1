"""Indicators of orders: on time, in full, at the first attempt, told, rated, paid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from promesa.analytics.facts import DayFacts, OrderFact, StopFact
from promesa.analytics.indicator import IN_PROGRESS, Row
from promesa.domain.order import OrderState
from promesa.domain.promise import PromiseFate
from promesa.domain.stop import StopType

# A fence of two street blocks; the uncertainty of a confirmed position is within it.
DOOR_M_MAX = 200.0
# Ringing and waiting takes at least this; less is a drive-by.
DWELL_S_MIN = 60
# Something that shows or says that somebody was there.
PROVING_KINDS = frozenset({"photo", "signature", "call", "pin"})
SATISFIED_FROM = 4

_FATES = {
    PromiseFate.KEPT: "a tiempo",
    PromiseFate.EARLY: "antes de la ventana",
    PromiseFate.LATE: "después de la ventana",
}


def is_verified(stop: StopFact) -> bool:
    """Whether the visit is proved: at the door, long enough, with evidence."""
    is_at_door = stop.arrived_by == "geofence" or (
        stop.away_m is not None and stop.away_m <= DOOR_M_MAX
    )
    is_long_enough = stop.dwell_s is not None and stop.dwell_s >= DWELL_S_MIN
    return is_at_door and is_long_enough and bool(stop.kinds & PROVING_KINDS)


def _row(
    order: OrderFact,
    numerator: float,
    denominator: float = 1,
    *,
    note: str = "",
    excluded: str = "",
) -> Row:
    return Row(
        subject="order",
        subject_id=order.order_id,
        label=order.reference,
        numerator=0 if excluded else numerator,
        denominator=0 if excluded else denominator,
        note=note,
        excluded=excluded,
    )


def against_first_promise(fate: PromiseFate) -> Callable[[DayFacts], Sequence[Row]]:
    """Delivered orders; counts those that stand so to their first promise."""

    def rows(facts: DayFacts) -> list[Row]:
        return [
            _row(
                order,
                order.fate_of_first is fate,
                note=_FATES.get(order.fate_of_first or PromiseFate.OPEN, ""),
                excluded="" if order.first_promise else "sin promesa",
            )
            for order in facts.orders
            if order.delivered_at is not None
        ]

    return rows


def on_time_in_full(facts: DayFacts) -> list[Row]:
    """Orders due: on time, every parcel. What the recipient moved or called off is left out.

    So is what may still arrive in time; a window that went by does count.
    """
    rows = []
    for order in facts.orders:
        if not order.is_due:
            continue
        is_on_time = order.fate_of_first is PromiseFate.KEPT
        note = "no entregado" if order.delivered_at is None else ""
        if order.delivered_at is not None and not order.is_complete:
            note = "incompleto"
        rows.append(
            _row(
                order,
                is_on_time and order.is_complete,
                note=note,
                excluded=IN_PROGRESS if order.is_open(facts.at) else _released(order),
            )
        )
    return rows


def _released(order: OrderFact) -> str:
    if order.delivered_at is None and order.was_released:
        return "el destinatario o el comercio pidió otra cosa"
    return ""


def first_attempt(facts: DayFacts) -> list[Row]:
    """Orders with a proved visit; counts those delivered at the first."""
    verified = {stop.order_id for stop in facts.stops if is_verified(stop)}
    return [
        _row(
            order,
            order.on_attempt == 1,
            excluded="" if order.order_id in verified else "visita sin comprobar",
        )
        for order in facts.orders
        if order.was_tried
    ]


def verified_attempts(facts: DayFacts) -> list[Row]:
    """Visits; counts those proved by place, time and evidence."""
    return [
        Row(
            subject="stop",
            subject_id=stop.stop_id,
            label=stop.reference,
            numerator=is_verified(stop),
            denominator=1,
            note=_missing_proof(stop),
        )
        for stop in _visits(facts)
    ]


def _missing_proof(stop: StopFact) -> str:
    lacks = []
    if stop.arrived_by != "geofence" and stop.away_m is None:
        lacks.append("sin posición")
    elif stop.away_m is not None and stop.away_m > DOOR_M_MAX:
        lacks.append(f"a {stop.away_m:.0f} m de la puerta")
    if stop.dwell_s is None:
        lacks.append("sin hora de llegada")
    elif stop.dwell_s < DWELL_S_MIN:
        lacks.append(f"{stop.dwell_s} s en el lugar")
    if not stop.kinds & PROVING_KINDS:
        lacks.append("sin foto, firma ni llamada")
    return ", ".join(lacks)


def delivered(facts: DayFacts) -> list[Row]:
    """Orders whose door a van reached; counts those delivered, in part too."""
    return [
        _row(order, order.delivered_at is not None) for order in facts.orders if order.was_tried
    ]


def shown_window_kept(facts: DayFacts) -> list[Row]:
    """Delivered orders that were told a narrower window; counts arrivals inside it."""
    return [
        _row(order, order.shown_window.contains(order.delivered_at))
        for order in facts.orders
        if order.delivered_at is not None and order.shown_window is not None
    ]


def shown_window_width(facts: DayFacts) -> list[Row]:
    """Minutes of the window shown last, per delivered order that was shown one."""
    return [
        _row(order, order.shown_window.width.total_seconds() / 60)
        for order in facts.orders
        if order.delivered_at is not None and order.shown_window is not None
    ]


def messages(facts: DayFacts) -> list[Row]:
    """Messages to recipients, per order of the day."""
    return [_row(order, order.messages) for order in facts.orders]


def repeated_messages(facts: DayFacts) -> list[Row]:
    """Messages of one kind, channel and cause beyond the first, among all."""
    return [
        _row(order, order.messages_repeated, order.messages)
        for order in facts.orders
        if order.messages
    ]


def opted_out(facts: DayFacts) -> list[Row]:
    """Orders whose recipient was told something; counts those that asked for silence that day."""
    return [
        _row(order, order.has_declined)
        for order in facts.orders
        if order.messages or order.has_declined
    ]


def parcels_harmed(facts: DayFacts) -> list[Row]:
    """Parcels of orders tried or given up; counts those damaged or lost that day, once each."""
    return [
        _row(
            order,
            min(order.parcels, order.parcels_damaged + order.parcels_lost),
            order.parcels,
            note=_harm(order),
        )
        for order in facts.orders
        if order.parcels and (order.was_tried or order.parcels_damaged or order.parcels_lost)
    ]


def _harm(order: OrderFact) -> str:
    damaged, lost = order.parcels_damaged, order.parcels_lost
    return ", ".join(
        words
        for count, words in ((damaged, f"dañados: {damaged}"), (lost, f"extraviados: {lost}"))
        if count
    )


def rating(facts: DayFacts) -> list[Row]:
    """Stars, per rated order."""
    return [_row(order, order.rating or 0) for order in _rated(facts)]


def satisfied(facts: DayFacts) -> list[Row]:
    """Rated orders; counts 4 and 5."""
    return [_row(order, (order.rating or 0) >= SATISFIED_FROM) for order in _rated(facts)]


def cash_collected(facts: DayFacts) -> list[Row]:
    """Pesos due at delivered orders; counts what was collected of them."""
    rows = []
    for order in facts.orders:
        if not order.cod_due_clp or order.delivered_at is None:
            continue
        collected = order.cod_collected_clp
        extra = (collected or 0) - order.cod_due_clp
        rows.append(
            _row(
                order,
                min(collected or 0, order.cod_due_clp),
                order.cod_due_clp,
                note=f"cobró {extra} de más" if extra > 0 else "",
                excluded="nadie informó el cobro" if collected is None else "",
            )
        )
    return rows


def _rated(facts: DayFacts) -> Iterator[OrderFact]:
    return (order for order in facts.orders if order.rating is not None)


def _visits(facts: DayFacts) -> Iterable[StopFact]:
    return (stop for stop in facts.stops if stop.was_visited and stop.type is StopType.DELIVERY)


def returned(facts: DayFacts) -> list[Row]:
    """Orders tried; counts those that go back to their sender, or are back."""
    back = {OrderState.RETURNING, OrderState.RETURNED}
    return [_row(order, order.state in back) for order in facts.orders if order.was_tried]
