"""A peak rehearsed: fixed days against promises by capacity, in a town of a hundred doors.

A van has some 48 stops in it, and four are there for 60 orders a day: three times what is usual.
The peak brings six times the usual on three days.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from promesa.promising.offers import OfferTerms
from promesa.promising.rehearsal.case import FleetKind, RehearsalCase, Size, Way
from promesa.promising.rehearsal.outcome import Rehearsal, WayResult
from promesa.promising.rehearsal.run import RehearsalStoppedError, rehearse
from promesa.promising.rehearsal.words import result_sentences
from promesa.promising.rehearsal.world import Roughness
from tests.support.rehearsals import small_case

FIXED = Way(fleet=FleetKind.OWN, fixed_days=2)
AWARE = Way(fleet=FleetKind.OWN)
PEAK = {5: 420, 6: 300, 7: 350}
# Twice the usual orders of a delivery day: 70, as Sunday's are carried by six others.
VANS = 3
TERMS = OfferTerms(kept_min=0.975, horizon_days=28)


def rehearsed(case: RehearsalCase) -> Rehearsal:
    """To its end."""
    return rehearse(case, "Cyber", Size.TYPICAL, lambda _: True)


@pytest.fixture(scope="module")
def peak() -> Rehearsal:
    """Both ways on the same days."""
    return rehearsed(small_case(PEAK, FIXED, AWARE, vans=VANS, terms=TERMS, roughness=Roughness()))


def kept(result: WayResult) -> float:
    """The share of its promises."""
    assert result.kept is not None
    return result.kept.mean


def days(result: WayResult) -> float:
    """Promised, in the mean."""
    assert result.days_promised is not None
    return result.days_promised.mean


def results(done: Rehearsal) -> tuple[WayResult, WayResult]:
    """Fixed, and by capacity."""
    fixed, aware = done.results
    return fixed, aware


def test_capacity_keeps_98_of_100_promises_where_fixed_days_keep_far_less(peak: Rehearsal) -> None:
    fixed, aware = results(peak)
    assert kept(aware) >= 0.98
    assert kept(fixed) < 0.8


def test_what_was_stated_is_within_two_points_of_what_was_kept(peak: Rehearsal) -> None:
    _, aware = results(peak)
    assert aware.stated is not None
    assert aware.stated_kept is not None
    assert abs(aware.stated - aware.stated_kept) < 0.02


def test_fixed_days_state_no_odds_and_leave_parcels_at_night(peak: Rehearsal) -> None:
    fixed, aware = results(peak)
    assert fixed.stated is None
    assert fixed.behind_max > 10 * aware.behind_max


def test_longer_promises_lose_sales_which_are_priced(peak: Rehearsal) -> None:
    fixed, aware = results(peak)
    assert days(aware) > days(fixed)
    assert aware.lost_clp == round(aware.lost_share * aware.orders * 400 / 0.06)
    assert aware.cost_clp < fixed.cost_clp


def test_promises_less_kept_than_said_are_told_after_the_first_three(peak: Rehearsal) -> None:
    fixed, aware = results(peak)
    short = replace(aware, stated=0.976, stated_kept=0.948)
    assert result_sentences([fixed, short])[3].endswith(
        "se prometió con 97,6 % de seguridad y se cumplió 94,8 %."
    )
    assert not any("Ojo" in each for each in peak.sentences)


def test_every_order_is_lost_or_promised_and_every_promise_judged(peak: Rehearsal) -> None:
    for result in peak.results:
        promised = result.orders * (1 - result.lost_share)
        judged = result.broken / (1 - kept(result))
        assert judged == pytest.approx(promised)


def test_words_come_first(peak: Rehearsal) -> None:
    assert peak.sentences[0].startswith("Con la flota propia: con 2 días fijos se cumple")
    assert "simulado" in peak.notes[0]


def test_the_same_seed_gives_the_same_rehearsal(peak: Rehearsal) -> None:
    case = small_case(PEAK, FIXED, AWARE, vans=VANS, terms=TERMS, roughness=Roughness())
    assert rehearsed(case) == peak


def test_ordinary_days_with_vans_enough_keep_everything() -> None:
    (result,) = rehearsed(small_case({}, FIXED, vans=4, terms=TERMS)).results
    assert kept(result) == 1.0
    assert result.behind_max == 0


def test_fixed_days_count_delivery_days_and_not_sundays() -> None:
    # On a Thursday: before 18:00 Friday and Saturday, after it Saturday and Monday.
    (result,) = rehearsed(small_case({}, FIXED, vans=4, terms=TERMS, counts=(3, 3))).results
    assert 2 < days(result) < 4
    assert result.days_p90 == 4


def test_who_waits_no_longer_stops_it() -> None:
    case = small_case({}, FIXED, vans=4, terms=TERMS)
    with pytest.raises(RehearsalStoppedError):
        rehearse(case, "", Size.TYPICAL, lambda _: False)


def test_same_day_deliveries_go_out_with_what_came_before_the_cut_off() -> None:
    same_day = replace(TERMS, lead_days=0)
    fixed = Way(fleet=FleetKind.OWN, fixed_days=1)
    (result,) = rehearsed(small_case({}, fixed, vans=4, terms=same_day)).results
    assert kept(result) == 1.0
    assert days(result) < 1.0
