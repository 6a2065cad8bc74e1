"""The demand calendar: Chile's rows from the first day, edits with versions, undoing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from msgspec import convert

from promesa.api.demand_views import EventView
from promesa.api.printed_events import events_page
from promesa.api.printing import Masthead
from promesa.dispatch.demand_desk import load_events
from promesa.domain.actor import Role
from promesa.kernel.serviceday import SANTIAGO, ServiceDay
from promesa.planning.demand.series import SeriesKey
from promesa.runtime.demand_calendar import calendar_of_the_year
from promesa.runtime.printing import PrintedTable
from tests.support.client import body_of, problem_of, session_header
from tests.support.operation import sign_in
from tests.support.platform import Stage
from tests.support.workbooks import untyped

SALE = {"name": "Venta nocturna", "kind": "campaign", "start": "2026-12-03", "end": "2026-12-04"}
EVENTS = "/v1/demand/events"
SHOPS = "/v1/merchants"


async def events(office: Any, **period: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body_of(await office.get(EVENTS, params=period))["items"]
    return found


async def named(office: Any, name: str, **period: str) -> dict[str, Any]:
    (found,) = [item for item in await events(office, **period) if item["name"] == name]
    return found


def content(event: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What a person sends back of an event that was read."""
    sent = ("name", "kind", "start", "end", "scope", "uplift", "sigma", "profile", "source")
    flags = ("is_confirmed", "is_rest")
    return {name: event[name] for name in (*sent, *flags)} | changes


async def test_a_new_operator_has_chiles_calendar_of_these_years(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        cyber = await named(office, "CyberDay", start="2025-01-01", end="2025-12-31")
        assert (cyber["start"], cyber["end"], cyber["is_confirmed"]) == (
            "2025-06-02",
            "2025-06-04",
            True,
        )
        assert cyber["likely"] == pytest.approx({"low": 3.16, "high": 11.39}, abs=0.01)
        assert (cyber["is_shipped"], cyber["version"], cyber["author"]) == (True, 1, None)
        probable = await named(office, "CyberDay", start="2027-01-01", end="2027-12-31")
        assert not probable["is_confirmed"]
        assert await events(office, start="2019-01-01", end="2019-12-31") == []


async def test_an_event_of_ones_own_is_kept_with_its_author(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        answer = await office.post(EVENTS, json=SALE | {"uplift": 2.5, "sigma": 0.2})
        assert answer.status_code == 201
        assert answer.headers["ETag"] == '"1"'
        made = answer.json()
        assert made["author"] == "Ada Administra"
        assert await named(office, "Venta nocturna") == made
    async with stage.client(stage.sur.session()) as other:
        problem_of(await other.get(f"{EVENTS}/{made['id']}"), 404)


async def test_a_change_over_a_version_that_is_gone_is_refused(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        made = body_of(await office.post(EVENTS, json=SALE))
        path = f"{EVENTS}/{made['id']}"
        first = await office.put(path, json=SALE | {"uplift": 2}, headers={"If-Match": '"1"'})
        assert (first.json()["version"], first.headers["ETag"]) == (2, '"2"')
        late = await office.put(path, json=SALE | {"uplift": 9}, headers={"If-Match": '"1"'})
        assert problem_of(late, 409)["code"] == "demand_event_changed"
        assert (await named(office, "Venta nocturna"))["uplift"] == 2
        odd = await office.put(path, json=SALE, headers={"If-Match": "ayer"})
        assert problem_of(odd, 422)["code"] == "if_match_invalid"


async def test_an_uplift_is_taken_as_it_is_once_a_person_gives_another_or_says_so(
    stage: Stage,
) -> None:
    async with stage.client(stage.norte.session()) as office:
        year = {"start": "2026-01-01", "end": "2026-12-31"}
        cyber = await named(office, "CyberDay", **year)
        path = f"{EVENTS}/{cyber['id']}"
        confirmed = await office.put(path, json=content(cyber, is_confirmed=True, is_rest=True))
        tripled = await office.put(path, json=content(cyber, uplift=3.0))
        held = await office.put(path, json=content(cyber, uplift=3.0, is_firm=False))
        same = await office.put(path, json=content(cyber, uplift=3.0, is_firm=True))
        learnt = await office.put(path, json=content(cyber, uplift=None, sigma=None, is_firm=True))
    answers = (confirmed, tripled, held, same, learnt)
    assert cyber["is_firm"] is False
    assert [body_of(each)["is_firm"] for each in answers] == [False, True, False, True, False]


async def test_every_version_is_kept_with_who_wrote_it(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        cyber = await named(office, "CyberDay")
        path = f"{EVENTS}/{cyber['id']}"
        sure = content(cyber, uplift=7.5, is_confirmed=True)
        body_of(await office.put(path, json=sure))
        body_of(await office.put(path, json=sure))
        versions = body_of(await office.get(f"{path}/versions"))["items"]
    told = [(item["version"], item["uplift"], item["author"]) for item in versions]
    assert told == [(2, 7.5, "planificador"), (1, 6.0, None)]


async def test_a_date_that_was_confirmed_is_no_longer_called_probable(stage: Stage) -> None:
    years = {"start": "2027-01-01", "end": "2027-12-31"}
    async with stage.client(stage.norte.session(Role.PLANNER)) as office:
        cyber = await named(office, "CyberDay", **years)
        assert cyber["source"].startswith("Fecha probable: ")
        path = f"{EVENTS}/{cyber['id']}"
        sure = body_of(await office.put(path, json=content(cyber, is_confirmed=True)))
    assert "Fecha probable" not in sure["source"]
    assert sure["source"].startswith("Alza: CCS")
    assert (sure["author"], sure["uplift"]) == ("planificador", 6.0)


async def test_the_calendar_goes_on_each_year_and_leaves_what_people_did_alone(
    stage: Stage,
) -> None:
    later = {"start": "2028-01-01", "end": "2028-12-31"}
    async with stage.client(stage.norte.session()) as office:
        assert await events(office, start="2022-12-25", end="2022-12-25"), "history is so long"
        assert await events(office, **later) == []
        cyber = await named(office, "CyberDay", start="2027-01-01", end="2027-12-31")
        body_of(await office.put(f"{EVENTS}/{cyber['id']}", json=content(cyber, uplift=8)))
        friday = await named(office, "Black Friday", start="2027-01-01", end="2027-12-31")
        body_of(await office.delete(f"{EVENTS}/{friday['id']}"))
    stage.clock.move_to(ServiceDay(date(2027, 1, 4)).start)
    for _ in range(2):
        await calendar_of_the_year(stage.platform, stage.norte.tenant_id)
    office_id, year = stage.norte.tenant_id, date(2027, 1, 1)
    async with stage.platform.transaction(office_id) as tx:
        known = await tx.demand_events.list_between(year, date(2028, 1, 1), limit=900)
    by_name = {(row.content.name, row.content.start.year): row.content.uplift for row in known}
    assert by_name["CyberDay", 2027] == 8
    assert ("Black Friday", 2027) not in by_name
    assert ("Año Nuevo", 2028) in by_name


async def test_a_scope_is_chosen_from_the_comunas_that_had_orders(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        before = body_of(await office.get("/v1/demand/places"))
        assert before["comunas"] == ["Providencia"]
        assert [depot["code"] for depot in before["depots"]] == ["CD"]
        text = "fecha;comuna;pedidos\n20/11/2026;nunoa;41\n20/11/2026;Maipú;9\n"
        file = {"file": ("historia.csv", text.encode())}
        body_of(await office.post("/v1/demand/history/imports", files=file))
        assert body_of(await office.get("/v1/demand/places"))["comunas"] == [
            "Maipú",
            "Ñuñoa",
            "Providencia",
        ]
    async with stage.client(stage.sur.session()) as other:
        assert "Maipú" not in body_of(await other.get("/v1/demand/places"))["comunas"]


async def test_a_deleted_event_counts_no_more_until_it_is_put_back(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        made = body_of(await office.post(EVENTS, json=SALE))
        path = f"{EVENTS}/{made['id']}"
        body_of(await office.delete(path))
        body_of(await office.delete(path))
        assert made["id"] not in {item["id"] for item in await events(office)}
        gone = body_of(await office.get(EVENTS, params={"deleted": "true"}))["items"]
        assert [item["id"] for item in gone if item["is_deleted"]] == [made["id"]]
        back = body_of(await office.post(f"{path}/restore"))
        assert (back["is_deleted"], back["version"]) == (False, 3)
        assert await named(office, "Venta nocturna") == back


async def test_bringing_chile_again_leaves_edited_and_deleted_rows_alone(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        cyber = await named(office, "CyberDay")
        body_of(await office.put(f"{EVENTS}/{cyber['id']}", json=content(cyber, uplift=8)))
        friday = await named(office, "Black Friday")
        body_of(await office.delete(f"{EVENTS}/{friday['id']}"))
        body = {"years": [2026]}
        again = body_of(await office.post("/v1/demand/calendar/chile", json=body))
        assert (again["added"], again["updated"]) == (0, 0)
        assert (await named(office, "CyberDay"))["uplift"] == 8
        assert friday["id"] not in {item["id"] for item in await events(office)}
        more = body_of(await office.post("/v1/demand/calendar/chile", json={"years": [2021]}))
        assert more["added"] > 30


async def test_a_row_nobody_touched_follows_what_ships(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        friday = await named(office, "Black Friday")
        async with stage.platform.transaction(stage.norte.tenant_id) as tx:
            row = await tx.demand_events.get(UUID(friday["id"]))
            # As an older release shipped it.
            older = replace(row, version=2, content=replace(row.content, source="antes"))
            await tx.demand_events.save(older)
        body = {"years": [2026]}
        again = body_of(await office.post("/v1/demand/calendar/chile", json=body))
        now = await named(office, "Black Friday")
    assert (again["updated"], now["version"], now["author"]) == (1, 3, None)
    assert now["source"] == friday["source"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"end": "2026-12-01"}, "end"),
        ({"end": "2027-12-01"}, "end"),
        ({"uplift": 0}, "uplift"),
        ({"sigma": 0.5}, "sigma"),
        ({"profile": [1.0]}, "profile"),
        ({"name": "  "}, "name"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_field(
    stage: Stage, wrong: dict[str, Any], field: str
) -> None:
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await office.post(EVENTS, json=SALE | wrong), 422)
    assert problem["code"] == "demand_event_invalid"
    assert [fault["field"] for fault in problem["errors"]] == [field]


async def test_shares_of_days_are_kept_as_factors_of_mean_one(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        made = body_of(await office.post(EVENTS, json=SALE | {"uplift": 4, "profile": [30, 10]}))
    assert made["profile"] == [1.5, 0.5]


async def test_who_only_reads_sees_the_calendar_and_changes_nothing(stage: Stage) -> None:
    async with stage.client(stage.norte.session(Role.READER)) as reader:
        assert await events(reader)
        problem_of(await reader.post(EVENTS, json=SALE), 403)


async def test_a_period_that_ends_before_it_begins_is_refused(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        answer = await office.get(EVENTS, params={"start": "2026-05-01", "end": "2026-04-01"})
    assert problem_of(answer, 422)["code"] == "period_invalid"


async def test_the_calendar_leaves_as_a_table(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        period = {"start": "2026-06-01", "end": "2026-06-03"}
        answer = await office.get("/v1/exports/demand-events/csv", params=period)
        book = await office.get("/v1/exports/demand-events/xlsx", params=period)
        paper = await office.get("/v1/exports/demand-events/pdf", params=period)
        shown = await events(office, **period)
    assert paper.content[:4] == b"%PDF"
    page = events_page(
        [convert(each, EventView) for each in shown],
        date(2026, 6, 1),
        date(2026, 6, 3),
        Masthead(operator="Norte", made_at=stage.clock.now(), is_simulated=False),
        {},
    )
    (table,) = page.parts
    assert isinstance(table, PrintedTable)
    cyber = [cell.text for cell in table.rows[0]]
    assert cyber[:5] == [
        "CyberDay",
        "comercio",
        "01-06 al 03-06, por confirmar",
        "×6",
        "×3,16 a ×11,39",
    ]
    assert cyber[5].startswith("Fecha probable")
    assert untyped(book.content) == []
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("evento;tipo;desde;hasta;fecha;alza")
    assert lines[1].startswith(
        "CyberDay;comercio;2026-06-01;2026-06-03;por confirmar;6;3,16;11,39;dicho;1,17 0,84 0,99"
    )


async def test_a_shops_campaign_leaves_with_its_shop_and_the_range_that_is_assumed(
    stage: Stage,
) -> None:
    shop = stage.norte.shops[0]
    sale = SALE | {"uplift": 2.0, "scope": {"merchant_ids": [shop.id]}}
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post(EVENTS, json=sale))
        names = {each["id"]: each["name"] for each in body_of(await office.get(SHOPS))["items"]}
        period = {"start": "2026-12-03", "end": "2026-12-04"}
        answer = await office.get("/v1/exports/demand-events/csv", params=period)
    header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    (row,) = (each for each in rows if each[0] == SALE["name"])
    told = dict(zip(header, row, strict=True))
    assert told["comercio"] == names[str(shop.id)]
    # As on the screen: where nobody said how sure it is, half a logarithm is assumed.
    assert (told["alza baja"], told["alza alta"], told["rango"]) == ("1,05", "3,8", "supuesto")


async def test_a_scope_is_kept_as_series_call_it(stage: Stage) -> None:
    scope = {"comunas": ["nunoa"], "depots": ["cd"], "product_classes": ["Línea  Blanca"]}
    async with stage.client(stage.norte.session()) as office:
        made = body_of(await office.post(EVENTS, json=SALE | {"scope": scope}))
    assert made["scope"] == {
        "comunas": ["Ñuñoa"],
        "depots": ["CD"],
        "product_classes": ["línea blanca"],
        "merchant_ids": [],
    }


async def test_a_scope_that_would_touch_nothing_is_refused(stage: Stage) -> None:
    stranger = stage.sur.shops[0].id
    scope = {"comunas": ["Providensia"], "depots": ["CD9"], "merchant_ids": [stranger]}
    async with stage.client(stage.norte.session()) as office:
        problem = problem_of(await office.post(EVENTS, json=SALE | {"scope": scope}), 422)
    told = {fault["field"]: fault["reason"] for fault in problem["errors"]}
    assert list(told) == ["scope.comunas", "scope.depots", "scope.merchant_ids"]
    assert (
        told["scope.comunas"]
        == "No conocemos la comuna «Providensia». ¿Es Providencia? Escríbela así."
    )


async def test_a_forecaster_gets_a_campaign_for_the_comunas_its_merchant_ships_to(
    stage: Stage,
) -> None:
    shop = stage.norte.shops[0].id
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post(EVENTS, json=SALE | {"scope": {"merchant_ids": [shop]}}))
    start, end = date(2026, 12, 3), date(2026, 12, 4)
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        told = await tx.demand_history.list_merchant_comunas(
            ServiceDay(date(2026, 11, 1)).start, ServiceDay(end).end
        )
        (comuna,) = told[UUID(shop)]
        keys = [SeriesKey(comuna=comuna), SeriesKey(comuna="Putre")]
        (event,) = await load_events(tx, keys, start=start, end=end, today=start)
    assert (event.name, event.series) == ("Venta nocturna", frozenset({comuna}))


async def test_a_merchants_uplift_multiplies_its_own_part_of_the_orders(stage: Stage) -> None:
    shop, day = stage.norte.shops[0].id, date(2026, 12, 3)
    today = ServiceDay.of(stage.clock.now()).date + timedelta(days=1)
    async with stage.client(stage.norte.session()) as office:
        sale = SALE | {"uplift": 4.0, "scope": {"merchant_ids": [shop]}}
        body_of(await office.post(EVENTS, json=sale))
    async with stage.platform.transaction(stage.norte.tenant_id) as tx:
        own = await tx.demand_history.list_merchant_orders(
            ServiceDay(date(2026, 11, 1)).start, ServiceDay(today).start, zone=SANTIAGO
        )
        keys = [SeriesKey(comuna=comuna) for comuna in sorted({each.comuna for each in own})]
        ask = partial(load_events, tx, keys, start=day, end=day)
        (event,) = await ask(today=today)
        # Of twice the orders, as a file may tell them, its part is half as large.
        doubled = {key: Counter[date]() for key in keys}
        for each in own:
            doubled[SeriesKey(comuna=each.comuna)][each.day] += 2 * each.orders
        (half,) = await ask(today=today, counts=doubled)
        (unknown,) = await ask(today=date(2026, 3, 1))
    there = {each.comuna for each in own if each.merchant_id == UUID(shop)}
    theirs = sum(each.orders for each in own if each.merchant_id == UUID(shop))
    whole = sum(each.orders for each in own if each.comuna in there)
    assert event.share == pytest.approx(theirs / whole)
    assert event.uplift == pytest.approx(1 + 3 * theirs / whole)
    assert half.share == pytest.approx(theirs / whole / 2)
    assert (unknown.share, unknown.series) == (0.0, frozenset())


async def test_what_each_merchant_brings_is_told_to_who_writes_its_campaign(stage: Stage) -> None:
    tomorrow = ServiceDay.of(stage.clock.now()).date + timedelta(days=1)
    stage.clock.move_to(ServiceDay(tomorrow).at(time(9)))
    async with stage.client() as visitor:
        token = await sign_in(visitor, f"admin@{stage.norte.name}.test")
    async with stage.client(session_header(token)) as office:
        told = body_of(await office.get("/v1/demand/merchant-shares"))
    assert told["weeks"] == 8
    assert stage.norte.shops[0].id in {each["merchant_id"] for each in told["items"]}
    assert all(0 < each["share"] <= 1 for each in told["items"])
