"""Wrong files: every row is kept or explained, and no file of anybody's ends in a traceback."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openpyxl
import pytest

from promesa.simulator.pictures import draw_photo
from tests.support.client import body_of, key_header, problem_of
from tests.support.platform import Stage

HEADER = "referencia;direccion;comuna;fecha\n"


async def send(
    stage: Stage, content: bytes, name: str = "pedidos.csv", *, dry_run: bool = False
) -> httpx.Response:
    async with stage.client(stage.norte.shop()) as shop:
        return await shop.post(
            "/v1/imports",
            params={"dry_run": str(dry_run).lower()},
            files={"file": (name, content, "application/octet-stream")},
        )


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


async def test_looking_first_keeps_nothing(stage: Stage) -> None:
    content = (HEADER + "R-1;Suecia 100;Providencia;24/11/2026\n").encode()
    looked = body_of(await send(stage, content, dry_run=True))
    async with stage.client(stage.norte.shop()) as shop:
        found = body_of(await shop.get("/v1/orders", params={"q": "R-1"}))["items"]
    assert (looked["id"], looked["accepted"]) == (None, 1)
    assert found == []


async def test_a_look_of_the_torre_promises_what_the_import_keeps(stage: Stage) -> None:
    """Without a merchant nothing can be kept, so a look does not say that it could."""
    file = {"file": ("p.csv", (HEADER + "R-1;Suecia 100;Providencia;24/11/2026\n").encode())}
    async with stage.client(stage.norte.session()) as office:
        for form in ({}, {"merchant_id": stage.norte.shops[0].id}):
            dry = {"dry_run": "true"}
            looked = body_of(await office.post("/v1/imports", params=dry, data=form, files=file))
            done = body_of(await office.post("/v1/imports", data=form, files=file))
            assert looked | {"id": done["id"]} == done
            assert done["accepted"] == len(form)


async def test_a_merchant_sees_the_files_of_its_orders_with_every_key(stage: Stage) -> None:
    file = {"file": ("p.csv", (HEADER + "R-1;Suecia 100;Providencia;24/11/2026\n").encode())}
    shop = stage.norte.shops[0]
    async with stage.client(stage.norte.session()) as office:
        form = {"merchant_id": shop.id}
        done = body_of(await office.post("/v1/imports", data=form, files=file))
        key = body_of(await office.post(f"/v1/merchants/{shop.id}/api-keys"))["key"]
    async with stage.client(key_header(key)) as with_another_key:
        listed = body_of(await with_another_key.get("/v1/imports"))["items"]
        assert {done["id"], shop.import_id} <= {batch["id"] for batch in listed}
        body_of(await with_another_key.get(f"/v1/imports/{done['id']}"))
    async with stage.client(stage.norte.shop(1)) as other:
        problem_of(await other.get(f"/v1/imports/{done['id']}"), 404)


async def test_good_rows_are_kept_and_bad_ones_can_be_taken_home(stage: Stage) -> None:
    rows = ["R-1;Suecia 100;Providencia;24/11/2026", ";;;", "R-2;;;", "R-3;Suecia 1;;32/13/2026"]
    done = body_of(await send(stage, (HEADER + "\n".join(rows)).encode()))
    async with stage.client(stage.norte.shop()) as shop:
        table = await shop.get(f"/v1/imports/{done['id']}/rejected.csv")
    assert done["accepted"] >= 1
    assert {fault["row"] for fault in done["rejected"]} >= {4, 5}
    assert all(fault["reason"] for fault in done["rejected"])
    assert table.headers["content-type"].startswith("text/csv")
    assert "R-2" in table.text


async def test_dates_in_three_formats_are_the_same_day(stage: Stage) -> None:
    days = ("24/11/2026", "2026-11-24", "24-11-2026")
    rows = [f"D-{number};Suecia 100;Providencia;{day}" for number, day in enumerate(days)]
    done = body_of(await send(stage, (HEADER + "\n".join(rows)).encode()))
    assert (done["accepted"], done["rejected"]) == (3, [])
    async with stage.client(stage.norte.shop()) as shop:
        found = body_of(await shop.get("/v1/orders", params={"import_id": done["id"]}))["items"]
    assert {order["date"] for order in found} == {"2026-11-24"}


async def test_a_formula_in_a_cell_is_never_handed_on_as_one(stage: Stage) -> None:
    sheet = workbook(
        [
            ["referencia", "direccion", "comuna"],
            ["=1+1", "Suecia 100", "Providencia"],
            ["F-2", '=HYPERLINK("http://evil.example","x")', "Providencia"],
            ["@SUM(A1)", "", ""],
        ]
    )
    done = body_of(await send(stage, sheet, "formulas.xlsx"))
    async with stage.client(stage.norte.shop()) as shop:
        table = (await shop.get(f"/v1/imports/{done['id']}/rejected.csv")).text
    assert done["rejected"]
    cells = [cell.strip('"') for line in table.splitlines() for cell in line.split(";")]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@"}]


NOT_SHEETS: list[tuple[str, bytes]] = [
    ("foto.xlsx", draw_photo("no es una planilla")),
    ("vacio.csv", b""),
    ("vacio.xlsx", b""),
    ("roto.xlsx", b"PK\x03\x04 broken zip"),
    ("nulos.csv", bytes(2000)),
    ("sin-encabezado.csv", b"hola\nque tal\n"),
    ("binario.csv", bytes(range(256)) * 40),
    ("una-linea.csv", b"x" * 300_000),
]


@pytest.mark.parametrize(("name", "content"), NOT_SHEETS)
async def test_what_is_no_sheet_is_refused_in_a_sentence(
    stage: Stage, name: str, content: bytes
) -> None:
    answer = await send(stage, content, name)
    told = answer.json()
    assert answer.status_code < 500, told
    assert "Traceback" not in answer.text
    assert told.get("detail") or told.get("rejected")


async def test_two_hundred_megabytes_are_refused_before_they_are_read(stage: Stage) -> None:
    """The first megabytes decide; what follows is never asked for."""
    sent = 0
    boundary = "corte"
    head = (
        f"--{boundary}\r\nContent-Disposition: form-data; name=file; filename=grande.csv\r\n"
        "Content-Type: text/csv\r\n\r\n"
    ).encode()

    async def content() -> AsyncIterator[bytes]:
        nonlocal sent
        yield head
        for _ in range(200):
            sent += 1
            yield b"x;" * 500_000

    async with stage.client(stage.norte.shop()) as shop:
        answer = await shop.post(
            "/v1/imports",
            content=content(),
            headers={"content-type": f"multipart/form-data; boundary={boundary}"},
        )
    assert answer.status_code == 413, answer.text[:300]
    assert answer.json()["detail"]
    assert sent < 40


async def test_a_sheet_of_too_many_rows_is_refused_with_its_limit(stage: Stage) -> None:
    row = b"R;Suecia 100;Providencia;24/11/2026\n"
    answer = await send(stage, HEADER.encode() + row * 60_000, dry_run=True)
    assert answer.status_code in {413, 422}
    assert answer.json()["detail"]


async def test_a_look_says_for_which_day_and_hours_each_order_is(stage: Stage) -> None:
    """01/12 is the first of December; whoever meant January sees it before accepting."""
    content = (
        b"referencia;direccion;comuna;fecha;ventana inicio;ventana fin\n"
        b"R-1;Suecia 100;Providencia;01/12/2026;10:00;14:30\n"
        b"R-2;Suecia 200;Providencia;01/12/2026;;\n"
        b"R-3;Suecia 300;Providencia;02/12/2026;;\n"
    )
    looked = body_of(await send(stage, content, dry_run=True))
    assert looked["by_day"] == [
        {"date": "2026-12-01", "orders": 2},
        {"date": "2026-12-02", "orders": 1},
    ]
    first, second, _ = looked["rows"]
    assert first["date"] == "2026-12-01"
    assert [window["start"][11:16] for window in first["windows"]] == ["13:00"]
    assert [window["end"][11:16] for window in first["windows"]] == ["17:30"]
    assert (second["date"], second["windows"]) == ("2026-12-01", [])
    assert body_of(await send(stage, content))["by_day"] == looked["by_day"]


async def test_what_lies_outside_the_map_is_told_and_waits_for_a_person(stage: Stage) -> None:
    """A pin in Valparaíso is sure of itself, and still no van of Santiago is sent there."""
    content = (
        "referencia;direccion;comuna;lat;lon\n"
        "R-1;Suecia 100;Providencia;-33.4227;-70.6085\n"
        "R-2;Pedro Montt 200;Valparaíso;;\n"
        "R-3;Pedro Montt 200;Valparaíso;-33.0472;-71.6127\n"
    ).encode()
    looked = body_of(await send(stage, content, dry_run=True))
    assert [row["is_outside"] for row in looked["rows"]] == [False, True, True]
    assert [row["status"] for row in looked["rows"]] == ["accepted", "doubtful", "doubtful"]
    assert looked["outside"] == 2
    body_of(await send(stage, content))
    async with stage.client(stage.norte.session()) as office:
        queue = body_of(await office.get("/v1/address-reviews"))["items"]
        waiting = {item["reference"]: item for item in queue}
        ids = [waiting[reference]["order_id"] for reference in ("R-2", "R-3")]
        many = {"order_ids": ids, "level": "given"}
        covered = body_of(await office.post("/v1/address-reviews/accept", json=many))
        yes = body_of(await office.post(f"/v1/address-reviews/{ids[1]}", json={"accept": True}))
        params = {"address": "Pedro Montt 200", "comuna": "Valparaíso"}
        located = body_of(await office.get("/v1/addresses/locate", params=params))
    assert waiting["R-3"]["placement"]["is_outside"] is True
    assert covered["accepted"] == 0
    assert (yes["state"], yes["placement"]["is_outside"]) == ("confirmed", True)
    assert located["placement"]["is_outside"] is True


async def test_a_street_the_map_writes_otherwise_is_shown_and_waits_for_its_own_yes(
    stage: Stage,
) -> None:
    rows = "R-1;Suecia 3100;Providencia;24/11/2026\nR-2;Sueccia 3200;Providencia;24/11/2026\n"
    made = body_of(await send(stage, (HEADER + rows).encode()))
    assert [row["street"] for row in made["rows"]] == [None, "Avenida Suecia"]
    scope = {"import_id": made["id"]}
    async with stage.client(stage.norte.session()) as office:
        queue = body_of(await office.get("/v1/address-reviews", params=scope))
        assert (queue["street_level"], queue["renamed_total"]) == (1, 1)
        (renamed,) = queue["renamed"]
        assert (renamed["reference"], renamed["address"]) == ("R-2", "Sueccia 3200")
        assert "Suecia" in renamed["street"]
        assert [item["street"] for item in queue["items"] if item["reference"] == "R-1"] == [None]
        said = body_of(await office.post("/v1/address-reviews/accept", json=scope))
        seen = {"seen_ids": [renamed["order_id"]]}
        then = body_of(await office.post("/v1/address-reviews/accept", json=scope | seen))
    assert renamed["order_id"] not in said["order_ids"]
    assert (said["accepted"], then["order_ids"]) == (1, [renamed["order_id"]])


async def test_the_queue_and_one_yes_keep_to_the_file_even_when_it_is_sent_again(
    stage: Stage,
) -> None:
    # Doors that no van of the stage has been to, so that nothing is learnt of them.
    first = (HEADER + "R-1;Suecia 3100;Providencia;24/11/2026\n").encode()
    other = (HEADER + "R-2;Suecia 3200;Providencia;24/11/2026\n").encode()
    made = body_of(await send(stage, first))
    await send(stage, other)
    again = body_of(await send(stage, first))
    assert (made["unchanged"], again["unchanged"]) == (0, 1)
    async with stage.client(stage.norte.session()) as office:
        for import_id in (made["id"], again["id"]):
            query = {"import_id": import_id}
            queue = body_of(await office.get("/v1/address-reviews", params=query))
            assert [item["reference"] for item in queue["items"]] == ["R-1"]
            assert queue["total"] == queue["street_level"] == 1
        said = body_of(
            await office.post("/v1/address-reviews/accept", json={"import_id": again["id"]})
        )
        left = body_of(await office.get("/v1/address-reviews"))["items"]
        ids = {"order_ids": said["order_ids"]}
        back = body_of(await office.post("/v1/address-reviews/reopen", json=ids))
        again_waiting = body_of(await office.get("/v1/address-reviews"))["items"]
    assert said["accepted"] == 1
    waiting = {item["reference"] for item in left}
    assert "R-2" in waiting
    assert "R-1" not in waiting
    assert back == {"reopened": 1, "kept": 0}
    assert "R-1" in {item["reference"] for item in again_waiting}


async def test_a_point_of_the_sheet_passes_for_no_house_number(stage: Stage) -> None:
    content = (
        b"referencia;direccion;comuna;latitud;longitud;fecha\n"
        b"R-1;;Providencia;-33,42456;-70,60123;24/11/2026\n"
        b"R-2;Suecia 100;Providencia;-33,42;-70,60;24/11/2026\n"
    )
    looked = body_of(await send(stage, content, dry_run=True))
    assert [(row["level"], row["status"]) for row in looked["rows"]] == [
        ("given", "accepted"),
        ("given", "doubtful"),
    ]


async def test_a_file_announced_as_too_large_is_refused_before_it_is_read(stage: Stage) -> None:
    """On its length alone: of the 200 MB three bytes come."""
    async with stage.client(stage.norte.shop()) as shop:
        headers = {"content-length": "200000000", "content-type": "multipart/form-data; boundary=x"}
        problem = problem_of(await shop.post("/v1/imports", content=b"--x", headers=headers), 413)
    assert problem["code"] == "body_too_large"
    assert "200 MB y el máximo es 20 MB" in problem["detail"]


async def test_the_template_comes_in_as_it_was_handed_out(stage: Stage) -> None:
    async with stage.client(stage.norte.shop()) as shop:
        template = await shop.get("/v1/imports/template.xlsx")
    assert template.status_code == 200
    assert "plantilla-pedidos.xlsx" in template.headers["content-disposition"]
    pages = openpyxl.load_workbook(io.BytesIO(template.content))
    assert [len(list(page.rows)) for page in pages] == [
        3,
        1 + len(list(pages.worksheets[0].columns)),
    ]
    looked = body_of(await send(stage, template.content, "plantilla.xlsx", dry_run=True))
    assert (looked["accepted"], looked["rejected"], looked["undated"]) == (2, [], 0)
    assert looked["layout"] == "promesa"
