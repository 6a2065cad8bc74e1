"""What `promesa promise` says: windows that may be offered, and why each other day is closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from promesa.cli.days import day_words
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.words import WEEKDAYS, per_cent
from promesa.promising.offers import HORIZON_DAYS_MAX, OfferTerms
from promesa.promising.quoting import Offer, Quotation
from promesa.routing.words import thousands

# Below, a day is full: another number would only hide it.
FULL_KEPT = 0.5


class ClosedBecause(StrEnum):
    """Why nothing is offered on a day."""

    PAST = "past"
    CUT_OFF = "cut_off"
    WEEKDAY = "weekday"
    REST_DAY = "rest_day"
    HORIZON = "horizon"
    NO_VANS = "no_vans"
    NOT_SURE = "not_sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedDay:
    """A day asked about on which nothing is offered."""

    date: date
    because: ClosedBecause
    sentence: str


def closed_days(
    span: Sequence[date], looked_at: Quotation, terms: OfferTerms, now: datetime
) -> tuple[ClosedDay, ...]:
    """Why each day without an offer has none.

    Args:
        span: The days asked about.
        looked_at: Every window of them, sure or not.
        terms: Of the offer.
        now: When it is asked.
    """
    sure = {offer.date for offer in looked_at.offers if offer.is_sure}
    return tuple(_closed(day, looked_at, terms, now) for day in span if day not in sure)


def _closed(day: date, looked_at: Quotation, terms: OfferTerms, now: datetime) -> ClosedDay:
    today = ServiceDay.of(now, terms.zone).date
    last = ServiceDay.of(terms.last_orders(day), terms.zone)
    if day < today:
        because, why = ClosedBecause.PAST, "ya pasó."
    elif not terms.windows_of(day):
        because, why = ClosedBecause.WEEKDAY, f"no hay reparto ese día, es {_weekday(day)}."
        if terms.rest.has(day):
            because, why = ClosedBecause.REST_DAY, "no hay reparto ese día, es irrenunciable."
    elif day < terms.first_day(now):
        until = f"el {day_words(last.date)} a las {terms.cutoff:%H:%M}"
        because, why = ClosedBecause.CUT_OFF, f"ya cerró: se pedía hasta {until}."
    elif (day - today).days > terms.horizon_days:
        because = ClosedBecause.HORIZON
        why = f"queda a más de {HORIZON_DAYS_MAX} días, y no se promete tan lejos."
    else:
        because, why = _not_sure([o for o in looked_at.offers if o.date == day], terms)
    return ClosedDay(date=day, because=because, sentence=why)


def _not_sure(offers: Sequence[Offer], terms: OfferTerms) -> tuple[ClosedBecause, str]:
    if not offers:
        return (
            ClosedBecause.NO_VANS,
            "no se sabe con qué camionetas: el CD más cercano no tiene en la flota.",
        )
    best = max(offer.p_kept for offer in offers)
    if best >= terms.kept_min:
        return ClosedBecause.NOT_SURE, "está lleno: un pedido más rompería lo ya prometido."
    told = f"la mejor se cumple {per_cent(best, 1)} y se pide {per_cent(terms.kept_min, 1)}"
    full = "está lleno, " if best < FULL_KEPT else ""
    return ClosedBecause.NOT_SURE, f"{full}ninguna ventana es tan segura: {told}."


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def offer_values(
    found: Sequence[Offer], closed: Sequence[ClosedDay], zone: str, now: datetime
) -> dict[str, object]:
    """Everything for a program; instants by the clock of the zone."""
    here = ZoneInfo(zone)
    return {
        "windows": [
            {
                "start": offer.window.start.astimezone(here).isoformat(),
                "end": offer.window.end.astimezone(here).isoformat(),
                "p_kept": offer.p_kept,
                "price_clp": offer.price_clp,
            }
            for offer in found
        ],
        "asked_at": now.astimezone(here).isoformat(),
        "closed": [
            {"date": each.date.isoformat(), "because": each.because, "reason": each.sentence}
            for each in closed
        ],
    }


def offer_lines(
    found: Sequence[Offer], closed: Sequence[ClosedDay], comuna: str, zone: str
) -> Iterator[str]:
    """A line a window or closed day, by day."""
    if not found:
        yield f"{comuna}: nada que ofrecer. Cambia la fecha, la flota o --kept-min."
    lines = [(each.date, f"{day_words(each.date)}: {each.sentence}") for each in closed]
    for offer in found:
        day = ServiceDay(offer.date, zone)
        hours = " a ".join(
            f"{day.clock_time_of(at):%H:%M}" for at in (offer.window.start, offer.window.end)
        )
        kept = f"se cumple {per_cent(offer.p_kept, 1)}, ${thousands(offer.price_clp)}"
        lines.append((offer.date, f"{day_words(offer.date)} {hours}: {kept}"))
    yield from (line for _, line in sorted(lines, key=lambda each: each[0]))
