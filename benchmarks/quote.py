"""How fast a checkout is answered: quotes at a fixed rate against the real server over HTTP.

    python -m benchmarks.quote --orders 5000 --rate 100 --for-s 60

An operator with so many orders promised for the next delivery day, on PostgreSQL of its own with
fsync on. Open loop: each request has its own time, and waiting counts from it. One quote in a
hundred is accepted and every second one of those becomes an order, an order each two seconds, so
that the days move.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import httpx

from promesa.kernel.clock import SystemClock, pause_s, stopwatch_s
from promesa.kernel.ids import derived_id
from promesa.kernel.seeds import stream
from promesa.kernel.serviceday import ServiceDay

EMAIL, PASSWORD = "admin@quotes.test", "correcta-para-medir"
START_LIMIT_S = 180.0
DEPOT = (-70.6369, -33.4436)
VANS = 90
BATCH = 250
ACCEPT_EVERY, ORDER_EVERY = 100, 200
CONNECTIONS = 64
SETTLE_LOOK_S, SETTLE_LOOKS_MAX, IDLE_SHARE = 3.0, 100, 0.1


@dataclass(slots=True)
class Measured:
    """Latencies in milliseconds, by what was asked."""

    quotes: list[float] = field(default_factory=list)
    accepts: list[float] = field(default_factory=list)
    orders: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """`promesa serve` with a private PostgreSQL: its address and its process.

    Nothing of it is left at the end.
    """
    home = Path(tempfile.mkdtemp(prefix="promesa-quotes-"))
    home.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "PROMESA_DATABASE_DIRECTORY": str(home),
        "PROMESA_ADMIN_EMAIL": EMAIL,
        "PROMESA_ADMIN_PASSWORD": PASSWORD,
        "PROMESA_LOG_LEVEL": "warning",
    }
    with (home / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "promesa", "serve", "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, home / "serve.log")
        yield url, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    began = stopwatch_s()
    while stopwatch_s() - began < START_LIMIT_S:
        if process.poll() is not None:
            raise SystemExit(log.read_text()[-2000:])
        with suppress(httpx.HTTPError):
            if httpx.get(f"{url}/readyz", timeout=5).is_success:
                return
        threading.Event().wait(0.2)
    raise SystemExit(f"no server in {START_LIMIT_S} s")


def furnish(url: str, orders: int) -> tuple[str, date]:
    """A shop, vans with shifts for two weeks, and the orders; returns the key and their day."""
    with httpx.Client(base_url=url, timeout=120) as office:
        _good(office.post("/v1/session", json={"email": EMAIL, "password": PASSWORD}))
        shop = _good(office.post("/v1/merchants", json={"code": "M", "name": "Tienda"}))
        key = _good(office.post(f"/v1/merchants/{shop['id']}/api-keys"))["key"]
        depot = _good(
            office.post("/v1/depots", json={"code": "CD", "name": "CD", "position": DEPOT})
        )
        day = _hire(office, depot["id"])
        _offer_parts(office)
    with httpx.Client(
        base_url=url, timeout=120, headers={"authorization": f"Bearer {key}"}
    ) as shop_:
        chance = stream(1, "doors")
        for first in range(0, orders, BATCH):
            rows = [_order(f"B{first + n}", chance, day) for n in range(min(BATCH, orders - first))]
            done = _good(shop_.put("/v1/orders", json={"orders": rows}))
            assert not done["rejected"], done["rejected"][:2]
    return key, day


def _hire(office: httpx.Client, depot_id: str) -> date:
    """Vans and their shifts from tomorrow on; returns the first delivery day that is open now."""
    crews = []
    for number in range(VANS):
        van = {
            "code": f"V-{number}",
            "plate": f"BC{number // 26:02d}{number % 26:02d}",
            "depot_id": depot_id,
            "capacity": {"parcels": 200, "weight_g": 2_000_000, "volume_ml": 20_000_000},
        }
        vehicle = _good(office.post("/v1/vehicles", json=van))
        driver = _good(office.post("/v1/drivers", json={"code": f"C-{number}", "name": "Ana"}))
        crews.append((vehicle["id"], driver["id"]))
    today = ServiceDay.of(SystemClock().now()).date
    days = [today + timedelta(days=n) for n in range(1, 16)]
    first = days[0].isoformat()
    for vehicle_id, driver_id in crews:
        shift = {
            "date": first,
            "driver_id": driver_id,
            "vehicle_id": vehicle_id,
            "depot_id": depot_id,
            "start": f"{first}T09:00:00-03:00",
            "end": f"{first}T19:00:00-03:00",
        }
        _good(office.put(f"/v1/shifts/{derived_id('shift', vehicle_id)}", json=shift))
    for day in days[1:]:
        copied = {"from_date": first, "to_date": day.isoformat()}
        _good(office.post("/v1/shifts/copy", json=copied))
    quote = _good(office.post("/v1/promises/quote", json={"position": DEPOT}))
    return date.fromisoformat(quote["windows"][0]["start"][:10])


def _offer_parts(office: httpx.Client) -> None:
    terms = _good(office.get("/v1/promises/terms"))["terms"]
    week = list(range(6))
    terms["windows"] = [
        {"name": name, "start": start, "end": end, "weekdays": week, "price_clp": price}
        for name, start, end, price in (
            ("Todo el día", "09:00:00", "21:00:00", 0),
            ("Mañana", "09:00:00", "14:00:00", 990),
            ("Tarde", "14:00:00", "21:00:00", 990),
        )
    ]
    _good(office.put("/v1/promises/terms", json=terms))


def _door(chance: random.Random) -> list[float]:
    # Inside the map that ships: some two kilometres around its middle.
    return [DEPOT[0] + chance.uniform(-0.022, 0.022), DEPOT[1] + chance.uniform(-0.018, 0.018)]


def _order(reference: str, chance: random.Random, day: date) -> dict[str, Any]:
    return {
        "reference": reference,
        "date": day.isoformat(),
        "recipient": {"name": "Rosa Prueba"},
        "address": "Suecia 100",
        "position": _door(chance),
        "service_time_s": chance.randrange(60, 300),
    }


def _good(answer: httpx.Response) -> Any:
    assert answer.is_success, (answer.request.url, answer.text[:500])
    return answer.json() if answer.content else None


def cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def settle(pid: int) -> None:
    """Waits until the server has told what the orders made it tell: messages, streams."""
    for _ in range(SETTLE_LOOKS_MAX):
        before = cpu_s(pid)
        threading.Event().wait(SETTLE_LOOK_S)
        if cpu_s(pid) - before < IDLE_SHARE * SETTLE_LOOK_S:
            return


class Line:
    """One kept connection: HTTP/1.1 by hand, since a client library costs more than a quote."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, body: object = None) -> tuple[int, Any]:
        """Status and JSON."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {self._key}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
        )
        writer.write(head.encode() + content)
        top = await reader.readuntil(b"\r\n\r\n")
        status = int(top.split(b" ", 2)[1])
        lower = top.lower()
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        return status, json.loads(await reader.readexactly(length) or b"null")


async def load(url: str, key: str, *, rate: float, for_s: float) -> Measured:
    """Quotes at the rate; how long each took from the time it was due."""
    measured, chance = Measured(), stream(2, "doors")
    lines: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        lines.put_nowait(Line(int(url.rpartition(":")[2]), key))
    began = stopwatch_s()
    tasks = []
    for number in range(int(rate * for_s)):
        due = began + number / rate
        pause = due - stopwatch_s()
        if pause > 0:
            await pause_s(pause)
        tasks.append(asyncio.create_task(_one(lines, measured, number, due, _door(chance))))
    await asyncio.gather(*tasks)
    return measured


async def _one(
    lines: asyncio.Queue[Line], measured: Measured, number: int, due: float, door: list[float]
) -> None:
    line = await lines.get()
    try:
        body = {"position": door, "service_time_s": 120}
        status, found = await line.ask("/v1/promises/quote", body)
        measured.quotes.append((stopwatch_s() - due) * 1e3)
        if status != 200:
            measured.failed.append(str(found)[:200])
            return
        if number % ACCEPT_EVERY or not found["windows"]:
            return
        quote_id = found["windows"][0]["quote_id"]
        began = stopwatch_s()
        status, answer = await line.ask(f"/v1/promises/{quote_id}/accept")
        measured.accepts.append((stopwatch_s() - began) * 1e3)
        if status != 200:
            measured.failed.append(str(answer)[:200])
        if number % ORDER_EVERY == 0 and status == 200 and answer["state"] == "held":
            began = stopwatch_s()
            order = {
                "reference": f"Q{number}-{due:.3f}",
                "recipient": {"name": "Rosa"},
                "address": "Suecia 100",
                "position": door,
                "quote_id": quote_id,
            }
            status, answer = await line.ask("/v1/orders", order)
            measured.orders.append((stopwatch_s() - began) * 1e3)
            if status != 201:
                measured.failed.append(str(answer)[:200])
    finally:
        lines.put_nowait(line)


def _told(name: str, found: list[float]) -> str:
    ordered = sorted(found)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * q))] for q in (0.5, 0.9, 0.99)]
    return (
        f"| {name} | {len(ordered)} | {at[0]:.1f} | {at[1]:.1f} | {at[2]:.1f} | {ordered[-1]:.1f} |"
    )


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--orders", type=int, default=5_000, help="promised for the next day")
    parser.add_argument("--rate", type=float, default=100.0, help="quotes a second")
    parser.add_argument("--for-s", type=float, default=60.0, help="how long")
    asked = parser.parse_args()
    with serving() as (url, pid):
        began = stopwatch_s()
        key, day = furnish(url, asked.orders)
        click.echo(f"{asked.orders} orders for {day} in {stopwatch_s() - began:.0f} s")
        settle(pid)
        asyncio.run(load(url, key, rate=20, for_s=10))
        loads, used_s = os.getloadavg()[0], cpu_s(pid)
        found = asyncio.run(load(url, key, rate=asked.rate, for_s=asked.for_s))
        used_s = cpu_s(pid) - used_s
    click.echo(f"{asked.rate:g} quotes/s for {asked.for_s:g} s, open loop, load before {loads:.1f}")
    click.echo("| what | count | p50 ms | p90 ms | p99 ms | most ms |\n|---|---|---|---|---|---|")
    for name in ("quotes", "accepts", "orders"):
        if several := getattr(found, name):
            click.echo(_told(name, several))
    click.echo(f"server: {used_s / max(1, len(found.quotes)) * 1e3:.1f} ms of CPU a quote")
    click.echo(f"failed: {len(found.failed)} {found.failed[:2]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
