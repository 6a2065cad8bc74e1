"""Which van a duty gets. Two vans of one depot, two drivers; Monday is day nought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from uuid import UUID

from promesa.domain.fleet import Driver, Shift, Vehicle
from promesa.planning.capacity.roster_vans import DriverDay, FittedDays, WantedDuty, fit_days
from tests.support.roster_days import ANA, EARLY, LUIS, QUI, day, shift, van

NIGHT = (time(22), time(6))
VAN_1, VAN_2 = van(1), van(2)


def wanted(
    driver: Driver, number: int, code: str, *before: Shift, vehicle_id: UUID | None = None
) -> DriverDay:
    duty = WantedDuty(shift=code, depot=QUI, vehicle_id=vehicle_id)
    return DriverDay(driver_id=driver.id, day=day(number), before=before, wanted=(duty,))


def fitted(
    *days: DriverDay,
    shifts: Sequence[Shift] = (),
    vehicles: Sequence[Vehicle] = (VAN_1,),
    usual: dict[UUID, UUID] | None = None,
) -> FittedDays:
    return fit_days(days, vehicles=vehicles, usual=usual or {}, shifts=shifts)


def test_a_van_of_the_night_is_out_until_it_comes_back_in_the_morning() -> None:
    """From Monday 22:00 to Tuesday 06:00 the only van is on the road."""
    night = [shift(ANA, 0, NIGHT)]
    early = fitted(wanted(LUIS, 1, "05:00–12:00"), shifts=night)
    later = fitted(wanted(LUIS, 1, "06:00–12:00"), shifts=night)
    assert (early.made, early.lacking) == ({}, {(LUIS.id, day(1)): 0})
    assert later.made[LUIS.id, day(1)][0].vehicle_id == VAN_1.id


def test_a_night_does_not_begin_with_a_van_that_has_to_be_out_before_it_ends() -> None:
    dawn = [shift(ANA, 1, (time(5), time(12)))]
    found = fitted(wanted(LUIS, 0, "22:00–06:00"), shifts=dawn)
    assert found.lacking == {(LUIS.id, day(0)): 0}


def test_two_nights_of_one_request_do_not_share_a_van_with_the_morning_between() -> None:
    found = fitted(wanted(ANA, 0, "22:00–06:00"), wanted(LUIS, 1, "05:00–12:00"))
    assert list(found.made) == [(ANA.id, day(0))]
    assert list(found.lacking) == [(LUIS.id, day(1))]


def test_two_change_places_with_one_van() -> None:
    ana, luis = shift(ANA, 0, EARLY), shift(ANA, 0, (time(16), time(22)))
    found = fitted(
        wanted(ANA, 0, "16:00–22:00", ana),
        wanted(LUIS, 0, "08:00–15:30", luis),
        shifts=[ana, luis],
    )
    assert found.lacking == {}
    assert {each[0].vehicle_id for each in found.made.values()} == {VAN_1.id}
    assert found.made[ANA.id, day(0)][0].id == ana.id


def test_who_finds_no_van_stays_and_the_others_are_fitted_around_them() -> None:
    """Luis cannot have the long day, since Ana drives; so he keeps the van of his evening."""
    ana, luis = shift(ANA, 0, EARLY), shift(ANA, 0, (time(16), time(22)))
    found = fitted(
        wanted(ANA, 0, "09:00–15:00", ana),
        wanted(LUIS, 0, "14:00–22:00", luis),
        shifts=[ana, luis],
    )
    assert list(found.made) == [(ANA.id, day(0))]
    assert found.lacking == {(LUIS.id, day(0)): 0}


def test_a_driver_keeps_their_van_then_gets_the_usual_one_and_anothers_last() -> None:
    both, usual = (VAN_1, VAN_2), {ANA.id: VAN_1.id}
    kept = shift(LUIS, 0)
    moved = fitted(wanted(LUIS, 0, "09:00–17:00", kept), shifts=[kept], vehicles=both, usual=usual)
    new = fitted(wanted(LUIS, 0, "09:00–17:00"), vehicles=both, usual=usual)
    own = fitted(wanted(ANA, 0, "09:00–17:00"), vehicles=both, usual=usual)
    asked = fitted(wanted(ANA, 0, "09:00–17:00", vehicle_id=VAN_2.id), vehicles=both, usual=usual)
    vans = [next(iter(each.made.values()))[0].vehicle_id for each in (moved, new, own, asked)]
    assert vans == [VAN_2.id, VAN_2.id, VAN_1.id, VAN_2.id]


def test_a_second_shift_has_an_id_of_its_own() -> None:
    """The one that was moved kept the id of its first hours."""
    first = fitted(wanted(ANA, 0, "08:00–12:00")).made[ANA.id, day(0)][0]
    both = DriverDay(
        driver_id=ANA.id,
        day=day(0),
        before=(first,),
        wanted=(
            WantedDuty(shift="14:00–18:00", depot=QUI),
            WantedDuty(shift="08:00–12:00", depot=QUI),
        ),
    )
    found = fitted(both, shifts=[first]).made[ANA.id, day(0)]
    assert found[0].id == first.id
    assert len({each.id for each in found}) == 2
