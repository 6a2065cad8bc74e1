"""`promesa demo` as a visitor starts it: a process, what it prints, and a spreadsheet to drop."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from promesa.kernel.clock import stopwatch_s

ROOT = Path(__file__).resolve().parents[2]
# Planning and a morning of so few orders; the machine may be busy with other tests.
READY_LIMIT_S = 180.0
STOP_LIMIT_S = 30.0
LOOK_S = 0.2
ORDERS = 24
RUNNING = "el reloj corre a"
SHEET = """referencia;nombre;telefono;direccion;comuna;fecha;bultos
{prefix}-1;María González;987654321;Av. Providencia 1234;Providencia;05/10/2026;1
{prefix}-2;Pedro Soto;912;Gran Avenida 5500;San Miguel;05/10/2026;1
{prefix}-3;Ana Rivas;987654321;Irarrázaval 3400;Ñuñoa;31/02/2026;1
{prefix}-4;José Díaz;987654321;Apoquindo 4500;Las Condes;05/10/2026;1
{prefix}-5;Rosa Lara;987654321;;Maipú;05/10/2026;1
"""


@dataclass(slots=True)
class ServedDemo:
    """A demo of few orders on a port and in a folder of its own."""

    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What it printed so far."""
        return (self.home / "demo.log").read_text(encoding="utf-8")

    @property
    def addresses(self) -> list[str]:
        """The three addresses that were printed last: torre, conductor, cliente."""
        printed = re.compile(r"^  (?:Torre|Conductor|Cliente) +(\S+)", re.MULTILINE)
        return [str(url) for url in printed.findall(self.log)[-3:]]

    @property
    def enter_url(self) -> str:
        """Where the next visitor comes in, with the code that is good now."""
        return str(re.findall(r"http\S+/demo/enter\S*", self.log)[-1])

    def start(self, *options: str) -> None:
        """Starts it and waits until the day runs."""
        begun = len(self.log) if (self.home / "demo.log").exists() else 0
        process = self.launch(*options)
        ends = stopwatch_s() + READY_LIMIT_S
        while RUNNING not in self.log[begun:]:
            assert process.poll() is None, self.log
            assert stopwatch_s() < ends, self.log
            Event().wait(LOOK_S)

    def launch(self, *options: str, kernels: Path | None = None) -> subprocess.Popen[bytes]:
        """Starts it; with a folder of its own for the kernels, it has to compile them first."""
        command = [sys.executable, "-u", "-m", "promesa", "demo", "--orders", str(ORDERS)]
        command += ["--port", str(self.port), *options]
        environment = os.environ | {"PROMESA_DATABASE_DIRECTORY": str(self.home)}
        if kernels is not None:
            environment["PROMESA_KERNELS"] = str(kernels)
        with (self.home / "demo.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        return self.process

    def stop(self) -> int | None:
        """Ctrl-C; how it ended, None when it did not run."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(STOP_LIMIT_S)
        self.process = None
        return code

    def wait_for(self, text: str) -> None:
        """Until it has printed ``text``."""
        ends = stopwatch_s() + STOP_LIMIT_S
        while text not in self.log:
            assert stopwatch_s() < ends, self.log
            Event().wait(LOOK_S)
