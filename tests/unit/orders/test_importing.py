"""A file is looked at without keeping anything, then its good rows come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from promesa.domain.fleet import Shift
from promesa.domain.order import OrderState
from promesa.domain.place import PlaceLevel, Placement, PlaceSource
from promesa.kernel.errors import FieldFault, NotFoundError
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.desk import Author
from promesa.orders.importing import (
    DoubtReason,
    RowStatus,
    accept_import,
    get_import,
    list_imports,
    preview_import,
)
from promesa.orders.rejected_csv import harmless, rejected_csv
from promesa.orders.sheet_reading import SheetReading, read_orders
from tests.support.orders_memory import (
    BY_MERCHANT,
    BY_USER,
    MERCHANT_ID,
    OTHER_MERCHANT,
    TODAY,
    KnownStreets,
    MemoryStore,
    make_desk,
)

STREET = Placement(
    position=Position(lon=-70.60123, lat=-33.42456),
    level=PlaceLevel.STREET,
    score=0.9,
    uncertainty_m=180.0,
    source=PlaceSource.CITY_INDEX,
)
DESK = make_desk(KnownStreets({"Los Leones 220": STREET}))
SHEET = b"""reference;address;comuna;lat;lon;date
A-1;Los Leones 220;Providencia;;;23/11/2026
A-2;Los Leones 221;Providencia;-33,42456;-70,60123;23/11/2026
A-3;Nada 1;Providencia;;;23/11/2026
=1+1;Los Leones 223;Providencia;;;23/11/2026
"""


def _reading() -> SheetReading:
    return read_orders(SHEET, policy=DESK.policy, default_day=TODAY, merchant_id=MERCHANT_ID)


async def test_a_look_says_what_would_happen_and_keeps_nothing() -> None:
    tx = MemoryStore()
    report = await preview_import(tx, _reading(), desk=DESK, author=BY_USER)
    assert [(row.row, row.status) for row in report.rows] == [
        (2, RowStatus.DOUBTFUL),
        (3, RowStatus.ACCEPTED),
        (4, RowStatus.DOUBTFUL),
        (5, RowStatus.REJECTED),
    ]
    assert (report.id, report.accepted, report.doubtful) == (None, 3, 2)
    assert report.by_level == {"given": 1, "none": 1, "street": 1}
    assert report.median_uncertainty_m == 105, "between 30 and 180"
    assert not tx.orders.kept
    assert not tx.events.kept
    assert report.doubts == {DoubtReason.FAR: 1, DoubtReason.NOT_FOUND: 1}
    assert (report.undated, report.beyond_hours) == (0, 0)


async def test_a_look_counts_the_rows_that_name_no_day() -> None:
    sheet = b"reference;address;date\nA-1;Los Leones 220;23/11/2026\nA-2;Los Leones 220;\n"
    reading = read_orders(sheet, policy=DESK.policy, default_day=TODAY, merchant_id=MERCHANT_ID)
    report = await preview_import(MemoryStore(), reading, desk=DESK, author=BY_USER)
    assert report.undated == 1


async def test_a_row_for_an_hour_before_the_vans_is_kept_and_said() -> None:
    tx = MemoryStore()
    day = ServiceDay(TODAY)
    await tx.fleet.put_shift(
        Shift(
            id=MERCHANT_ID,
            date=TODAY,
            driver_id=MERCHANT_ID,
            vehicle_id=MERCHANT_ID,
            depot_id=MERCHANT_ID,
            start=day.at(time(8, 30)),
            end=day.at(time(18)),
        )
    )
    sheet = b"reference;address;desde;hasta\nA-1;Los Leones 220;07:00;07:30\nA-2;Los Leones 220;;\n"
    reading = read_orders(sheet, policy=DESK.policy, default_day=TODAY, merchant_id=MERCHANT_ID)
    report = await preview_import(tx, reading, desk=DESK, author=BY_USER)
    assert (report.accepted, report.beyond_hours) == (2, 1)
    assert "primer furgón (08:30)" in (report.rows[0].warning or "")
    assert report.rows[1].warning is None


async def test_what_was_looked_at_is_what_comes_in() -> None:
    tx = MemoryStore()
    looked = await preview_import(tx, _reading(), desk=DESK, author=BY_USER)
    kept = await accept_import(tx, _reading(), filename="a.csv", desk=DESK, author=BY_USER)
    assert replace(kept, id=None) == looked
    assert len(tx.orders.kept) == 3


async def test_the_same_file_twice_makes_no_order_twice() -> None:
    tx = MemoryStore()
    for _ in range(2):
        await accept_import(tx, _reading(), filename="a.csv", desk=DESK, author=BY_USER)
    assert len(tx.orders.kept) == 3
    assert len(tx.imports.kept) == 2


async def test_the_event_of_an_import_counts_rows_and_names_nobody() -> None:
    tx = MemoryStore()
    report = await accept_import(tx, _reading(), filename="a.csv", desk=DESK, author=BY_USER)
    [event] = [event for event in tx.events.kept if event.type == "import.finished"]
    assert event.data == {"layout": "promesa", "accepted": 3, "rejected": 1}
    assert event.subject_id == report.id


async def test_a_rejection_by_the_database_joins_the_sheets_own() -> None:
    tx = MemoryStore()
    reading = replace(
        _reading(), drafts=tuple(replace(draft, merchant_id=None) for draft in _reading().drafts)
    )
    report = await accept_import(tx, reading, filename="a.csv", desk=DESK, author=BY_USER)
    assert report.accepted == 0
    assert [(fault.row, fault.field) for fault in report.rejected] == [
        (2, "merchant_id"),
        (3, "merchant_id"),
        (4, "merchant_id"),
        (5, "reference"),
    ]
    [batch] = tx.imports.kept.values()
    assert [row["row"] for row in batch.rejected_rows] == ["5", "2", "3", "4"]


@pytest.mark.parametrize("author", [BY_MERCHANT, BY_USER])
async def test_a_merchant_sees_the_files_of_its_orders_whoever_sent_them(author: Author) -> None:
    tx = MemoryStore()
    report = await accept_import(tx, _reading(), filename="a.csv", desk=DESK, author=author)
    assert report.id is not None
    with_another_key = replace(BY_MERCHANT.actor, id=derived_id("another key"))
    assert len(await list_imports(tx, with_another_key)) == 1
    assert (await get_import(tx, report.id, with_another_key)).id == report.id
    other = replace(OTHER_MERCHANT, id=BY_MERCHANT.actor.id)
    assert await list_imports(tx, other) == []
    with pytest.raises(NotFoundError):
        await get_import(tx, report.id, other)


async def test_a_look_rejects_what_would_be_rejected_in_earnest() -> None:
    """Nobody said whose orders these are: a look that accepted them would promise too much."""
    tx = MemoryStore()
    nobodys = tuple(replace(draft, merchant_id=None) for draft in _reading().drafts)
    reading = replace(_reading(), merchant_id=None, drafts=nobodys)
    looked = await preview_import(tx, reading, desk=DESK, author=BY_USER)
    kept = await accept_import(tx, reading, filename="a.csv", desk=DESK, author=BY_USER)
    assert looked.accepted == 0
    assert replace(kept, id=None) == looked


async def test_a_look_knows_the_orders_that_are_past_changing() -> None:
    tx = MemoryStore()
    await accept_import(tx, _reading(), filename="a.csv", desk=DESK, author=BY_USER)
    for order in list(tx.orders.kept.values()):
        tx.orders.kept[order.id] = replace(order, state=OrderState.DELIVERED)
    tomorrow = read_orders(
        SHEET.replace(b"23/11", b"24/11"),
        policy=DESK.policy,
        default_day=TODAY,
        merchant_id=MERCHANT_ID,
    )
    looked = await preview_import(tx, tomorrow, desk=DESK, author=BY_USER)
    kept = await accept_import(tx, tomorrow, filename="a.csv", desk=DESK, author=BY_USER)
    assert looked.accepted == 0
    assert {fault.code for fault in looked.rejected} >= {"order_ended"}
    assert replace(kept, id=None) == looked


async def test_the_path_of_a_file_is_not_kept() -> None:
    tx = MemoryStore()
    await accept_import(
        tx, _reading(), filename="C:\\Users\\ana\\lunes.csv", desk=DESK, author=BY_USER
    )
    [batch] = tx.imports.kept.values()
    assert batch.filename == "lunes.csv"


async def test_rejected_rows_come_back_as_a_file_that_runs_nothing() -> None:
    tx = MemoryStore()
    await accept_import(tx, _reading(), filename="a.csv", desk=DESK, author=BY_USER)
    [batch] = tx.imports.kept.values()
    hostile = replace(
        batch,
        rejected=(FieldFault(row=9, field="x", reason="=HYPERLINK(1)"),),
        rejected_rows=({"row": "9", "reference": "@A", "comuna": "-B"},),
    )
    text = rejected_csv(hostile).decode("utf-8-sig")
    assert text.splitlines() == [
        "fila;documento;comuna;campo;motivo",
        "9;'@A;'-B;x;'=HYPERLINK(1)",
    ]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\tx", "\rx"])
def test_no_cell_of_ours_begins_as_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("Los Leones 220") == "Los Leones 220"


async def test_a_look_says_which_rows_are_one_order() -> None:
    sheet = b"reference;address;parcels\nA-1;Los Leones 220;2\nA-2;Los Leones 220;1\nA-1;;1\n"
    reading = read_orders(sheet, policy=DESK.policy, default_day=TODAY, merchant_id=MERCHANT_ID)
    report = await preview_import(MemoryStore(), reading, desk=DESK, author=BY_USER)
    assert [(row.row, row.merged_rows, row.parcels) for row in report.rows] == [
        (2, 2, 3),
        (3, 1, 1),
    ]


async def test_a_row_left_out_is_found_by_its_address_and_the_address_is_not_kept() -> None:
    tx = MemoryStore()
    looked = await preview_import(tx, _reading(), desk=DESK, author=BY_USER)
    left_out = looked.rows[-1]
    assert (left_out.status, left_out.address) == (RowStatus.REJECTED, "Los Leones 223")
    await accept_import(tx, _reading(), filename="a.csv", desk=DESK, author=BY_USER)
    assert "Los Leones" not in repr(list(tx.imports.kept.values()))
