"""What a capacity plan says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from promesa.planning.capacity.hires import Hire, Lent, Loan
from promesa.planning.capacity.sizing import DayPlan, size_fleet
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.words import (
    gap_sentence,
    hire_sentence,
    lent_sentences,
    per_cent,
    total_sentence,
)
from tests.support.capacity_days import need_of

TUESDAY = date(2026, 11, 3)


def day(own: int) -> DayPlan:
    fleet = DepotFleet(depot="QUI", own=own, own_day_cost_clp=50_000)
    (found,) = size_fleet([need_of([[20.0]] * 20)], [fleet], 0.97).days
    return replace(found, date=TUESDAY)


def test_a_gap_is_told_with_its_day_its_depot_and_its_target() -> None:
    assert gap_sentence(day(6), "CD Quilicura", 0.97) == (
        "martes 3: faltan 14 camionetas en CD Quilicura para cumplir 97 %; "
        "con las que hay se cumple de 30,0 % a 41,4 %, y desde 30,0 % en un mal día."
    )


def test_one_van_is_one_van() -> None:
    assert gap_sentence(day(19), "CD Quilicura", 0.97).startswith("martes 3: falta 1 camioneta en")


def test_a_van_missing_for_bad_days_alone_is_told_as_that() -> None:
    enough = replace(day(19), kept=0.982, kept_likely=0.992, kept_p05=0.966)
    assert gap_sentence(enough, "CD Quilicura", 0.97) == (
        "martes 3: falta 1 camioneta en CD Quilicura para cumplir 97 % también en un mal día; "
        "con las que hay se cumple de 98,2 % a 99,2 %, y desde 96,6 % en un mal día."
    )


def test_a_hire_of_no_named_carrier_names_none() -> None:
    hire = Hire(depot="QUI", contract="contratadas", vehicles=4, start=TUESDAY, end=TUESDAY)
    assert hire_sentence(hire, "CD Quilicura") == (
        "Contratar 4 camionetas en CD Quilicura, el martes 3."
    )


def test_doors_are_named_where_vans_would_not_help() -> None:
    held = replace(day(6), held=1)
    assert "porque los andenes no dejan salir más" in gap_sentence(held, "CD Quilicura", 0.97)


def test_a_hire_is_told_from_its_first_day_to_its_last() -> None:
    hire = Hire(depot="QUI", contract="Ruta Sur", vehicles=4, start=TUESDAY, end=date(2026, 11, 6))
    assert hire_sentence(hire, "CD Quilicura") == (
        "Contratar 4 camionetas de Ruta Sur en CD Quilicura, del martes 3 al viernes 6."
    )
    assert hire_sentence(replace(hire, end=TUESDAY), "CD Quilicura").endswith("el martes 3.")


def test_zones_lent_on_one_day_are_one_sentence_and_crumbs_none() -> None:
    def lent(zone: str, share: float) -> Lent:
        loan = Loan(zone=zone, home="SJO", other="QUI", factor=1.1)
        return Lent(loan=loan, date=TUESDAY, share=share)

    names = {"SJO": "CD San Joaquín", "QUI": "CD Quilicura"}
    parts = [lent("Recoleta", 1.0), lent("Ñuñoa", 0.4), lent("Macul", 0.01)]
    assert list(lent_sentences(parts, names)) == [
        (
            "martes 3: Recoleta y 40 % de Ñuñoa salen de CD Quilicura, "
            "porque los andenes de CD San Joaquín no alcanzan."
        )
    ]


def test_a_share_is_never_rounded_up_to_a_target_it_does_not_reach() -> None:
    assert (per_cent(0.9699), per_cent(0.97), per_cent(0.9996, 1)) == ("96 %", "97 %", "99,9 %")


def test_the_total_names_the_worst_day() -> None:
    fleet = DepotFleet(depot="QUI", own=10, own_day_cost_clp=50_000)
    plan = size_fleet([need_of([[10.0, 20.0]] * 20)], [fleet], 0.97)
    assert total_sentence(plan, {"QUI": "CD Quilicura"}) == (
        "En total, en 2 días: $1.000.000, $500.000 por día con camionetas. "
        "Se cumple al menos 66,6 % de las promesas. "
        "El peor día es el martes 6 de octubre en CD Quilicura: 50,0 %."
    )
