"""Pictures of a whole day for the guide: `python -m tests.browser.demo_pictures`.

They are of `promesa demo` at noon, with its 600 orders: the journeys' few stops show little.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Event

import httpx
from playwright.sync_api import Page, expect, sync_playwright

from promesa.kernel.clock import stopwatch_s
from tests.browser.conftest import GUIDE, SETTLE_S, TOWER
from tests.support.chromium import find_chromium
from tests.support.vendors import free_port

READY_LIMIT_S = 300.0
LOOK_S = 1.0
WORDS_LIMIT_MS = 60_000
RUNNING = "En marcha"
SCREENS = {"hoy": "a salvo", "informe": "Fórmula", "bandeja": "Pedido confirmado"}


def main() -> None:
    """Runs a demo of one's own, and takes the pictures when it is noon in it."""
    port = free_port()
    words = [sys.executable, "-m", "promesa", "demo", "--port", str(port)]
    with subprocess.Popen(words) as demo:
        try:
            take_pictures(f"http://127.0.0.1:{port}")
        finally:
            demo.terminate()


def take_pictures(url: str) -> None:
    """Signs in as the demo's visitor and goes from screen to screen."""
    _wait_until(lambda: httpx.get(f"{url}/readyz", trust_env=False).is_success)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(
            viewport=TOWER, locale="es-CL", timezone_id="America/Santiago", base_url=url
        )
        page.goto("/demo/enter")
        _wait_until(lambda: page.request.get("/v1/demo").json()["phase"] == RUNNING)
        for screen, words in SCREENS.items():
            _take_picture(page, screen, words)
        browser.close()


def _take_picture(page: Page, screen: str, words: str) -> None:
    page.goto(f"/torre/#/{screen}")
    shown = page.get_by_role("main").get_by_text(words).first
    expect(shown).to_be_visible(timeout=WORDS_LIMIT_MS)
    page.wait_for_timeout(SETTLE_S * 1000)
    page.screenshot(path=GUIDE / f"{screen}.png", animations="disabled")


def _wait_until(is_so: Callable[[], bool]) -> None:
    ends = stopwatch_s() + READY_LIMIT_S
    while stopwatch_s() < ends:
        with suppress(httpx.HTTPError):
            if is_so():
                return
        Event().wait(LOOK_S)
    raise TimeoutError


if __name__ == "__main__":
    main()
