"""A simulated phone against a platform that answers what the test says."""

from __future__ import annotations

import asyncio
import random
from uuid import UUID

import httpx
import pytest

from promesa.simulator.client import Api, SimulationError
from promesa.simulator.phone import Phone
from promesa.simulator.world_file import PhonesWorld
from tests.support.tracked_routes import NINE

PICTURE = UUID(int=7)
STEADY = PhonesWorld(
    fix_interval_s=30.0,
    gps_noise_m=5.0,
    gps_outlier=0.0,
    duplicate=0.0,
    late=0.0,
    late_median_s=60.0,
    dead_phone=0.0,
    dead_median_s=60.0,
    clock_off=0.0,
)


def phone_answered(status: int) -> Phone:
    transport = httpx.MockTransport(lambda request: httpx.Response(status, json={}))
    api = Api(httpx.AsyncClient(transport=transport, base_url="http://platform"))
    phone = Phone(api, "R-02", STEADY, random.Random(1))
    phone.keep_picture(PICTURE, {"stop_id": str(UUID(int=1))}, b"picture")
    return phone


def test_a_picture_of_a_stop_that_went_to_another_van_is_let_go_and_the_day_goes_on() -> None:
    phone = phone_answered(404)
    asyncio.run(phone.flush(NINE))
    assert phone.log.refused_pictures == {PICTURE}


def test_any_other_refusal_of_a_picture_is_a_fault_of_the_platform() -> None:
    with pytest.raises(SimulationError):
        asyncio.run(phone_answered(500).flush(NINE))
