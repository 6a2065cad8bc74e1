"""A server at a Monday morning, an operator for each journey, and Chromium to look at them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from promesa.api.auth import USER_COOKIE
from promesa.kernel.clock import stopwatch_s
from tests.browser.office import Office, open_office
from tests.browser.served_morning import HOST
from tests.support.chromium import find_chromium
from tests.support.postgres import passable_folder, remove_folder
from tests.support.vendors import free_port

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
# Pictures of the guide are rewritten when asked for: a test run leaves the tree as it was.
SHOTS_WANTED = "PROMESA_SHOTS"
# The first start in a fresh checkout builds the city as well.
START_LIMIT_S = 180.0
STOP_LIMIT_S = 20.0
LOOK_S = 0.1
PATIENCE_MS = 30_000
# Only for pictures: tiles of a map come after the words.
SETTLE_S = 4.0
COLOURS = 256
TOWER: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

expect.set_options(timeout=PATIENCE_MS)

Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]


@dataclass(frozen=True, slots=True)
class ServedMorning:
    """The server of this session."""

    url: str
    process: subprocess.Popen[bytes]

    def found(self) -> str:
        """A new operator, as its administrator's address."""
        asked, told = self.process.stdin, self.process.stdout
        assert asked is not None
        assert told is not None
        asked.write(b"\n")
        asked.flush()
        return told.readline().decode().strip()


@pytest.fixture(scope="session")
def served_morning() -> Iterator[ServedMorning]:
    """The server, while the session lasts."""
    home, port = passable_folder("promesa-browser-"), free_port()
    url = f"http://{HOST}:{port}"
    log_path = home / "served.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.served_morning", str(home), str(port)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        try:
            _wait_until_ready(process, url, log_path)
            yield ServedMorning(url, process)
        finally:
            process.terminate()
            process.communicate(timeout=STOP_LIMIT_S)
            remove_folder(home)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log_path: Path) -> None:
    ends = stopwatch_s() + START_LIMIT_S
    # One client for all looks: each new one reads every certificate of the machine.
    with httpx.Client(base_url=url, timeout=5, trust_env=False) as client:
        while stopwatch_s() < ends:
            assert process.poll() is None, log_path.read_text()[-3000:]
            with suppress(httpx.HTTPError):
                if client.get("/readyz").is_success:
                    return
            Event().wait(LOOK_S)
    raise AssertionError(log_path.read_text()[-3000:])


@pytest.fixture
def morning_url(served_morning: ServedMorning) -> str:
    """Where the server listens."""
    return served_morning.url


@pytest.fixture
def office(served_morning: ServedMorning) -> Iterator[Office]:
    """An operator of one's own, with nothing in it."""
    opened = open_office(served_morning.url, served_morning.found())
    yield opened
    opened.client.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium; of a module, since Playwright's loop must not be there for tests that are async."""
    found = find_chromium()
    assert found is not None, "No Chromium: run `python -m tests.support.chromium`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, morning_url: str) -> Iterator[Open]:
    """Opens a page on a device of its own, in Spanish, in Santiago; ``session`` signs it in."""
    contexts: list[BrowserContext] = []

    def open_one(path: str, *, viewport: ViewportSize, session: str = "", **more: Any) -> Page:
        context = chromium.new_context(
            base_url=morning_url,
            locale="es-CL",
            timezone_id="America/Santiago",
            viewport=viewport,
            **more,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if session:
            context.add_cookies([{"name": USER_COOKIE, "value": session, "url": morning_url}])
        page = context.new_page()
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def shoot() -> Shoot:
    """Leaves a picture for the guide, when pictures are wanted."""

    def shoot_one(page: Page, name: str) -> None:
        if os.environ.get(SHOTS_WANTED):
            take_picture(page, name)

    return shoot_one


def take_picture(page: Page, name: str) -> None:
    """Leaves a picture in the guide, in 256 colours: a map's would weigh half a megabyte."""
    page.wait_for_timeout(SETTLE_S * 1000)
    content = page.screenshot(animations="disabled")
    with Image.open(BytesIO(content)) as picture:
        picture.convert("RGB").quantize(COLOURS).save(GUIDE / f"{name}.png", optimize=True)
