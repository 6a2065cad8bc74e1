"""A demo that is told to stop while its first plan still waits for the planner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import httpx
import pytest

from promesa.kernel.clock import stopwatch_s
from tests.browser.served_demo import LOOK_S, READY_LIMIT_S, ServedDemo
from tests.support.postgres import passable_folder, remove_folder
from tests.support.vendors import free_port

pytestmark = pytest.mark.browser

DAY = "2026-10-05"


@pytest.fixture
def demo() -> Iterator[ServedDemo]:
    home = passable_folder("promesa-demo-")
    served = ServedDemo(home, free_port())
    try:
        yield served
    finally:
        served.stop()
        remove_folder(home)


def test_it_ends_at_once_and_without_a_fault(demo: ServedDemo, tmp_path: Path) -> None:
    demo.launch(kernels=tmp_path)
    demo.wait_for("Ctrl-C para detener")
    with httpx.Client(trust_env=False, follow_redirects=True) as visitor:
        visitor.get(demo.enter_url)
        plans = demo.enter_url.partition("/demo/")[0] + "/v1/plans"
        ends = stopwatch_s() + READY_LIMIT_S
        # Compiling takes minutes: a plan that is taken up has not been searched yet.
        while _states(visitor, plans) != ["running"]:
            assert stopwatch_s() < ends, demo.log
            Event().wait(LOOK_S)
    assert demo.stop() == 0
    assert "Traceback" not in demo.log
    assert "no responde" not in demo.log


def _states(visitor: httpx.Client, plans: str) -> list[str]:
    return [plan["state"] for plan in visitor.get(plans, params={"date": DAY}).json()["items"]]
