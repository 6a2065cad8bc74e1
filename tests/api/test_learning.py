"""At night the fleets' tracks of yesterday become learnt speeds of the city, without a name."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from promesa.kernel.geo import Position, between
from promesa.roads.city_folder import CITY_FORMAT, DESCRIPTION_FILE
from promesa.roads.learnt_file import LEARNT_FILE, find_learnt
from promesa.roads.network import RoadNetwork
from promesa.runtime import planner_worker
from promesa.runtime.learning import is_time_to_learn, learn_yesterday
from promesa.runtime.traffic import Traffic
from promesa.tracking.repository import Fix
from tests.support.platform import Stage
from tests.support.towns import Street, Town

TOWN = Town(
    junctions={"a": (0, 0), "b": (9, 0), "c": (9, 3), "d": (0, 3)},
    streets=(Street(along="ab", tags={"name": "Avenida Matta"}), Street(along="bcda")),
)


def test_fleets_are_learnt_from_while_they_sleep() -> None:
    assert is_time_to_learn(datetime(2026, 12, 1, 6, 20, tzinfo=UTC))
    assert not is_time_to_learn(datetime(2026, 12, 1, 14, 20, tzinfo=UTC))


async def test_yesterdays_tracks_are_learnt_once_and_keep_no_driver(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = TOWN.network(tmp_path)
    (tmp_path / DESCRIPTION_FILE).write_text(json.dumps({"format": CITY_FORMAT}))
    stage.platform.city_directory = str(tmp_path)
    driver_id = UUID(stage.norte.ids["driver_id"])
    begin = stage.clock.now() - timedelta(days=1)
    ends = TOWN.at(0.2, 0), TOWN.at(8.8, 0)
    fixes = [fix(driver_id, begin, step, between(*ends, step / 20)) for step in range(21)]
    async with stage.platform.database.transaction(stage.norte.tenant_id) as tx:
        await tx.tracks.append(fixes, stage.clock.now())
    assert await learn_yesterday(stage.platform) == 1
    assert await learn_yesterday(stage.platform) == 0
    learnt = find_learnt(tmp_path, network.graph)
    assert learnt is not None
    assert (learnt.version, learnt.traces, len(learnt.days)) == (1, 1, 1)
    assert int(learnt.sums.count.sum()) == 1
    assert RoadNetwork.load(tmp_path).learnt is not None
    # Who had the roads loaded goes by it from the next refresh, and from the next plan, on.
    traffic, tenant_id = Traffic(network), stage.norte.tenant_id
    assert traffic.of(tenant_id).roads.learnt is None
    traffic.learn(learnt)
    assert traffic.lay(tenant_id, {})
    assert traffic.of(tenant_id).roads.learnt is learnt
    assert not traffic.lay(tenant_id, {})
    monkeypatch.setattr(planner_worker, "_roads", [network])
    monkeypatch.setattr(planner_worker, "_folders", [tmp_path])
    known = planner_worker._roads_for({}).learnt
    assert known is not None
    assert known.version == 1
    with np.load(tmp_path / LEARNT_FILE) as arrays:
        kept = b"".join(np.ascontiguousarray(arrays[name]).tobytes() for name in arrays)
    assert driver_id.bytes not in kept
    assert str(driver_id).encode("utf-32-le") not in kept


def fix(driver_id: UUID, begin: datetime, step: int, position: Position) -> Fix:
    at = begin + timedelta(seconds=10 * step)
    return Fix(id=UUID(int=step + 1), driver_id=driver_id, position=position, at=at)
