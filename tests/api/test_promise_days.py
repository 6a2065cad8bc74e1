"""How the coming days fill, as the torre shows it beside what a checkout offers."""

from __future__ import annotations

import io
from datetime import date

import msgspec
from openpyxl import load_workbook

from promesa.api.printed_promises import promises_page
from promesa.api.printing import Masthead
from promesa.api.promise_curve import PromiseCurveView
from promesa.api.promise_days import DayFillView, DepotFillView, crowding_of, fills_of
from promesa.domain.actor import Role
from promesa.domain.fleet import Depot
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.promising.day_book import make_book
from promesa.promising.odds import Spread
from promesa.promising.offers import OfferTerms
from promesa.promising.quoting import make_snapshot
from promesa.promising.repository import HALF_HOURS, DayOutlook
from promesa.promising.usual_work import UsualWork
from tests.api.test_quotes import DOOR, new_order, plan_shift, quoted
from tests.support.client import body_of
from tests.support.operation import TOMORROW
from tests.support.platform import Stage


async def test_a_day_on_offer_says_what_is_promised_and_what_it_can_get_done(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        (depot,) = body_of(await office.get("/v1/promises/curve"))["fills"]
        begun = depot["days"][0]
        quote_id = (await quoted(office))["windows"][0]["quote_id"]
        body_of(await office.post(f"/v1/promises/{quote_id}/accept"))
        (after,) = body_of(await office.get("/v1/promises/curve"))["fills"]
    held = [day["promised"] for day in after["days"]]
    assert held[0] == begun["promised"] + 1
    # One van of a long shift gets some fifty done, not ten nor a thousand.
    assert 40 < begun["room"] < 300
    assert (depot["basis"], begun["asked"], begun["later"]) == ("none", None, None)
    assert (begun["vans"], begun["vans_from"]) == (1, "shifts")


def test_what_a_full_day_turns_away_is_told_of_the_next_and_its_own_orders_stay_its_own() -> None:
    depot = Depot(
        id=derived_id("depot"), code="CD", name="Centro", position=Position(lon=-70.6, lat=-33.4)
    )
    days = [(160, 40, 3), (20, 0, 4), (0, 0, 5)]
    outlooks = [
        DayOutlook(
            depot_id=depot.id,
            date=date(2026, 11, day),
            hours_s=(30_000 / HALF_HOURS,) * HALF_HOURS,
            coming=Spread(mean=coming, sd=0.0),
            named=Spread(mean=named, sd=0.0),
            usual=UsualWork(orders=100, service_s=300, travel_s=0),
            coming_basis="forecast",
            vans=5,
        )
        for coming, named, day in days
    ]
    books = [make_book(depot.id, each.date, []) for each in outlooks]
    snapshot = make_snapshot(
        terms=OfferTerms(), places=[], days=list(zip(books, outlooks, strict=True))
    )
    (fill,) = fills_of(snapshot, [depot], {})
    first, second, third = fill.days
    assert [day.asked for day in fill.days] == [200, 20, 0]
    # Those that take a window go on; all that does not fit is told once.
    assert first.later == 200 - first.room
    assert (second.pushed, third.pushed) == (first.later, second.later)
    assert second.asked is not None
    own = second.carried + second.pushed + second.asked
    assert second.later == max(0, own - second.room)


def _day(day: int, *, later: int, room: int, undone: int = 0) -> DayFillView:
    return DayFillView(
        date=date(2026, 11, day),
        carried=0,
        pushed=0,
        promised=10,
        asked=room + later,
        room=room,
        later=later,
        undone=undone,
        vans=5,
        vans_from="shifts",
    )


def _depot(name: str, days: list[DayFillView]) -> DepotFillView:
    return DepotFillView(depot=name, name=name, basis="forecast", days=days, closed=[])


def test_the_wait_is_as_long_as_those_turned_away_need_to_find_room() -> None:
    """Of 110 that fit, 10 are promised: 250 need three days of 100, the last of them unknown."""
    calm = _depot("Sur", [_day(3, later=0, room=110), _day(4, later=0, room=110)])
    full = _depot("Norte", [_day(3, later=20, room=110), _day(4, later=250, room=110)])
    assert crowding_of([calm]) is None
    crowding = crowding_of([calm, full])
    assert crowding is not None
    assert (crowding.since, crowding.depot) == (date(2026, 11, 3), "Norte")
    assert (crowding.worst_day, crowding.wait_days) == (date(2026, 11, 4), 3)


def test_who_names_a_day_that_is_full_waits_for_no_other() -> None:
    crowding = crowding_of([_depot("Norte", [_day(3, later=0, room=110, undone=7)])])
    assert crowding is not None
    assert (crowding.since, crowding.wait_days) == (date(2026, 11, 3), None)


async def test_a_closed_date_leaves_the_days_on_offer_and_keeps_what_is_promised_for_it(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    day = TOMORROW.isoformat()
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        quote_id = (await quoted(office))["windows"][0]["quote_id"]
        body_of(await office.post(f"/v1/promises/{quote_id}/accept"))
        open_day = body_of(await office.get("/v1/promises/curve"))
        terms = body_of(await office.get("/v1/promises/terms"))["terms"]
        shut = terms | {"closed": [day, "2026-11-22", "2027-01-02"]}
        saved = body_of(await office.put("/v1/promises/terms", json=shut))
        seen = body_of(await office.get("/v1/promises/curve"))
        offered = (await quoted(office))["windows"]
        book = await office.get("/v1/exports/promises/xlsx")
        body_of(await office.put("/v1/promises/terms", json=terms))
        again = body_of(await office.get("/v1/promises/curve"))
    promised = open_day["fills"][0]["days"][0]["promised"]
    # Yesterday falls away; what lies beyond the days on offer stays.
    assert saved["terms"]["closed"] == [day, "2027-01-02"]
    assert promised >= 1
    assert seen["closed"] == [
        {"date": day, "promised": promised},
        {"date": "2027-01-02", "promised": 0},
    ]
    _, first, *_ = load_workbook(io.BytesIO(book.content))["Días"].iter_rows(values_only=True)
    assert (first[4], first[10]) == (promised, "día cerrado")
    assert day not in [each["start"][:10] for each in offered]
    assert all(each["date"] != day for depot in seen["fills"] for each in depot["days"])
    counts = [
        [(each["date"], each["promised"]) for each in view["fills"][0]["days"]]
        for view in (open_day, again)
    ]
    assert counts[0] == counts[1]
    assert again["closed"] == []


async def test_a_van_gets_no_more_promised_than_it_holds_parcels(stage: Stage) -> None:
    await plan_shift(stage, stage.norte, parcels=20)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        (before,) = body_of(await office.get("/v1/promises/curve"))["fills"]
        several = [{"weight_g": 100}] * 4
        quote_id = (await quoted(office, parcels=several))["windows"][0]["quote_id"]
        body_of(await office.post(f"/v1/promises/{quote_id}/accept"))
        (after,) = body_of(await office.get("/v1/promises/curve"))["fills"]
    rooms = [fill["days"][0]["room"] for fill in (before, after)]
    # As full as leaves the sureness asked for; then four parcels fill what four orders would.
    assert 12 <= rooms[0] <= 20
    assert rooms[0] - rooms[1] == 3


async def test_what_was_sold_on_a_depots_vans_stays_theirs_though_one_without_vans_is_nearer(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    near = {"code": "CERCA", "name": "CD Cerca", "position": DOOR}
    async with stage.client(stage.norte.session(Role.ADMINISTRATOR)) as office:
        body_of(await office.post("/v1/depots", json=near))
        await stage.platform.pump.settle()
        (before,) = body_of(await office.get("/v1/promises/curve"))["fills"]
    async with stage.client(stage.norte.shop()) as shop:
        for number in range(2):
            quote_id = (await quoted(shop))["windows"][0]["quote_id"]
            order = new_order(f"C{number}", quote_id=quote_id) | {"position": DOOR}
            body_of(await shop.post("/v1/orders", json=order))
    await stage.platform.pump.settle()
    async with stage.client(stage.norte.session(Role.ADMINISTRATOR)) as office:
        (after,) = body_of(await office.get("/v1/promises/curve"))["fills"]
    assert after["depot"] == before["depot"] != "CERCA"
    assert after["days"][0]["promised"] == before["days"][0]["promised"] + 2


async def test_a_van_out_of_service_has_nothing_to_promise_though_its_shift_still_stands(
    stage: Stage,
) -> None:
    """A second van is given the shift of the one that is out on a route today."""
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.ADMINISTRATOR)) as office:
        vans = body_of(await office.get("/v1/vehicles"))["items"]
        spare = vans[0] | {"code": "REPUESTO", "plate": "ZZZZ99"}
        del spare["id"]
        van_id = body_of(await office.post("/v1/vehicles", json=spare))["id"]
        query = {"date": TOMORROW.isoformat()}
        (shift,) = body_of(await office.get("/v1/shifts", params=query))["items"]
        moved = shift | {"vehicle_id": van_id}
        body_of(await office.put(f"/v1/shifts/{moved.pop('id')}", json=moved))
        await stage.platform.pump.settle()
        (before,) = body_of(await office.get("/v1/promises/curve"))["fills"]
        gone = spare | {"is_active": False}
        body_of(await office.put(f"/v1/vehicles/{van_id}", json=gone))
        await stage.platform.pump.settle()
        after = body_of(await office.get("/v1/promises/curve"))["fills"]
    assert before["days"][0]["vans"] == 1
    assert TOMORROW.isoformat() not in [day["date"] for depot in after for day in depot["days"]]


async def test_a_shift_beyond_its_depots_hours_promises_the_hours_that_it_is_open(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.ADMINISTRATOR)) as office:
        (before,) = body_of(await office.get("/v1/promises/curve"))["fills"]
        (depot,) = body_of(await office.get("/v1/depots"))["items"]
        shut = depot | {"opens": "09:00:00", "closes": "14:00:00"}
        body_of(await office.put(f"/v1/depots/{shut.pop('id')}", json=shut))
        await stage.platform.pump.settle()
        (after,) = body_of(await office.get("/v1/promises/curve"))["fills"]
    # Five of the ten hours, of which the ways out and back take their part.
    assert after["days"][0]["room"] < before["days"][0]["room"] / 2


async def test_the_workbook_of_promises_has_the_days_too(stage: Stage) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        answer = await office.get("/v1/exports/promises/xlsx")
        (seen,) = body_of(await office.get("/v1/promises/curve"))["fills"]
    sheet = load_workbook(io.BytesIO(answer.content))["Días"]
    header, first, *_ = sheet.iter_rows(values_only=True)
    assert header[2:5] == ("quedan de antes", "vienen de días llenos", "prometidos")
    assert first[2:6] == (0, 0, seen["days"][0]["promised"], None)
    assert first[4] > 0


async def test_paper_has_the_days_and_no_curve_where_no_price_changes_the_date(
    stage: Stage,
) -> None:
    await plan_shift(stage, stage.norte)
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        seen = await office.get("/v1/promises/curve")
        printed = await office.get("/v1/exports/promises/pdf")
    view = msgspec.json.decode(seen.content, type=PromiseCurveView)
    masthead = Masthead(operator="Norte", made_at=stage.clock.now(), is_simulated=False)
    page = promises_page(view, masthead)
    assert printed.headers["content-type"] == "application/pdf"
    assert len(view.points) == 1
    assert [part.title for part in page.parts] == [
        "Cómo se llenan los días: Centro",
        "Por comuna",
    ]
    assert "Hoy ningún precio cambia la fecha que se muestra." in page.words
