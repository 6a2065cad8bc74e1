"""What the machine has and lacks, each fault with what to do about it; starts nothing.

Imports no solver and no road layer, so that it still runs where their libraries are missing.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import shutil
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import promesa
from promesa.kernel.clock import Clock
from promesa.kernel.errors import PromesaError
from promesa.kernel.serviceday import SANTIAGO
from promesa.runtime.places import default_city_directory
from promesa.runtime.settings import Settings
from promesa.storage.account import choose_account
from promesa.storage.binaries import MAJOR_MIN, choose_binaries
from promesa.storage.inspection import inspect_server
from promesa.storage.postgres import all_binaries, default_home

PYTHON_MIN = (3, 11)
COMPILED = (
    "numpy",
    "numba",
    "osmium",
    "pyroutingkit",
    "freestiler",
    "shapely",
    "typst",
    "scipy",
    "lightgbm",
    "ortools",
)
# Library that the loader names when it is missing, and Debian's package that has it.
SYSTEM_PACKAGES = {
    "libgomp.so.1": "libgomp1",
    "libexpat.so.1": "libexpat1",
    "libstdc++.so.6": "libstdc++6",
}
CITY_FILES_MIN = 1
PAGES = ("torre", "conductor", "seguimiento")
CHANNEL_LIMIT_S = 5.0
# A day of 600 orders with photos takes about 200 MB; PostgreSQL stops when the disk is full.
DISK_BYTES_MIN = 500_000_000
DISK_BYTES_COMFORTABLE = 5_000_000_000
# Anything before the release is a clock that was never set.
CLOCK_YEAR_MIN = 2025
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PLAYWRIGHT_FOLDER = Path(".cache") / "ms-playwright"


class Status(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at.

    Attributes:
        finding: What was seen, in Spanish.
        remedy: What to do, in Spanish; empty when nothing.
    """

    name: str
    status: Status
    finding: str
    remedy: str = ""


async def check_up(settings: Settings, clock: Clock) -> list[Check]:
    """Looks at everything, one after the other; a check that fails does not stop the next."""
    return [
        check_python(),
        *check_libraries(),
        await check_database(settings),
        check_city(settings),
        check_pages(),
        *await check_channels(settings),
        check_clock(clock),
        check_disk(settings),
        check_browser(),
    ]


def check_python() -> Check:
    """Whether this Python is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= PYTHON_MIN:
        return Check(name="python", status=Status.OK, finding=f"Python {version}")
    remedy = "Instala Python 3.11 o más nuevo, o usa uv, que lo trae."
    return Check(name="python", status=Status.FAULT, finding=f"Python {version}", remedy=remedy)


def check_libraries(names: tuple[str, ...] = COMPILED) -> list[Check]:
    """Whether the compiled packages load; a system library may be missing."""
    faults = []
    for name in names:
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            faults.append(_library_fault(name, str(error)))
    if faults:
        return faults
    return [Check(name="bibliotecas", status=Status.OK, finding=f"{len(names)} paquetes cargan")]


def _library_fault(name: str, error: str) -> Check:
    """Names the system package that has the missing library, where we know it."""
    known = next((SYSTEM_PACKAGES[library] for library in SYSTEM_PACKAGES if library in error), "")
    remedy = (
        f"Instala {known} (en Debian o Ubuntu: apt-get install {known})."
        if known
        else "Reinstala con: uv sync --reinstall."
    )
    return Check(
        name="bibliotecas", status=Status.FAULT, finding=f"{name} no carga: {error}", remedy=remedy
    )


async def check_database(settings: Settings) -> Check:
    """Whether the configured server answers, or programs for a private one are here."""
    name = "base de datos"
    try:
        if settings.database.url:
            return await _look_at_server(settings.database.url)
        home = Path(settings.database.directory or default_home())
        account = choose_account(home / "postgres" / "data")
        version = home / "postgres" / "data" / "PG_VERSION"
        major = int(version.read_text()) if version.exists() else None
        found = choose_binaries(all_binaries(account, home), cluster_major=major)
    except PromesaError as error:
        detail = f" ({error.details['cause']})" if "cause" in error.details else ""
        return Check(
            name=name, status=Status.FAULT, finding=error.code + detail, remedy=error.sentence
        )
    except OSError as error:
        remedy = "Da permiso sobre esa carpeta o elige otra con PROMESA_DATABASE_DIRECTORY."
        return Check(name=name, status=Status.FAULT, finding=str(error), remedy=remedy)
    origin = "de la máquina" if found.origin == "machine" else "del paquete"
    finding = f"PostgreSQL {found.major} {origin}, como {account.name}, en {home}"
    return Check(name=name, status=Status.OK, finding=finding)


async def _look_at_server(url: str) -> Check:
    """Asks the configured server who it is, and whether the platform could work on it."""
    facts = await inspect_server(url)
    finding = f"PostgreSQL {facts.version}, usuario {facts.role}"
    remedy = ""
    if facts.major < MAJOR_MIN:
        remedy = f"Usa PostgreSQL {MAJOR_MIN} o más nuevo."
    elif not facts.can_prepare:
        remedy = f"Dale permiso para crear roles: ALTER ROLE {facts.role} CREATEROLE."
    status = Status.FAULT if remedy else Status.OK
    return Check(name="base de datos", status=status, finding=finding, remedy=remedy)


def check_city(settings: Settings) -> Check:
    """Whether the city's folder was built."""
    try:
        folder = Path(settings.city.directory or default_city_directory())
    except PromesaError as error:
        return Check(name="ciudad", status=Status.FAULT, finding=error.code, remedy=error.sentence)
    files = [path for path in folder.glob("*") if path.is_file()] if folder.is_dir() else []
    if len(files) >= CITY_FILES_MIN:
        return Check(name="ciudad", status=Status.OK, finding=f"{folder}, {len(files)} archivos")
    remedy = (
        "Constrúyela: promesa roads build EXTRACTO.osm.pbf --out CARPETA, y PROMESA_CITY_DIRECTORY."
    )
    return Check(name="ciudad", status=Status.FAULT, finding=f"{folder} no está", remedy=remedy)


def check_pages() -> Check:
    """Whether the three pages were built into the package."""
    folder = Path(promesa.__file__).parent / "web"
    missing = [page for page in PAGES if not (folder / page / "index.html").is_file()]
    if not missing:
        return Check(name="páginas", status=Status.OK, finding=", ".join(PAGES))
    remedy = "Constrúyelas: uv sync --reinstall-package promesa."
    finding = f"Faltan: {', '.join(missing)}"
    return Check(name="páginas", status=Status.FAULT, finding=finding, remedy=remedy)


async def check_channels(settings: Settings) -> list[Check]:
    """Whether e-mail's server answers; what is not configured stays in the bandeja."""
    checks = []
    if settings.smtp.host:
        checks.append(await _reach_smtp(settings.smtp.host, settings.smtp.port))
    else:
        finding = "Sin servidor de correo: los correos quedan en la bandeja"
        checks.append(Check(name="correo", status=Status.OK, finding=finding))
    finding = settings.sms.url or "Sin servicio de SMS: los SMS quedan en la bandeja"
    checks.append(Check(name="sms", status=Status.OK, finding=finding))
    return checks


async def _reach_smtp(host: str, port: int) -> Check:
    """Opens and closes a connection; nothing is sent."""
    try:
        opening = asyncio.open_connection(host, port)
        _, writer = await asyncio.wait_for(opening, CHANNEL_LIMIT_S)
    except (OSError, TimeoutError) as error:
        finding = f"{host}:{port} no responde ({type(error).__name__})"
        remedy = "Revisa PROMESA_SMTP_HOST y PROMESA_SMTP_PORT, y el cortafuegos."
        return Check(name="correo", status=Status.FAULT, finding=finding, remedy=remedy)
    writer.close()
    return Check(name="correo", status=Status.OK, finding=f"{host}:{port} responde")


def check_clock(clock: Clock) -> Check:
    """Whether the machine's clock was ever set, and Chile's time zone is known."""
    now = clock.now()
    try:
        local = now.astimezone(ZoneInfo(SANTIAGO))
    except ZoneInfoNotFoundError:
        finding, remedy = f"No está la zona {SANTIAGO}", "Reinstala con: uv sync --reinstall."
        return Check(name="reloj", status=Status.FAULT, finding=finding, remedy=remedy)
    finding = f"{local.isoformat(timespec='seconds')} en Santiago"
    if now.year >= CLOCK_YEAR_MIN:
        return Check(name="reloj", status=Status.OK, finding=finding)
    remedy = "Pon el reloj en hora (timedatectl set-ntp true)."
    return Check(name="reloj", status=Status.FAULT, finding=finding, remedy=remedy)


def check_disk(settings: Settings) -> Check:
    """Whether the data's disk has room."""
    folder = Path(settings.database.directory or default_home())
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    finding = f"{free / 1e9:.1f} GB libres en {folder}"
    if free >= DISK_BYTES_COMFORTABLE:
        return Check(name="disco", status=Status.OK, finding=finding)
    status = Status.WARNING if free >= DISK_BYTES_MIN else Status.FAULT
    remedy = "Libera espacio o elige otro disco con PROMESA_DATABASE_DIRECTORY."
    return Check(name="disco", status=status, finding=finding, remedy=remedy)


def check_browser() -> Check:
    """Whether Chromium is here; only the tests need it."""
    named = os.environ.get("PROMESA_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found or any((Path.home() / PLAYWRIGHT_FOLDER).glob("chromium-*")):
        finding = str(found or "el de Playwright")
        return Check(name="chromium", status=Status.OK, finding=finding)
    return Check(
        name="chromium",
        status=Status.WARNING,
        finding="No está; solo lo usan las pruebas",
        remedy="uv run just test lo instala.",
    )
