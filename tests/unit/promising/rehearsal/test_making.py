"""What is asked for, as the days that are run; what is too much is refused before it begins."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from promesa.kernel.errors import FieldFault
from promesa.planning.capacity.route_length import StopWork
from promesa.planning.capacity.scenarios import Scenarios
from promesa.promising.rehearsal.case import ORDERS_MAX, FleetKind, Way
from promesa.promising.rehearsal.making import (
    WARM_D,
    Asked,
    RehearsalInvalidError,
    require_asked,
    whole_stops,
)
from tests.support.rehearsals import MONDAY

DAYS = 20
EACH = 100
ONE_WAY = (Way(fleet=FleetKind.OWN),)


def scenarios(each: int) -> Scenarios:
    """One comuna, as many orders every day."""
    days = tuple(MONDAY + timedelta(days=number) for number in range(DAYS))
    parcels = np.full((1, DAYS, 1), each, dtype=np.int64)
    return Scenarios(days=days, series=("Centro",), events=("",) * DAYS, parcels=parcels)


def asked(first: int, last: int, ways: tuple[Way, ...] = ONE_WAY) -> Asked:
    """Days by their number, one scenario."""
    return Asked(
        first=MONDAY + timedelta(days=first),
        last=MONDAY + timedelta(days=last),
        seeds=1,
        ways=ways,
    )


def faults(refused: RehearsalInvalidError) -> list[FieldFault]:
    """What is wrong with it."""
    found = refused.details["faults"]
    assert isinstance(found, list)
    return found


def test_only_the_days_that_are_run_count_against_the_limit() -> None:
    # One day that counts, and the days before it that fill the books.
    run = 1 + WARM_D
    require_asked(asked(10, 10), scenarios(ORDERS_MAX // run))
    with pytest.raises(RehearsalInvalidError):
        require_asked(asked(10, 10), scenarios(ORDERS_MAX // run + 1))


def test_every_way_runs_the_same_orders_again() -> None:
    two = (*ONE_WAY, Way(fleet=FleetKind.OWN, fixed_days=2))
    run = 1 + WARM_D
    with pytest.raises(RehearsalInvalidError) as refused:
        require_asked(asked(10, 10, two), scenarios(ORDERS_MAX // run))
    (fault,) = faults(refused.value)
    assert fault.field == "seeds"
    assert fault.reason == (
        "Son 800.000 pedidos entre todos los escenarios y políticas, y se ensayan 400.000 a lo "
        "más: baja los escenarios, las políticas o los días."
    )


def test_days_beyond_the_forecast_are_told_before_its_size_is() -> None:
    with pytest.raises(RehearsalInvalidError) as refused:
        require_asked(asked(DAYS, DAYS), scenarios(ORDERS_MAX))
    assert [fault.field for fault in faults(refused.value)] == ["first", "last"]


def test_what_is_left_of_a_stop_goes_to_the_next_day() -> None:
    # A parcel a day where a stop takes three: a visit every third day, none lost.
    assert [*whole_stops([1] * 6, StopWork(service_min=5, parcels=3))] == [0, 0, 1, 0, 0, 1]


def test_a_parcel_a_stop_stays_as_it_was_drawn() -> None:
    assert [*whole_stops([2, 0, 7], StopWork(service_min=5))] == [2, 0, 7]
