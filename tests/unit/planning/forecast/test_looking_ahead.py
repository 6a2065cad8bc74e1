from __future__ import annotations

from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.looking_ahead import make_outlook
from promesa.planning.forecast.outlook import OutlookInputs
from tests.support.demand import day, steady


def test_comunas_of_hardly_a_parcel_add_up_to_what_came() -> None:
    # Their medians are nothing each, and would add up to nothing.
    parcels = steady(130, 30, rate=0.4).parcels
    counts = {
        SeriesKey(comuna=f"C{column:02}"): {
            day(row): int(orders) for row, orders in enumerate(parcels[:, column])
        }
        for column in range(30)
    }
    inputs = OutlookInputs(counts=counts, events=(), until=day(129), lead_times={})
    judged = make_outlook(inputs, seed=1).judged.values()
    expected = sum(sum(each.expected) for each in judged)
    came = sum(orders or 0.0 for each in judged for orders in each.came)
    assert 0.85 < expected / came < 1.15
