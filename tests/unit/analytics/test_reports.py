"""Each indicator is the sum of its rows, on a day small enough to count by hand.

Five orders promised from 9 to 21 on the day: Ana on time at the first visit, Beto late, Carla
early, Dani refused (nobody home), Eva moved by herself before anybody came. R-01 visits the first
four, in the order planned but for the last two.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from promesa.analytics.facts import DayFacts, OrderFact, RouteFact, StopFact
from promesa.analytics.reports import (
    IndicatorUnknownError,
    report_csv,
    report_of,
    row_cells,
    rows_csv,
)
from promesa.domain.order import OrderState
from promesa.domain.promise import Promise, PromiseFate
from promesa.domain.stop import Outcome, StopType
from promesa.kernel.ids import derived_id
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.windows import whole_day
from tests.support.dispatch_memory import NINE
from tests.support.orders_memory import MERCHANT_ID, TODAY

ROUTE_ID = derived_id("route")
NOON = NINE + timedelta(hours=3)
NINE_PM = NINE + timedelta(hours=12)


def promise(name: str, fate: PromiseFate = PromiseFate.OPEN) -> Promise:
    return Promise(
        order_id=derived_id("order", name),
        version=1,
        window=whole_day(TODAY),
        made_at=NINE - timedelta(days=1),
        cause="order_confirmed",
        fate=fate,
    )


def order(name: str, delivered_at: datetime | None, **changes: Any) -> OrderFact:
    fact = OrderFact(
        order_id=derived_id("order", name),
        reference=name,
        merchant_id=MERCHANT_ID,
        state=OrderState.DELIVERED if delivered_at else OrderState.RESCHEDULED,
        promises=(promise(name),),
        delivered_at=delivered_at,
        on_attempt=1 if delivered_at else None,
        is_complete=delivered_at is not None,
        was_tried=True,
        is_due=True,
        cod_due_clp=None,
        cod_collected_clp=None,
        rating=None,
        messages=2,
        messages_repeated=0,
    )
    return replace(fact, **changes)


def stop(name: str, sequence: int, minute: int, **changes: Any) -> StopFact:
    at = NOON + timedelta(minutes=minute)
    fact = StopFact(
        stop_id=derived_id("stop", name),
        order_id=derived_id("order", name),
        route_id=ROUTE_ID,
        route_code="R-01",
        reference=name,
        type=StopType.DELIVERY,
        outcome=Outcome.SUCCEEDED,
        reason=None,
        attempt=1,
        sequence=sequence,
        planned_arrival=at,
        arrived_at=at - timedelta(minutes=3),
        closed_at=at,
        kinds=frozenset({"photo"}),
        away_m=12.0,
        arrived_by="driver",
    )
    return replace(fact, **changes)


DAY = DayFacts(
    date=TODAY,
    orders=(
        order("ana", NOON),
        order("beto", NINE_PM + timedelta(minutes=5)),
        order("carla", NINE - timedelta(minutes=5)),
        order("dani", None),
        order("eva", None, was_tried=False, promises=(promise("eva", PromiseFate.RELEASED),)),
    ),
    stops=(
        stop("ana", 1, 0),
        stop("beto", 2, 10),
        stop("carla", 4, 20, away_m=None, arrived_by=None),
        stop("dani", 3, 30, outcome=Outcome.FAILED, reason="RECIPIENT_ABSENT", away_m=900.0),
    ),
    routes=(
        RouteFact(
            route_id=ROUTE_ID,
            code="R-01",
            driver_id=derived_id("driver"),
            is_closed=True,
            distance_m=40_000,
            on_road_s=7_200,
            shift_s=28_800,
            cost_clp=60_000,
            fill=0.5,
            parcels_loaded=4,
            parcels_scanned=3,
            parcels_missing=1,
        ),
    ),
)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("otd", 33.3333),  # Ana of three delivered.
        ("delivered_late", 33.3333),
        ("delivered_early", 33.3333),
        ("otif", 25.0),  # Ana of four due; Eva asked for another day.
        ("delivered", 75.0),  # Three of four doors.
        ("fadr", 100.0),  # Ana and Beto; nobody can prove the visits to Carla and Dani.
        ("verified_attempts", 50.0),
        ("failed", 25.0),
        ("failures_recipient_absent", 100.0),
        ("sporh", 2.0),  # Four stops in two hours.
        ("km_per_stop", 10.0),
        ("km_per_route", 40.0),
        ("plan_adherence", 83.3333),  # One pair of six the other way round.
        ("cost_per_delivery", 20_000.0),
        ("messages_per_order", 2.0),
        ("messages_repeated", 0.0),
        ("scanned_loads", 75.0),
        ("missing_parcels", 20.0),
        ("vehicle_fill", 50.0),
        ("hours_used", 25.0),
    ],
)
def test_the_value_is_what_counting_by_hand_gives(key: str, value: float) -> None:
    assert report_of(DAY).get(key).value == value


def test_while_the_day_goes_on_only_what_has_a_fate_counts() -> None:
    """At noon Ana is delivered, Fede may still be; Gina's window of the morning went by."""
    morning = TimeWindow(start=NINE, end=NOON - timedelta(hours=1))
    missed = replace(promise("gina"), window=morning)
    orders = (
        order("ana", NOON),
        order("fede", None, was_tried=False),
        order("gina", None, was_tried=False, promises=(missed,)),
    )
    driving = replace(DAY.routes[0], is_closed=False)
    going = replace(DAY, orders=orders, routes=(driving,), at=NOON)
    report = report_of(going)
    otif = report.get("otif")
    assert (otif.value, otif.in_progress, otif.excluded) == (50.0, 1, 0)
    assert (report.open_orders, report.is_in_progress) == (1, True)
    for key in ("km_per_stop", "cost_per_delivery", "hours_used"):
        assert (report.get(key).value, report.get(key).in_progress) == (None, 1)
    assert report.get("sporh").value == 2.0
    over = report_of(replace(going, at=None))
    assert over.get("otif").value == pytest.approx(33.3333)
    assert (over.open_orders, over.is_in_progress) == (0, False)


def test_a_sum_says_what_it_counts() -> None:
    report = report_of(DAY)
    told = {key: (report.get(key).counts, report.get(key).among) for key in ("sporh", "otif")}
    assert told == {"sporh": ("stops", "seconds"), "otif": ("orders", "orders")}


@pytest.mark.parametrize("key", ["rating", "csat", "cod_collected", "window_kept"])
def test_what_nobody_knows_is_not_zero(key: str) -> None:
    indicator = report_of(DAY).get(key)
    assert (indicator.value, indicator.denominator) == (None, 0)


def test_a_reason_that_did_not_come_up_is_no_indicator() -> None:
    with pytest.raises(IndicatorUnknownError):
        report_of(DAY).get("failures_traffic")


def test_an_indicator_opens_to_rows_that_say_why() -> None:
    otif = report_of(DAY).get("otif")
    notes = {row.label: row.note for row in otif.rows}
    excluded = {row.label: row.excluded for row in otif.rows}
    assert notes["dani"] == "no entregado"
    assert excluded["eva"] == "el destinatario o el comercio pidió otra cosa"
    assert otif.excluded == 1
    assert sum(row.denominator for row in otif.rows) == otif.denominator == 4


def test_an_unproved_visit_says_what_it_lacks() -> None:
    rows = {row.label: row.note for row in report_of(DAY).get("verified_attempts").rows}
    assert rows == {
        "ana": "",
        "beto": "",
        "carla": "sin posición",
        "dani": "a 900 m de la puerta",
    }


def test_cash_beyond_what_was_due_never_makes_more_than_everything() -> None:
    paid = order("ana", NOON, cod_due_clp=10_000, cod_collected_clp=12_000)
    indicator = report_of(replace(DAY, orders=(paid,))).get("cod_collected")
    assert indicator.value == 100.0
    assert indicator.rows[0].note == "cobró 2000 de más"


def test_the_window_shown_last_is_the_one_that_is_judged() -> None:
    narrow = replace(
        promise("ana"),
        version=2,
        window=TimeWindow(start=NOON - timedelta(hours=1), end=NOON + timedelta(hours=1)),
        made_at=NINE,
        cause="planned",
    )
    told = order("ana", NOON, promises=(promise("ana"), narrow))
    report = report_of(replace(DAY, orders=(told,)))
    assert report.get("window_kept").value == 100.0
    assert report.get("window_width").value == 120.0


def test_a_route_still_on_the_road_is_left_out_of_its_cost() -> None:
    running = replace(DAY.routes[0], on_road_s=None, cost_clp=None)
    report = report_of(replace(DAY, routes=(running,)))
    assert report.get("cost_per_delivery").value is None
    assert report.get("sporh").rows[0].excluded == "sin hora de salida o de término"


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed() -> None:
    sly = order("=HYPERLINK(1)", NOON)
    table = rows_csv(report_of(replace(DAY, orders=(sly,))).get("otd"))
    assert list(csv.reader(io.StringIO(table)))[1][2] == "'=HYPERLINK(1)"


def test_the_report_as_a_table_has_a_line_per_indicator() -> None:
    report = report_of(DAY)
    lines = list(csv.reader(io.StringIO(report_csv(report))))
    assert len(lines) == 1 + len(report.indicators)
    assert lines[1][:4] == ["otd", "Entregas a tiempo", "33.3333", "%"]
    assert row_cells(report.get("sporh"), 0)[2:5] == ("R-01", "4", "7200")


def test_an_empty_day_has_every_indicator_and_no_value() -> None:
    report = report_of(DayFacts(date=TODAY, orders=(), stops=(), routes=()))
    assert {indicator.value for indicator in report.indicators} == {None}
