"""What an operator offers at a checkout: windows, delivery days, the cut-off, and two prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from promesa.kernel.errors import ConflictError, FieldFault, InvalidError
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.planning.demand.lead_time import CutOff
from promesa.planning.demand.rest_days import OF_THE_LAW, RestDays
from promesa.promising.windows import DAY_FROM, DAY_UNTIL

# A checkout shows no more; each costs some microseconds of every quote.
OFFERED_WINDOWS_MAX = 12
# Four weeks: beyond that no shift is planned and no forecast is worth its name.
HORIZON_DAYS_MAX = 28
CLOSED_DAYS_MAX = 400
# Without deliveries in a row; after more of them orders are not taken to have piled up.
REST_DAYS_MAX = 7
PRICE_CLP_MAX = 10_000_000
MINUTES_MAX = 24 * 60
WINDOW_NAME_CHARS_MAX = 40
# Narrower than this no plan keeps with a delay of half an hour either way.
WINDOW_WIDTH_MIN = timedelta(minutes=30)
MONDAY_TO_SATURDAY = frozenset(range(6))


class OfferTermsError(InvalidError):
    """What is to be offered cannot be: each fault is in the details."""

    code: ClassVar[str] = "offer_terms_invalid"
    message = "Hay datos de la promesa que no sirven. Corrige los que se indican; nada se guardó."


class OfferTermsChangedError(ConflictError):
    """Somebody saved the terms of offer since they were read."""

    code: ClassVar[str] = "offer_terms_changed"
    message = (
        "Otra persona cambió lo que se ofrece mientras lo mirabas; lo tuyo no se guardó. Recarga y "
        "vuelve a guardar."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedWindow:
    """Hours that a buyer may choose on a delivery day.

    Attributes:
        weekdays: 0 is Monday.
        price_clp: What the buyer pays for these hours before anything else.
    """

    name: str
    start: time
    end: time
    weekdays: frozenset[int] = MONDAY_TO_SATURDAY
    price_clp: int = 0

    def on(self, day: ServiceDay) -> TimeWindow:
        """The window on that day."""
        return TimeWindow(start=day.at(self.start), end=day.at(self.end))


WHOLE_DAY = OfferedWindow(name="Todo el día", start=DAY_FROM, end=DAY_UNTIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """How one operator promises.

    Attributes:
        cutoff: Clock time from which an order counts as one of the next day.
        lead_days: Days from the one it counts for to the first it may be delivered on.
        closed: Dates without deliveries.
        serves_rest_days: Whether vans go out on feriados irrenunciables, when shops must close.
        kept_min: What is kept less surely than this is not offered (0-1).
        day_later_clp: What one day more on the promise costs: sales lost, and worth less.
        broken_clp: What a promise that is not kept costs.
        charges_cost: Whether the buyer pays, beside the window's price, what the order costs more
            than a usual one: its detour, and what it takes of others' odds on a full day.
        quote_min: Minutes a quote stands.
        hold_min: Minutes an accepted quote keeps its place until the order comes in.
        rest: Which days the feriados irrenunciables are: read with the terms from the calendar of
            events, where they are kept.
    """

    windows: tuple[OfferedWindow, ...] = (WHOLE_DAY,)
    cutoff: time = time(18, 0)
    lead_days: int = 1
    horizon_days: int = 14
    closed: frozenset[date] = frozenset()
    kept_min: float = 0.97
    day_later_clp: int = 400
    broken_clp: int = 8_000
    charges_cost: bool = False
    quote_min: int = 15
    hold_min: int = 60
    serves_rest_days: bool = False
    rest: RestDays = OF_THE_LAW
    zone: str = SANTIAGO

    def first_day(self, now: datetime) -> date:
        """The first date an order that comes in now may be promised for."""
        return CutOff(at=self.cutoff, days=self.lead_days).first_date(now, self.zone)

    def last_orders(self, day: date) -> datetime:
        """The instant from which nothing more comes in for that day."""
        return ServiceDay(day - timedelta(days=self.lead_days), self.zone).at(self.cutoff)

    def windows_of(self, day: date) -> tuple[OfferedWindow, ...]:
        """What is offered on that date; nothing on a closed one."""
        if day in self.closed or (self.rest.has(day) and not self.serves_rest_days):
            return ()
        return tuple(window for window in self.windows if day.weekday() in window.weekdays)

    def delivery_day_before(self, day: date) -> date:
        """The last delivery day before a date; the day before where none is near."""
        earlier = (day - timedelta(days=number) for number in range(1, REST_DAYS_MAX + 1))
        return next((each for each in earlier if self.windows_of(each)), day - timedelta(days=1))

    def delivery_days(self, first: date, last: date) -> Iterator[date]:
        """Dates of the span on which something is offered."""
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if self.windows_of(day):
                yield day


def checked_terms(terms: OfferTerms) -> OfferTerms:
    """The terms, if they can be kept.

    Raises:
        OfferTermsError: They cannot; every fault is named.
    """
    faults = [*_faults_of_windows(terms), *_faults_of_numbers(terms)]
    if faults:
        raise OfferTermsError(faults=faults)
    return terms


def _faults_of_windows(terms: OfferTerms) -> Iterator[FieldFault]:
    if not 1 <= len(terms.windows) <= OFFERED_WINDOWS_MAX:
        reason = f"Ofrece entre 1 y {OFFERED_WINDOWS_MAX} horarios."
        yield FieldFault(field="windows", reason=reason)
    for number, window in enumerate(terms.windows):
        if not window.name.strip() or len(window.name) > WINDOW_NAME_CHARS_MAX:
            yield FieldFault(
                field=f"windows[{number}].name", reason="Ponle un nombre de hasta 40 letras."
            )
        if _minutes(window.end) - _minutes(window.start) < WINDOW_WIDTH_MIN.total_seconds() / 60:
            reason = "El horario debe terminar al menos media hora después de empezar."
            yield FieldFault(field=f"windows[{number}].end", reason=reason)
        if not window.weekdays or not window.weekdays <= frozenset(range(7)):
            reason = "Elige al menos un día de reparto, de 0 (lunes) a 6 (domingo)."
            yield FieldFault(field=f"windows[{number}].weekdays", reason=reason)
        if not 0 <= window.price_clp <= PRICE_CLP_MAX:
            reason = "El precio va de 0 a 10.000.000 de pesos."
            yield FieldFault(field=f"windows[{number}].price_clp", reason=reason)
    spans = [(window.start, window.end) for window in terms.windows]
    if len(set(spans)) < len(spans):
        yield FieldFault(field="windows", reason="Hay dos horarios iguales. Quita uno.")


def _faults_of_numbers(terms: OfferTerms) -> Iterator[FieldFault]:
    spans: tuple[tuple[str, float, float, float], ...] = (
        ("lead_days", terms.lead_days, 0, HORIZON_DAYS_MAX - 1),
        ("horizon_days", terms.horizon_days, 1, HORIZON_DAYS_MAX),
        ("kept_min", terms.kept_min, 0.5, 0.999),
        ("day_later_clp", terms.day_later_clp, 0, PRICE_CLP_MAX),
        ("broken_clp", terms.broken_clp, 1, PRICE_CLP_MAX),
        ("quote_min", terms.quote_min, 1, MINUTES_MAX),
        ("hold_min", terms.hold_min, 1, MINUTES_MAX),
    )
    for name, value, low, high in spans:
        if not low <= value <= high:
            yield FieldFault(field=name, reason=f"Debe estar entre {low} y {high}.")
    if terms.lead_days >= terms.horizon_days:
        reason = "Debe ser mayor que los días de preparación: si no, no queda día que ofrecer."
        yield FieldFault(field="horizon_days", reason=reason)
    if len(terms.closed) > CLOSED_DAYS_MAX:
        yield FieldFault(field="closed", reason=f"Hasta {CLOSED_DAYS_MAX} días cerrados.")


def _minutes(clock_time: time) -> int:
    return clock_time.hour * 60 + clock_time.minute
