"""The demo's addresses, what it remembers, and what it does about a port that is taken."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from promesa.cli import demo_show
from promesa.cli.demo_memory import FILE, Memory, forget, keep_memory, read_memory
from promesa.cli.demo_show import Show
from promesa.cli.main import main

TWO = datetime(2026, 10, 5, 17, 0, tzinfo=UTC)
DAY = Memory(promesa="0.1.0", orders=600, seed=1, password="x" * 20, clock_at=TWO)


def a_show(host: str) -> Show:
    return Show(host=host, port=8000, orders=600, seed=1, speed=60, for_s=None)


def test_links_name_this_machine_when_only_it_may_come() -> None:
    show = a_show("127.0.0.1")
    assert show.is_private
    assert show.public_url == show.near_url == "http://127.0.0.1:8000"


def test_links_carry_the_network_address_when_everybody_may_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(demo_show, "network_address", lambda: "192.168.1.20")
    show = a_show("0.0.0.0")
    assert not show.is_private
    assert show.public_url == "http://192.168.1.20:8000"
    assert show.near_url == "http://127.0.0.1:8000"


def test_a_chosen_address_stands_in_links_as_it_is() -> None:
    assert a_show("192.168.1.7").public_url == "http://192.168.1.7:8000"
    assert a_show("fd00::7").public_url == "http://[fd00::7]:8000"


def test_a_day_is_remembered_by_its_own_version_and_hidden_from_others(tmp_path: Path) -> None:
    keep_memory(tmp_path, DAY)
    assert read_memory(tmp_path) == DAY
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    forget(tmp_path)
    assert read_memory(tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{}", b'{"promesa": "0.0.1"}', b"\xff\xfe"])
def test_what_cannot_be_read_is_no_day(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert read_memory(tmp_path) is None


def test_a_taken_port_is_said_before_anything_is_touched(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner(env={"PROMESA_DATABASE_DIRECTORY": str(tmp_path)}).invoke(
            main, ["demo", "--port", port]
        )
    assert done.exit_code != 0
    assert "Ese puerto ya está en uso" in done.output
    assert list(tmp_path.iterdir()) == []
