"""Speeds learnt from passes: sums that add up, few passes that say little, a file that is whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from promesa.kernel.seeds import stream
from promesa.roads.learning import explain, learn_more, table_pace
from promesa.roads.learnt import K_ASSUMED, K_OF_CLASSES, LearntSpeeds, learn
from promesa.roads.learnt_file import (
    LEARNT_FILE,
    LearntFileError,
    find_learnt,
    graph_key,
    save_learnt,
)
from promesa.roads.learnt_times import with_learnt
from promesa.roads.matching import Matcher
from promesa.roads.network import RoadNetwork
from promesa.roads.passes import PassFinder
from promesa.roads.speed_sums import NO_SUMS, SLOTS, SpeedSums, slot_at
from promesa.roads.traces import EdgePass, TraceFix
from promesa.roads.traffic import TICKS_PER_S
from tests.support.towns import Street, Town

# Tuesday 08:30 in Santiago.
TUESDAY = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
SLOT = 17
# A single street of 1,113 m, with side streets at its ends:  a---------b
TOWN = Town(
    junctions={"a": (0, 0), "b": (12, 0), "c": (12, 3), "d": (0, 3)},
    streets=(
        Street(along="ab", tags={"name": "Avenida Matta"}),
        Street(along="bc"),
        Street(along="ad"),
    ),
)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> RoadNetwork:
    return TOWN.network(tmp_path_factory.mktemp("town"))


def edge_of(network: RoadNetwork) -> int:
    return network.path(TOWN.at(2, 0), TOWN.at(10, 0), None).edges[0]


def passes(edge: int, count: int, kph: float, at: datetime = TUESDAY) -> list[EdgePass]:
    return [EdgePass(edge=edge, at=at, length_m=1000.0, elapsed_s=3600 / kph) for _ in range(count)]


def learnt_of(network: RoadNetwork, items: list[EdgePass]) -> LearntSpeeds:
    graph = network.graph
    return learn(
        SpeedSums.of(items),
        road_class=graph.segment_class[graph.edge_segment],
        table_pace=table_pace(network),
        version=1,
        days=(date(2026, 11, 24),),
        traces=1,
        graph_key="",
    )


def drive(kph: float, *, at: datetime = TUESDAY, stand_s: int = 0) -> list[TraceFix]:
    """A van along the street; half way it stands at a door for ``stand_s``."""
    fixes, column, seconds = [], 0.3, 0.0
    while column < 11.7:
        fixes.append(TraceFix(time=at + timedelta(seconds=seconds), position=TOWN.at(column, 0)))
        if stand_s and column >= 6:
            seconds, stand_s = seconds + stand_s, 0
            place = TOWN.at(column, 0)
            fixes.append(TraceFix(time=at + timedelta(seconds=seconds), position=place))
        seconds += 10
        # A column is 92.8 m.
        column += kph / 3.6 * 10 / 92.8
    return fixes


def test_a_slot_is_a_half_hour_of_a_kind_of_day() -> None:
    assert slot_at(TUESDAY) == SLOT
    assert slot_at(TUESDAY + timedelta(minutes=30)) == SLOT + 1
    assert slot_at(TUESDAY + timedelta(days=4)) == 48 + SLOT
    assert slot_at(TUESDAY + timedelta(days=5)) == 96 + SLOT


def test_sums_of_days_are_the_sum_of_all_passes_in_whatever_order() -> None:
    random = stream(3, "passes")
    items = [
        EdgePass(
            edge=random.randrange(5),
            at=TUESDAY + timedelta(minutes=random.randrange(7 * 1440)),
            length_m=random.uniform(5, 900),
            elapsed_s=random.uniform(1, 300),
        )
        for _ in range(400)
    ]
    whole = SpeedSums.of(items)
    parts = SpeedSums.of(items[250:]) + NO_SUMS + SpeedSums.of(items[:250])
    for name in SpeedSums.__dataclass_fields__:
        assert np.array_equal(getattr(whole, name), getattr(parts, name)), name
    assert whole.count.sum() == 400
    assert np.all(np.diff(whole.keys) > 0)


def test_no_pass_leaves_the_table_alone(network: RoadNetwork) -> None:
    pace = table_pace(network)(SLOT)
    road_class = network.graph.segment_class[network.graph.edge_segment]
    assert np.all(learnt_of(network, []).slowness(SLOT, road_class, pace) == 1)


def test_passes_weigh_n_over_n_plus_k(network: RoadNetwork) -> None:
    edge = edge_of(network)
    pace = table_pace(network)(SLOT)
    road_class = network.graph.segment_class[network.graph.edge_segment]
    # 12 passes at half the table's speed: the class is at (12·2 + 30) / 42, the edge between.
    table_kph = 3.6 / float(pace[edge])
    slowness = learnt_of(network, passes(edge, 12, table_kph / 2)).slowness(SLOT, road_class, pace)
    of_class = (12 * 2 + K_OF_CLASSES) / (12 + K_OF_CLASSES)
    weight = 12 / (12 + K_ASSUMED)
    assert slowness[edge] == pytest.approx(weight * 2 + (1 - weight) * of_class, rel=1e-3)
    assert slowness[network.graph.edge_twin[edge]] == pytest.approx(of_class, rel=1e-3)


def test_more_passes_draw_the_street_nearer_to_what_was_seen(network: RoadNetwork) -> None:
    edge = edge_of(network)
    pace = table_pace(network)(SLOT)
    road_class = network.graph.segment_class[network.graph.edge_segment]
    speeds = [
        3.6 / float(pace[edge] * learnt_of(network, passes(edge, n, 10)).slowness(
            SLOT, road_class, pace
        )[edge])
        for n in (0, 1, 5, 50, 5000)
    ]  # fmt: skip
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[-1] == pytest.approx(10, rel=0.01)


def test_k_is_the_variance_of_passes_over_that_of_streets() -> None:
    # 200 streets of one class: between them a spread of 0.3, on each of them one of 0.6: k is 4.
    random = stream(5, "streets")
    items = []
    for edge in range(200):
        street = random.gauss(1.5, 0.3)
        items += [
            EdgePass(edge=edge, at=TUESDAY, length_m=1000, elapsed_s=max(1, pace * 100))
            for pace in (random.gauss(street, 0.6) for _ in range(25))
        ]
    learnt = learn(
        SpeedSums.of(items),
        road_class=np.zeros(200, dtype=np.uint8),
        table_pace=lambda _: np.full(200, 0.1),
        version=1,
        days=(),
        traces=1,
        graph_key="",
    )
    assert learnt.k[0] == pytest.approx(4, abs=1.2)
    assert learnt.k[1] == K_ASSUMED


def test_a_trace_teaches_the_speed_it_was_driven_at(network: RoadNetwork) -> None:
    finder = PassFinder(network, Matcher(network))
    found = finder.find(drive(18))
    assert [item.edge for item in found] == [edge_of(network)]
    assert found[0].length_m / found[0].elapsed_s * 3.6 == pytest.approx(18, abs=0.3)


def test_a_parked_van_teaches_nothing_of_its_stand(network: RoadNetwork) -> None:
    finder = PassFinder(network, Matcher(network))
    found = finder.find(drive(30, stand_s=600))
    assert found, "the way to the door and from it are passes"
    for item in found:
        assert item.length_m / item.elapsed_s * 3.6 == pytest.approx(30, abs=2)


def test_a_crazy_trace_is_bounded_by_what_a_street_can_be(network: RoadNetwork) -> None:
    finder = PassFinder(network, Matcher(network))
    (fast,) = finder.find(drive(120))
    free_kph = float(network.free_flow_mps()[network.graph.edge_segment[fast.edge]]) * 3.6
    assert fast.length_m / fast.elapsed_s * 3.6 == pytest.approx(1.3 * free_kph, rel=0.01)


def test_the_version_tells_what_it_is_made_of_and_no_van(network: RoadNetwork) -> None:
    finder = PassFinder(network, Matcher(network))
    first = learn_more(network, finder, None, [drive(18), drive(20)])
    second = learn_more(network, finder, first, [drive(22, at=TUESDAY + timedelta(days=1))])
    assert (second.version, second.traces) == (2, 3)
    assert second.days == (date(2026, 11, 24), date(2026, 11, 25))
    assert second.sums.find_count(edge_of(network), SLOT) == 3
    assert second.sums.find_count(edge_of(network), SLOT + 1) == 0


def test_a_speed_says_why(network: RoadNetwork) -> None:
    edge = edge_of(network)
    story = explain(network, learnt_of(network, passes(edge, 42, 17)), edge, TUESDAY)
    table_kph = 3.6 / float(table_pace(network)(SLOT)[edge])
    assert story.passes == 42
    assert story.sentence == (
        f"Avenida Matta, martes 08:30: {story.speed_kph:.0f} km/h de 42 pasadas; "
        f"la tabla decía {table_kph:.0f}"
    )
    few = explain(network, learnt_of(network, passes(edge, 2, 17)), edge, TUESDAY)
    assert "de 2 pasadas" in few.sentence
    assert "pesan 20 %, y las calles de su clase" in few.sentence
    none = explain(network, learnt_of(network, []), edge, TUESDAY)
    assert "sin pasadas propias" in none.sentence


def test_the_file_gives_back_what_was_learnt(network: RoadNetwork, tmp_path: Path) -> None:
    finder = PassFinder(network, Matcher(network))
    learnt = learn_more(network, finder, None, [drive(18)])
    save_learnt(learnt, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [LEARNT_FILE]
    found = find_learnt(tmp_path, network.graph)
    assert found is not None
    assert (found.version, found.days, found.traces) == (1, (date(2026, 11, 24),), 1)
    assert np.array_equal(found.sums.keys, learnt.sums.keys)
    assert np.array_equal(found.class_slowness, learnt.class_slowness)


def test_what_was_learnt_of_other_streets_is_left_alone(
    network: RoadNetwork, tmp_path: Path
) -> None:
    assert find_learnt(tmp_path, network.graph) is None
    finder = PassFinder(network, Matcher(network))
    save_learnt(learn_more(network, finder, None, [drive(18)]), tmp_path)
    other = Town(junctions={"a": (0, 0), "b": (5, 0)}, streets=(Street(along="ab"),))
    (tmp_path / "other").mkdir()
    assert find_learnt(tmp_path, other.network(tmp_path / "other").graph) is None


def test_a_damaged_file_says_what_to_do(network: RoadNetwork, tmp_path: Path) -> None:
    (tmp_path / LEARNT_FILE).write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(LearntFileError):
        find_learnt(tmp_path, network.graph)


def test_learnt_times_slow_the_edge_and_every_turn_from_it(network: RoadNetwork) -> None:
    edge, graph = edge_of(network), network.graph
    times = network.metric(TUESDAY).times
    slow = with_learnt(graph, times, learnt_of(network, passes(edge, 10_000, 5)), SLOT)
    length_m = float(graph.segment_length_m[graph.edge_segment[edge]])
    assert length_m / slow.edge_ticks[edge] * TICKS_PER_S * 3.6 == pytest.approx(5, rel=0.02)
    before = times.turn_ticks.astype(np.int64) - times.edge_ticks[graph.turn_from]
    after = slow.turn_ticks.astype(np.int64) - slow.edge_ticks[graph.turn_from]
    assert np.array_equal(before, after)
    assert SLOTS == 144


def test_a_network_loads_what_was_learnt_and_drives_by_it(tmp_path: Path) -> None:
    network = TOWN.network(tmp_path)
    ends = TOWN.at(1, 0), TOWN.at(11, 0)
    before_s = network.path(*ends, TUESDAY).duration_s
    edge = edge_of(network)
    save_learnt(
        replace(learnt_of(network, passes(edge, 1000, 5)), graph_key=graph_key(network.graph)),
        tmp_path,
    )
    loaded = RoadNetwork.load(tmp_path)
    # 928 m at 5 km/h are 668 s.
    assert loaded.path(*ends, TUESDAY).duration_s == pytest.approx(668, rel=0.05)
    assert loaded.with_learnt(None).path(*ends, TUESDAY).duration_s == before_s
    # Two hours later nobody was seen: the class says a little, the table the rest.
    assert loaded.path(*ends, TUESDAY + timedelta(hours=2)).duration_s < 200
