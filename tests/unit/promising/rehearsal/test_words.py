"""What a rehearsal says: sales lost where they are many, and no pesos finer than what is known."""

from __future__ import annotations

from promesa.promising.rehearsal.case import FleetKind, Way
from promesa.promising.rehearsal.outcome import Figure, WayResult
from promesa.promising.rehearsal.words import result_sentences


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


def headline(lost: float) -> str:
    fixed = result(fixed_days=2, kept=0.46, days=3.1, lost=0.05, cost_clp=25_494_400)
    aware = result(fixed_days=None, kept=0.912, days=5.9, lost=lost, cost_clp=14_818_844)
    return result_sentences((fixed, aware))[0]


def test_the_headline_says_how_many_sales_longer_promises_lose() -> None:
    assert headline(0.272) == (
        "Con la flota propia: con 2 días fijos se cumple 46,0 % de las promesas; prometiendo según "
        "capacidad, 91,2 %, con 2,8 días más en promedio; cuesta $10.676.000 menos en total. "
        "Se pierde de las ventas 5,0 % con 2 días fijos y 27,2 % según capacidad."
    )


def test_few_lost_sales_stay_out_of_the_headline() -> None:
    assert headline(0.06).endswith("cuesta $10.676.000 menos en total.")
