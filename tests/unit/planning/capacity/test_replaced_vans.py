"""Who drives instead of own vans: how many of each kind, for how much, and why they are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from promesa.planning.capacity.board import DepotBoard
from promesa.planning.capacity.replaced_vans import called_words, replaced_words
from promesa.planning.capacity.sizing import DayPlan, FleetPlan
from promesa.planning.capacity.sources import Contract, DepotFleet, Mix, Spot

DAY = DayPlan(
    depot="QUI",
    date=date(2026, 10, 5),
    stops=900,
    hours_p50=40,
    hours_p97=60,
    vehicles_p50=8,
    vehicles_p97=10,
    ready=10,
    mix=Mix(own=10),
    own_paid=10,
    cost_clp=800_000,
    kept=0.98,
    kept_likely=0.99,
    kept_p05=0.9,
    spot_mean=0,
    held=0,
)
FLEET = DepotFleet(
    depot="QUI",
    own=10,
    own_day_cost_clp=80_000,
    contracts=(Contract(name="Ruta Sur", vehicles_max=4, day_cost_clp=95_000),),
    spot=(Spot(name="Al día", vehicles_max=4, day_cost_clp=125_000),),
)


def board(*mixes: Mix, ready: int = 10) -> tuple[DepotBoard, ...]:
    """A day for each mix."""
    days = tuple(replace(DAY, mix=mix, ready=ready) for mix in mixes)
    plan = FleetPlan(target=0.97, days=days)
    return (DepotBoard(depot="QUI", name="CD Quilicura", plan=plan, hires=(), curve=()),)


def told(before: tuple[DepotBoard, ...], after: tuple[DepotBoard, ...]) -> str:
    return replaced_words([FLEET], before, after)


def test_hired_vans_are_told_by_kind_with_what_one_costs() -> None:
    """Five fewer on each of two days: three by contract and two called, twice."""
    ten, five = Mix(own=10), Mix(own=5, contracted=(3,), spot=(2,))
    assert told(board(ten, ten), board(five, five)) == (
        "Salen 10 propias menos, sumando los días: las reemplazan 6 por contrato ($95.000 cada una "
        "al día) y hasta 4 al día ($125.000 cada una al día)."
    )


def test_what_nobody_replaces_is_told() -> None:
    assert told(board(Mix(own=10)), board(Mix(own=9))) == (
        "Sale 1 camioneta propia menos, sumando los días: 1 queda sin reemplazo y se nota en lo "
        "que se cumple."
    )


def test_where_those_that_stay_suffice_nobody_comes() -> None:
    spared = board(Mix(own=9), ready=9)
    assert told(board(Mix(own=10)), spared).endswith(
        "las demás del CD hacen su trabajo, y no viene nadie de fuera."
    )
    assert told(spared, spared) == "Las que quedan alcanzan: las que se quitan no iban a salir."


def test_a_van_called_while_own_ones_stay_says_why() -> None:
    day = replace(DAY, mix=Mix(own=1, spot=(1,)), spot_mean=0.31)
    assert called_words(day, 9) == (
        "Sólo se llama si el día viene más grande que lo usual (0,3 en promedio): así cuesta menos "
        "que dar turno a otra de las 9 propias que quedan."
    )
    assert called_words(day, 0) == ""
    assert called_words(DAY, 9) == ""
