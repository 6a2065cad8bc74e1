"""The platform at a quiet Monday morning: `python -m tests.browser.served_morning HOME PORT`.

`promesa serve` runs by the machine's clock, and at midnight nothing can be planned for today. Here
everything is the same but the clock, which starts at 09:30 and runs at the speed of the wall's,
and the operators, one for each journey, who are told that their day is simulated. One is founded
for each line on stdin, and its administrator's address answered on stdout.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import date, datetime
from itertools import count
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from promesa.cli.serve import run_server
from promesa.kernel.clock import ScaledClock
from promesa.kernel.ids import Ids
from promesa.runtime import access
from promesa.runtime.bootstrap import Founding, found
from promesa.runtime.observe import configure_logs
from promesa.runtime.platform import Platform
from promesa.runtime.settings import load_settings
from promesa.runtime.wiring import Circumstances, open_platform

TODAY = date(2026, 11, 23)
OPENS_AT = datetime.fromisoformat("2026-11-23T09:30:00-03:00")
PASSWORD = "correcta-para-pruebas"
HOST = "127.0.0.1"


async def serve(home: Path, port: int) -> None:
    """Serves until it is told to stop."""
    clock = ScaledClock(OPENS_AT, speed=1)
    circumstances = Circumstances(
        clock=clock, ids=Ids(clock), public_url=f"http://{HOST}:{port}", home=home
    )
    async with (
        open_platform(load_settings(), circumstances) as platform,
        asyncio.TaskGroup() as group,
    ):
        founding = group.create_task(found_when_asked(platform))
        await run_server(platform, HOST, port)
        founding.cancel()


async def found_when_asked(platform: Platform) -> None:
    """Founds the next operator for each line on stdin, until that ends."""
    asked = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(asked)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    for number in count(1):
        if not await asked.readline():
            return
        email = f"camila{number}@reparto.test"
        founding = Founding(
            tenant=f"Reparto Mapocho {number}",
            email=email,
            name="Camila Torres",
            password=PASSWORD,
            is_simulated=True,
        )
        await found(platform, founding)
        sys.stdout.write(f"{email}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    configure_logs("warning")
    with pytest.MonkeyPatch.context() as patch:
        # A password costs a third of a second of a core on purpose; here it is no secret.
        patch.setattr(access, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024))
        asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
