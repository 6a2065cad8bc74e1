"""What is on the screen leaves as a table, with the same filters and the same walls."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from tests.support.client import body_of
from tests.support.operation import TODAY
from tests.support.platform import Stage

DAY = {"date": TODAY.isoformat()}


async def test_the_orders_of_a_day_leave_as_a_csv(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        answer = await office.get("/v1/exports/orders/csv", params=DAY)
        listed = body_of(await office.get("/v1/orders", params=DAY))["items"]
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert {line.split(";")[0] for line in lines[1:]} == {item["reference"] for item in listed}
    assert answer.headers["content-disposition"].endswith(f'"pedidos-{TODAY}.csv"')


async def test_a_merchant_takes_its_own_orders_alone(stage: Stage) -> None:
    async with stage.client(stage.norte.shop(1)) as shop:
        text = (await shop.get("/v1/exports/orders/csv")).content.decode("utf-8-sig")
    references = {line.split(";")[0] for line in text.splitlines()[1:]}
    assert "B1" in references
    assert not references & {"A1", "A2", "A3", "A4"}


async def test_the_routes_leave_stop_by_stop(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        content = (await office.get("/v1/exports/routes/xlsx", params=DAY)).content
        routes = body_of(await office.get("/v1/routes", params=DAY))["items"]
    page = load_workbook(io.BytesIO(content)).active
    assert page is not None
    assert page.max_row - 1 == sum(route["stops_total"] for route in routes)


async def test_the_report_has_a_sheet_for_each_figure_with_rows(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        content = (await office.get("/v1/exports/report", params=DAY)).content
        indicators = body_of(await office.get("/v1/reports/day", params=DAY))["indicators"]
    book = load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == 1 + sum(item["rows"] > 0 for item in indicators)
