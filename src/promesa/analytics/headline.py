"""The torre's first line and legend: how each of today's promises stands, counted once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from promesa.domain.promise import Promise, PromiseFate, PromiseRisk

FORMULA = (
    "De cada pedido prometido para hoy cuenta la última ventana que no movió un atraso nuestro. "
    "A salvo: cumplida, o abierta y a tiempo. En riesgo: abierta y en riesgo. Rota: entregado "
    "tarde, no entregado, o abierta y ya imposible. No cuenta lo que el destinatario o el "
    "comercio pidió cambiar."
)


class Standing(StrEnum):
    """How a promise of today stands."""

    SAFE = "safe"
    AT_RISK = "at_risk"
    BROKEN = "broken"
    RELEASED = "released"


_SHAPE_OF_FATE = {
    PromiseFate.KEPT: PromiseRisk.CLOSED,
    PromiseFate.EARLY: PromiseRisk.CLOSED,
    PromiseFate.LATE: PromiseRisk.LATE,
    PromiseFate.BROKEN: PromiseRisk.FAILED,
}
_STANDING_OF_SHAPE = {
    PromiseRisk.ON_TIME: Standing.SAFE,
    PromiseRisk.CLOSED: Standing.SAFE,
    PromiseRisk.AT_RISK: Standing.AT_RISK,
    PromiseRisk.LATE: Standing.BROKEN,
    PromiseRisk.FAILED: Standing.BROKEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseNow:
    """A promise of today with what tracking says of it.

    Attributes:
        risk: None while no route carries it.
    """

    order_id: UUID
    promise: Promise
    risk: PromiseRisk | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The counts and the sentence; released promises are in none of them."""

    promises: int
    safe: int
    at_risk: int
    broken: int
    sentence: str


def shape_of(now: PromiseNow) -> PromiseRisk | None:
    """The shape of one promise on the screens; None for one that was released.

    What was delivered late has the shape of what is late, so that the shapes add up to the line.
    """
    fate = now.promise.fate
    if fate is not PromiseFate.OPEN:
        return _SHAPE_OF_FATE.get(fate)
    return now.risk or PromiseRisk.ON_TIME


def standing_of(now: PromiseNow) -> Standing:
    """How one promise stands."""
    shape = shape_of(now)
    return Standing.RELEASED if shape is None else _STANDING_OF_SHAPE[shape]


def count_shapes(promises: Iterable[PromiseNow]) -> dict[PromiseRisk, int]:
    """How many promises have each shape; all of them together are the line's total."""
    counts = dict.fromkeys(PromiseRisk, 0)
    for now in promises:
        shape = shape_of(now)
        if shape is not None:
            counts[shape] += 1
    return counts


def risk_unrouted(promise: Promise, now: datetime) -> PromiseRisk:
    """Of an order no route carries: at risk while its window lasts, late after it."""
    return PromiseRisk.LATE if now > promise.window.end else PromiseRisk.AT_RISK


def make_headline(promises: Iterable[PromiseNow]) -> Headline:
    """Counts and says them, as 'Promesas: 97,1 % a salvo · 71 en riesgo · 12 rotas de 2.862'."""
    standings = [standing_of(now) for now in promises]
    total = sum(1 for standing in standings if standing is not Standing.RELEASED)
    safe = standings.count(Standing.SAFE)
    at_risk = standings.count(Standing.AT_RISK)
    broken = standings.count(Standing.BROKEN)
    return Headline(
        promises=total,
        safe=safe,
        at_risk=at_risk,
        broken=broken,
        sentence=_sentence(total, safe=safe, at_risk=at_risk, broken=broken),
    )


def _sentence(total: int, *, safe: int, at_risk: int, broken: int) -> str:
    if not total:
        return "No hay promesas para hoy."
    # Rounded down, so that 100 % is said only when nothing is at risk or broken.
    tenths = 1_000 * safe // total
    share = "100" if tenths == 1_000 else f"{tenths // 10},{tenths % 10}"
    word = "rota" if broken == 1 else "rotas"
    return (
        f"Promesas: {share}\u00a0% a salvo · {at_risk} en riesgo · "
        f"{broken} {word} de {_thousands(total)} para hoy"
    )


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
