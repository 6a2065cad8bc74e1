"""The platform at a quiet Monday morning: `python -m tests.browser.served_morning HOME PORT`.

`promesa serve` runs by the machine's clock, and at midnight nothing can be planned for today. Here
everything is the same but the clock, which starts at 09:30 and runs at the speed of the wall's,
and the operators, one for each journey, who are told that their day is simulated.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import date, datetime
from pathlib import Path

from promesa.cli.serve import run_server
from promesa.kernel.clock import ScaledClock
from promesa.kernel.ids import Ids
from promesa.runtime.bootstrap import Founding, found
from promesa.runtime.observe import configure_logs
from promesa.runtime.settings import load_settings
from promesa.runtime.wiring import Circumstances, open_platform

TODAY = date(2026, 11, 23)
OPENS_AT = datetime.fromisoformat("2026-11-23T09:30:00-03:00")
PASSWORD = "correcta-para-pruebas"
OPERATORS = 24
HOST = "127.0.0.1"


def email_of(number: int) -> str:
    """The administrator of an operator, numbered from 0."""
    return f"camila{number}@reparto.test"


async def serve(home: Path, port: int) -> None:
    """Serves until it is told to stop."""
    clock = ScaledClock(OPENS_AT, speed=1)
    circumstances = Circumstances(
        clock=clock, ids=Ids(clock), public_url=f"http://{HOST}:{port}", home=home
    )
    async with open_platform(load_settings(), circumstances) as platform:
        for number in range(OPERATORS):
            await found(
                platform,
                Founding(
                    tenant=f"Reparto Mapocho {number + 1}",
                    email=email_of(number),
                    name="Camila Torres",
                    password=PASSWORD,
                    is_simulated=True,
                ),
            )
        await run_server(platform, HOST, port)


if __name__ == "__main__":
    configure_logs("warning")
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
