"""The simulated past as a file."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date, timedelta

from promesa.planning.demand.history import DemandCount
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.hours import HOURS, learn_profile
from promesa.roads.city import City
from promesa.simulator.past import HOURLY_D, PAST_D, write_past
from promesa.simulator.town import Town

MONDAY = date(2026, 10, 5)


def test_the_last_weeks_tell_the_hours_of_shops_and_a_day_is_whole_or_by_the_hour(
    city: City,
) -> None:
    text = write_past(Town(city), day=MONDAY, orders_a_day=300, events=[], seed=1)

    rows = [
        DemandCount(
            key=SeriesKey(comuna=row["comuna"]),
            day=date.fromisoformat(row["fecha"]),
            orders=int(row["pedidos"]),
            hour=int(row["hora"].partition(":")[0]) if row["hora"] else None,
        )
        for row in csv.DictReader(io.StringIO(text))
    ]
    assert min(row.day for row in rows) == MONDAY - timedelta(days=PAST_D)
    assert max(row.day for row in rows) == MONDAY - timedelta(days=1)
    hours_of: defaultdict[tuple[str, date], set[int | None]] = defaultdict(set)
    for row in rows:
        hours_of[row.key.comuna, row.day].add(row.hour)
    assert [hours for hours in hours_of.values() if None in hours and len(hours) > 1] == []
    hourly = {row.day for row in rows if row.hour is not None}
    assert hourly == {MONDAY - timedelta(days=ago) for ago in range(1, HOURLY_D + 1)}
    profile = learn_profile(rows)
    assert profile.days == HOURLY_D
    # 70 of 101 by 18:00, where shops begin to count for the next day.
    assert abs(profile.reached[18] - 70 / 101) < 0.03
    assert len(profile.shares) == HOURS
    assert profile.shares[4] == 0
