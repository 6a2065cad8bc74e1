"""What a rehearsal says: sales lost where they are many, and no pesos finer than what is known."""

from __future__ import annotations

from dataclasses import replace

from promesa.promising.rehearsal.case import FleetKind, Way
from promesa.promising.rehearsal.outcome import Figure, WayResult
from promesa.promising.rehearsal.words import result_sentences, unfolded


def result(
    *, fixed_days: int | None, kept: float, days: float, lost: float, cost_clp: int
) -> WayResult:
    return WayResult(
        way=Way(fleet=FleetKind.OWN, fixed_days=fixed_days),
        kept=Figure(mean=kept, low=kept, high=kept),
        worst_kept=None,
        worst_day=None,
        stated=None,
        stated_kept=None,
        days_promised=Figure(mean=days, low=days, high=days),
        days_p90=9,
        orders=100.0,
        lost_share=lost,
        refused=0.0,
        broken=0.0,
        fleet_clp=cost_clp,
        broken_clp=0,
        lost_clp=0,
        van_days=74.0,
        behind_max=0.0,
        missing=0,
        days=(),
    )


FIXED = result(fixed_days=2, kept=0.46, days=3.1, lost=0.05, cost_clp=25_494_400)
AWARE = result(fixed_days=None, kept=0.912, days=5.9, lost=0.272, cost_clp=14_818_844)


def test_three_short_sentences_say_what_is_kept_how_long_it_takes_and_what_it_costs() -> None:
    assert result_sentences((FIXED, AWARE), lost_clp=6_667) == (
        "Con la flota propia: con 2 días fijos se cumple 46,0 %; según capacidad, 91,2 %.",
        (
            "Según capacidad promete 2,8 días más tarde en promedio y pierde 27,2 % de las ventas, "
            "no 5,0 %."
        ),
        (
            "Según capacidad cuesta $10.676.000 menos en total, con una venta perdida a $6.667 "
            "(supuesto)."
        ),
    )
    assert unfolded((FIXED, AWARE)) == 3


def test_a_price_that_was_given_is_not_told_as_assumed() -> None:
    told = result_sentences((FIXED, AWARE), lost_clp=9_000, is_assumed=False)
    assert told[2].endswith("con una venta perdida a $9.000.")


def test_other_fleets_come_after_what_stands_above() -> None:
    pooled = [
        replace(each, way=replace(each.way, fleet=FleetKind.POOLED)) for each in (FIXED, AWARE)
    ]
    told = result_sentences((FIXED, AWARE, *pooled))
    assert told[unfolded((FIXED, AWARE, *pooled))].startswith("Con la reserva común: con 2 días")
