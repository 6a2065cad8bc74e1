"""Each fault of a machine is named, with what to do about it."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from promesa.kernel.clock import MovedClock
from promesa.runtime import checkup
from promesa.runtime.checkup import Status
from promesa.runtime.settings import CitySettings, DatabaseSettings, Settings, SmtpSettings

NINE = datetime(2025, 10, 6, 12, 0, tzinfo=UTC)


def test_a_package_whose_system_library_is_missing_names_debians_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint = "libgomp.so.1: cannot open shared object file: No such file or directory"
    (tmp_path / "needs_gomp.py").write_text(f"raise ImportError({complaint!r})")
    monkeypatch.syspath_prepend(str(tmp_path))
    (check,) = checkup.check_libraries(("needs_gomp",))
    assert check.status is Status.FAULT
    assert "apt-get install libgomp1" in check.remedy


def test_the_packages_of_this_machine_load() -> None:
    (check,) = checkup.check_libraries()
    assert check.status is Status.OK


def test_this_python_is_new_enough() -> None:
    assert sys.version_info >= checkup.PYTHON_MIN
    assert checkup.check_python().status is Status.OK


async def test_a_database_url_where_nobody_answers_is_a_fault_without_a_traceback(
    tmp_path: Path,
) -> None:
    silent = f"postgresql://nobody@/promesa?host={tmp_path}"
    check = await checkup.check_database(Settings(database=DatabaseSettings(url=silent)))
    assert check.status is Status.FAULT
    assert "database_silent" in check.finding
    assert "no responde" in check.remedy


async def test_without_a_url_the_programs_of_a_private_server_are_found(tmp_path: Path) -> None:
    settings = Settings(database=DatabaseSettings(directory=str(tmp_path)))
    check = await checkup.check_database(settings)
    assert check.status is Status.OK, check
    assert "PostgreSQL" in check.finding


def test_a_city_that_was_never_built_says_how_to_build_it(tmp_path: Path) -> None:
    settings = Settings(city=CitySettings(directory=str(tmp_path / "atlantis")))
    check = checkup.check_city(settings)
    assert check.status is Status.FAULT
    assert "roads build" in check.remedy


async def test_a_mail_server_that_answers_is_reached() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        checks = await checkup.check_channels(
            Settings(smtp=SmtpSettings(host="127.0.0.1", port=port))
        )
    assert {check.name: check.status for check in checks}["correo"] is Status.OK


async def test_a_mail_server_that_is_off_is_a_fault_that_names_the_setting() -> None:
    settings = Settings(smtp=SmtpSettings(host="127.0.0.1", port=1))
    check = next(c for c in await checkup.check_channels(settings) if c.name == "correo")
    assert check.status is Status.FAULT
    assert "PROMESA_SMTP_HOST" in check.remedy


async def test_channels_that_are_not_configured_stay_in_the_bandeja() -> None:
    checks = await checkup.check_channels(Settings())
    assert all(check.status is Status.OK and "bandeja" in check.finding for check in checks)


@pytest.mark.parametrize(
    ("instant", "status"),
    [(NINE, Status.OK), (datetime(1970, 1, 1, tzinfo=UTC), Status.FAULT)],
)
def test_a_clock_that_was_never_set_is_a_fault(instant: datetime, status: Status) -> None:
    assert checkup.check_clock(MovedClock(instant)).status is status


def test_a_disk_without_room_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(database=DatabaseSettings(directory=str(tmp_path / "not" / "yet")))
    monkeypatch.setattr(checkup, "DISK_BYTES_COMFORTABLE", 10**18)
    monkeypatch.setattr(checkup, "DISK_BYTES_MIN", 10**18)
    assert checkup.check_disk(settings).status is Status.FAULT


async def test_a_server_that_answers_says_who_we_are_there(owner_dsn: str) -> None:
    check = await checkup.check_database(Settings(database=DatabaseSettings(url=owner_dsn)))
    assert check.status is Status.OK, check
    assert "usuario promesa_owner" in check.finding
