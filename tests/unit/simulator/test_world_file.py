from __future__ import annotations

from pathlib import Path

import pytest

from promesa.simulator.world_file import WorldFileError, load_world


def test_the_shipped_world_fails_as_often_as_the_chamber_of_commerce_counted() -> None:
    world = load_world()

    assert world.outcomes.not_delivered == 0.055
    assert world.reasons["DATE_CHANGE_REQUESTED"] == 0.300
    assert sum(world.reasons.values()) == pytest.approx(1.0)


def test_a_file_replaces_only_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "world.toml"
    path.write_text("[outcomes]\nnot_delivered = 0.5\n", encoding="utf-8")

    world = load_world(path)

    assert world.outcomes.not_delivered == 0.5
    assert world.service == load_world().service


@pytest.mark.parametrize(
    "text",
    [
        "[weather]\nrain = 1\n",
        "[outcomes]\nlost = 0.1\n",
        "[reasons]\nRECIPIENT_ABSENT = 0.4\n",
        "[reasons]\nNO_SUCH_REASON = 1.0\n",
        "[outcomes\n",
    ],
)
def test_a_file_that_names_what_does_not_exist_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "world.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(WorldFileError):
        load_world(path)
