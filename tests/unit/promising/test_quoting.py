"""Quotes from a snapshot made by hand: one depot, flat roads, days of ten van hours.

a usual order takes 360 s: 180 at the door, 180 on the way when there are a hundred
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from promesa.domain.fleet import Load
from promesa.kernel.geo import Position
from promesa.promising.calibration import Calibration, Line
from promesa.promising.choice import Prices, choose, quantile_of
from promesa.promising.curve import Demand, curve_of, shown_now
from promesa.promising.day_book import BookedStop, DayBook, make_book, near_m
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferedWindow, OfferTerms
from promesa.promising.quoting import (
    Offer,
    Place,
    Quotation,
    Snapshot,
    Wanted,
    make_snapshot,
    quote,
    requote,
)
from promesa.promising.repository import HALF_HOURS, DayOutlook
from promesa.promising.usual_work import UsualWork

DEPOT_ID = UUID(int=1)
DEPOT = Position(lon=-70.65, lat=-33.45)
DOOR = Position(lon=-70.60, lat=-33.45)
MONDAY = date(2026, 11, 30)
# Ten in the morning of Monday, in Santiago: a delivery on Tuesday may still be had.
NOW = datetime(2026, 11, 30, 13, tzinfo=UTC)
WHOLE = OfferedWindow(name="Todo el día", start=time(9), end=time(21))
MORNING = OfferedWindow(name="Mañana", start=time(9), end=time(14), price_clp=990)
TERMS = OfferTerms(windows=(WHOLE,), kept_min=0.9, horizon_days=7)
USUAL = UsualWork(orders=100, service_s=180, travel_s=180)
WANTED = Wanted(position=DOOR, service_s=180)


class FlatRoads:
    """Ten metres a second, straight."""

    def leg_s(self, origin: Position, destination: Position) -> float:
        return near_m(origin, destination) / 10


def outlook(day: date, *, vans: float = 1.0, coming: float = 0.0, fixed: float = 0.0) -> DayOutlook:
    """So many vans from nine to seven."""
    hours = tuple(vans * 1_800.0 if 18 <= number < 38 else 0.0 for number in range(HALF_HOURS))
    return DayOutlook(
        depot_id=DEPOT_ID,
        date=day,
        hours_s=hours,
        coming=Spread(mean=coming * (1 - fixed), sd=0.0),
        named=Spread(mean=coming * fixed, sd=0.0),
        usual=USUAL,
    )


def day_after(days: int) -> date:
    return MONDAY + timedelta(days=days)


def stops(count: int, day: date, span: tuple[int, int] = (32_400, 75_600)) -> DayBook:
    """So many usual orders, side by side two kilometres from the door."""
    booked = [
        BookedStop(
            id=UUID(int=1_000 + number),
            position=Position(lon=-70.62, lat=-33.45 + number * 1e-4),
            start_s=span[0],
            end_s=span[1],
            service_s=180,
        )
        for number in range(count)
    ]
    return make_book(DEPOT_ID, day, booked)


def snapshot_of(*days: tuple[DayBook, DayOutlook], terms: OfferTerms = TERMS) -> Snapshot:
    place = Place(depot_id=DEPOT_ID, position=DEPOT)
    return make_snapshot(terms=terms, places=[place], days=days)


def asked(snapshot: Snapshot, now: datetime = NOW) -> Quotation:
    return quote(snapshot, WANTED, FlatRoads(), now)


def empty(day: date, **known: float) -> tuple[DayBook, DayOutlook]:
    return DayBook(depot_id=DEPOT_ID, date=day), outlook(day, **known)


def test_an_empty_day_with_a_van_is_promised_almost_surely() -> None:
    [offer] = asked(snapshot_of(empty(day_after(1)))).offers
    assert offer.p_kept == pytest.approx(0.988, abs=0.005)
    assert (offer.date, offer.days, offer.is_whole_day) == (day_after(1), 1, True)


def test_the_fuller_the_day_the_less_sure_until_it_is_not_offered() -> None:
    day = day_after(1)
    odds = []
    for count in (0, 70, 95, 100, 120):
        found = asked(snapshot_of((stops(count, day), outlook(day))))
        odds.append(found.offers[0].p_kept if found.offers else 0.0)
    assert odds == sorted(odds, reverse=True)
    # A hundred usual orders are the van's ten hours, and one in ten may be left then.
    assert (odds[0] > 0.98, odds[-1]) == (True, 0.0)


def test_what_will_still_come_counts_as_much_as_what_is_promised() -> None:
    day = day_after(1)
    [promised] = asked(snapshot_of((stops(90, day), outlook(day)))).offers
    [coming] = asked(snapshot_of(empty(day, coming=90))).offers
    assert coming.p_kept == pytest.approx(promised.p_kept, abs=0.01)


def test_a_day_that_fills_up_is_closed_before_it_breaks_and_the_rest_goes_to_the_next() -> None:
    sure = replace(TERMS, kept_min=0.97)
    days = empty(day_after(1), coming=150), empty(day_after(2), coming=0)
    crowded = snapshot_of(*days, terms=sure)
    first, second = crowded.loads[DEPOT_ID]
    assert first.final_s.mean < first.capacity_s
    # Nobody is lost between the two.
    turned_away = second.final_s.mean / second.order_s
    assert first.orders + turned_away == pytest.approx(150, abs=2)
    assert [offer.date for offer in asked(crowded).offers] == [day_after(1), day_after(2)]


def test_what_a_full_day_may_leave_undone_is_kept_room_for_on_the_next() -> None:
    # Two vans serve some two hundred: half of each day's orders find it full.
    crowded = snapshot_of(
        (DayBook(depot_id=DEPOT_ID, date=day_after(1)), outlook(day_after(1), vans=2, coming=400)),
        (DayBook(depot_id=DEPOT_ID, date=day_after(2)), outlook(day_after(2), vans=2, coming=400)),
        terms=replace(TERMS, kept_min=0.97),
    )
    first, second = crowded.loads[DEPOT_ID]
    assert first.carried_s.mean == 0
    assert 0.01 < second.carried_s.mean / first.final_s.mean < 0.05
    assert second.final_s.mean == pytest.approx(
        first.final_s.mean - second.carried_s.mean, rel=0.01
    )


def test_an_easy_day_leaves_nothing_for_the_next() -> None:
    easy = snapshot_of(empty(day_after(1), coming=20), empty(day_after(2)))
    _, second = easy.loads[DEPOT_ID]
    assert second.carried_s.mean < 1.0


def test_orders_that_say_their_own_day_are_not_turned_away_by_an_offer() -> None:
    steered = snapshot_of(empty(day_after(1), coming=150))
    fixed = snapshot_of(empty(day_after(1), coming=150, fixed=1.0))
    assert asked(steered).offers
    assert not asked(fixed).offers


def test_a_day_without_known_vans_is_unknown_and_not_full() -> None:
    found = asked(snapshot_of(empty(day_after(1))))
    assert day_after(2) in found.unknown_days
    assert found.unsure == 0


def test_an_operator_without_any_van_has_unknown_days_and_not_closed_ones() -> None:
    found = asked(snapshot_of())
    assert found.offers == ()
    assert found.unknown_days[0] == day_after(1)


def test_sundays_closed_days_and_orders_after_the_cut_off_wait_for_the_next_day() -> None:
    days = [empty(day_after(number)) for number in range(1, 8)]
    terms = replace(TERMS, closed=frozenset({day_after(1)}))
    dates = [offer.date for offer in asked(snapshot_of(*days, terms=terms)).offers]
    assert dates == [day_after(number) for number in (2, 3, 4, 5, 7)]
    evening = datetime(2026, 11, 30, 22, tzinfo=UTC)
    assert asked(snapshot_of(*days), evening).offers[0].date == day_after(2)


def test_a_morning_is_less_sure_than_the_day_and_costs_what_the_operator_asks() -> None:
    terms = replace(TERMS, windows=(WHOLE, MORNING))
    morning, whole = asked(snapshot_of(empty(day_after(1)), terms=terms)).offers
    assert morning.p_kept < whole.p_kept
    assert morning.price_clp == whole.price_clp + 990


def test_a_morning_full_of_promises_is_closed_and_the_day_is_not() -> None:
    terms = replace(TERMS, windows=(WHOLE, MORNING))
    day = day_after(1)
    book = stops(60, day, span=(32_400, 50_400))
    found = asked(snapshot_of((book, outlook(day)), terms=terms))
    assert [offer.name for offer in found.offers] == ["Todo el día"]


def test_a_door_among_the_days_stops_is_cheaper_than_one_far_from_all() -> None:
    day = day_after(1)
    charged = replace(TERMS, charges_cost=True)
    snapshot = snapshot_of((stops(50, day), outlook(day)), terms=charged)
    near = Wanted(position=Position(lon=-70.62, lat=-33.4475), service_s=180)
    far = Wanted(position=Position(lon=-70.50, lat=-33.45), service_s=180)
    [here] = quote(snapshot, near, FlatRoads(), NOW).offers
    [there] = quote(snapshot, far, FlatRoads(), NOW).offers
    assert here.detour_s < 10
    assert there.detour_s > 1_000
    assert here.price_clp < there.price_clp
    [free] = quote(replace(snapshot, terms=TERMS), far, FlatRoads(), NOW).offers
    assert (free.price_clp, free.cost_clp) == (0, there.cost_clp)


def test_calibration_moves_what_is_stated_and_keeps_what_the_model_said() -> None:
    snapshot = snapshot_of(empty(day_after(1)))
    worse = replace(snapshot, calibration=Calibration(whole_day=Line(shift=-0.5, outcomes=500)))
    [plain], [put_right] = asked(snapshot).offers, asked(worse).offers
    assert put_right.p_kept < plain.p_kept == plain.p_model == put_right.p_model
    assert asked(worse).outcomes == 500


def test_a_window_quoted_before_is_found_again_with_the_odds_of_now() -> None:
    day = day_after(1)
    [offer] = asked(snapshot_of(empty(day))).offers
    fuller = snapshot_of((stops(80, day), outlook(day)))
    again = requote(fuller, WANTED, offer.window, ways=FlatRoads(), now=NOW)
    assert again is not None
    assert again.p_kept < offer.p_kept
    late = datetime(2026, 11, 30, 22, tzinfo=UTC)
    assert requote(fuller, WANTED, offer.window, ways=FlatRoads(), now=late) is None


def offers(*odds: float) -> list[Offer]:
    """A whole day from tomorrow on for each of the odds."""
    [first] = asked(snapshot_of(empty(day_after(1)))).offers
    return [
        replace(first, date=day_after(days), days=days, p_kept=odd)
        for days, odd in enumerate(odds, start=1)
    ]


def test_a_day_more_is_worth_it_while_it_saves_more_than_it_costs() -> None:
    found = offers(0.80, 0.92, 0.96, 0.97)
    # A day costs 400. It saves 960, 320 and 80 of a broken promise of 8,000; at 16,000: 640.
    at_8000 = choose(found, Prices(day_later_clp=400, broken_clp=8_000))
    at_16000 = choose(found, Prices(day_later_clp=400, broken_clp=16_000))
    assert (at_8000, at_16000) == (found[1], found[2])
    assert quantile_of(Prices(day_later_clp=400, broken_clp=8_000)) == pytest.approx(0.95)


def test_a_full_day_between_two_empty_ones_does_not_stop_the_choice() -> None:
    found = offers(0.60, 0.55, 0.99)
    assert choose(found, Prices(day_later_clp=400, broken_clp=8_000)) == found[2]
    assert choose([], Prices(day_later_clp=1, broken_clp=1)) is None


def test_the_search_for_windows_stops_only_where_no_later_one_can_be_shown_first() -> None:
    days = [empty(day_after(number)) for number in (1, 2, 3)]
    snapshot = snapshot_of(*days)
    found = quote(snapshot, WANTED, FlatRoads(), NOW, enough=1)
    assert [offer.date for offer in found.offers] == [day_after(1)]
    dear = replace(snapshot, terms=replace(TERMS, day_later_clp=1, broken_clp=10_000))
    assert len(quote(dear, WANTED, FlatRoads(), NOW, enough=1).offers) > 1


def test_the_curve_falls_as_promises_get_longer_and_weighs_comunas_by_orders() -> None:
    sure = Demand(comuna="A", orders=3, offers=tuple(offers(0.99)))
    rising = Demand(comuna="B", orders=1, offers=tuple(offers(0.60, 0.90, 0.99)))
    prices = Prices(day_later_clp=400, broken_clp=2_000)
    curve = curve_of([sure, rising], prices)
    assert [(p.days, round(p.late_share, 4)) for p in curve.points] == [
        (1.0, 0.1075),
        (1.25, 0.0325),
        (1.5, 0.01),
    ]
    assert curve.own is not None
    assert (curve.own.ratio, curve.own.days) == (5.0, 1.25)
    shown = shown_now([rising, sure], prices)
    assert [each.comuna for each in shown] == ["A", "B"]


def loaded(count: int, day: date, *, room_ml: int, each_ml: int = 10_000) -> Snapshot:
    """A van of ten hours, so many usual orders of ten litres, and what the van carries."""
    usual = replace(USUAL, load=Load(volume_ml=each_ml))
    known = replace(outlook(day), usual=usual, load=Load(volume_ml=room_ml))
    booked = [
        replace(stop, load=Load(volume_ml=each_ml)) for stop in stops(count, day).stops.values()
    ]
    return snapshot_of((make_book(DEPOT_ID, day, booked), known))


def test_a_day_whose_vans_are_full_closes_with_hours_to_spare() -> None:
    day = day_after(1)
    # Half of the hours are promised either way: the van takes a hundred boxes, or fifty.
    assert asked(loaded(50, day, room_ml=1_000_000)).offers
    assert not asked(loaded(50, day, room_ml=450_000)).offers
    assert asked(loaded(50, day, room_ml=0)).offers, "a van that does not say takes all"


def test_an_order_too_large_for_what_is_left_of_the_vans_is_not_offered() -> None:
    snapshot = loaded(50, day_after(1), room_ml=1_000_000)
    large = replace(WANTED, load=Load(volume_ml=700_000))
    assert not quote(snapshot, large, FlatRoads(), NOW).offers


def test_what_full_vans_turn_away_goes_to_the_next_day() -> None:
    first, second = day_after(1), day_after(2)
    usual = replace(USUAL, load=Load(weight_g=1_000))
    carried = Load(weight_g=60_000)
    days = [
        (DayBook(depot_id=DEPOT_ID, date=day), replace(outlook(day, coming=coming), usual=usual))
        for day, coming in ((first, 80.0), (second, 0.0))
    ]
    filled = [(book, replace(known, load=carried)) for book, known in days]
    snapshot = snapshot_of(*filled, terms=replace(TERMS, kept_min=0.97))
    one, two = snapshot.loads[DEPOT_ID]
    assert one.fillings[0].final.mean <= 60_000
    # What the van cannot carry of the eighty, and the day leaves unfilled to be sure.
    assert two.fillings[0].final.mean == pytest.approx(80_000 - one.fillings[0].final.mean, rel=0.1)


def test_of_a_day_under_way_the_window_is_only_what_is_left_of_it() -> None:
    terms = replace(TERMS, lead_days=0, cutoff=time(20, 30), kept_min=0.5)
    today = snapshot_of(empty(MONDAY), terms=terms)
    early, late = (asked(today, NOW + timedelta(hours=hours)).offers[0].p_kept for hours in (0, 10))
    # At eight in the evening an hour is left, and vans come half an hour late now and then.
    assert late < early - 0.05


def test_a_day_on_which_shops_must_close_is_offered_only_by_who_works_on_it() -> None:
    new_year = date(2027, 1, 1)
    day = empty(new_year), empty(new_year + timedelta(days=1))
    terms = replace(TERMS, horizon_days=14)
    eve = datetime(2026, 12, 30, 13, tzinfo=UTC)
    assert new_year not in [o.date for o in asked(snapshot_of(*day, terms=terms), eve).offers]
    working = replace(terms, serves_rest_days=True)
    assert new_year in [o.date for o in asked(snapshot_of(*day, terms=working), eve).offers]
