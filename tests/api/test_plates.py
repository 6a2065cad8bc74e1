"""A plate is one vehicle's, however it is written."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from promesa.domain.fleet import is_chilean_plate, plain_plate
from tests.support.client import body_of, problem_of
from tests.support.platform import Stage


def van(stage: Stage, code: str, plate: str, **more: Any) -> dict[str, Any]:
    capacity = {"parcels": 10, "weight_g": 100_000, "volume_ml": 1_000_000}
    depot_id = stage.norte.ids["depot_id"]
    return {"code": code, "plate": plate, "depot_id": depot_id, "capacity": capacity} | more


def field_of(answer: httpx.Response, status: int) -> tuple[str, str]:
    (fault,) = problem_of(answer, status)["errors"]
    return fault["field"], fault["code"]


@pytest.mark.parametrize("written", ["hkcd-12", "HK·CD·12", "hk cd 12", "HK.CD.12"])
async def test_the_same_plate_written_otherwise_is_taken(stage: Stage, written: str) -> None:
    async with stage.client(stage.norte.session()) as office:
        body_of(await office.post("/v1/vehicles", json=van(stage, "V-7", "HKCD12")))
        again = await office.post("/v1/vehicles", json=van(stage, "V-8", written))
    assert field_of(again, 409) == ("plate", "plate_taken")


async def test_a_vehicle_out_of_use_keeps_its_plate_and_comes_back_with_it(stage: Stage) -> None:
    async with (
        stage.client(stage.norte.session()) as office,
        stage.client(stage.sur.session()) as other,
    ):
        away = van(stage, "V-7", "HKCD12", is_active=False)
        made = body_of(await office.post("/v1/vehicles", json=away))
        again = problem_of(await office.post("/v1/vehicles", json=van(stage, "V-8", "HKCD12")), 409)
        path = f"/v1/vehicles/{made['id']}"
        back = body_of(await office.put(path, json=van(stage, "V-7", "HKCD12")))
        theirs = van(stage, "V-7", "HKCD12") | {"depot_id": stage.sur.ids["depot_id"]}
        body_of(await other.post("/v1/vehicles", json=theirs))
    assert "V-7, que está fuera de servicio" in again["detail"]
    assert back["is_active"] is True


async def test_a_plate_of_no_chilean_form_is_taken_when_it_is_meant(stage: Stage) -> None:
    async with stage.client(stage.norte.session()) as office:
        refused = await office.post("/v1/vehicles", json=van(stage, "V-7", "HKC12X9"))
        meant = van(stage, "V-7", "HKC12X9", is_odd_plate=True)
        made = body_of(await office.post("/v1/vehicles", json=meant))
        path = f"/v1/vehicles/{made['id']}"
        body_of(await office.put(path, json=van(stage, "V-70", "HKC12X9")))
    assert field_of(refused, 422) == ("plate", "plate_unknown")


@pytest.mark.parametrize("plate", ["AB1234", "BBCD12", "ABC12", "AB123", "ABC012"])
def test_chilean_forms(plate: str) -> None:
    assert is_chilean_plate(plain_plate(f" {plate.lower()} "))


@pytest.mark.parametrize("plate", ["ABCDE1", "A1234", "AEIO12", "AB12345", ""])
def test_what_is_none(plate: str) -> None:
    assert not is_chilean_plate(plain_plate(plate))
