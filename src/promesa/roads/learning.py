"""From traces to the next version of the learnt speeds, and from a version to why it says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from promesa.kernel.serviceday import SANTIAGO
from promesa.roads.learnt import LearntSpeeds, TablePace, learn
from promesa.roads.learnt_file import graph_key
from promesa.roads.network import RoadNetwork
from promesa.roads.passes import PassFinder
from promesa.roads.speed_sums import NO_SUMS, SpeedSums, slice_of, slot_at
from promesa.roads.traces import TraceFix
from promesa.roads.traffic import TICKS_PER_S, travel_times

_KPH_PER_MPS = 3.6
_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_NAMELESS = "Calle sin nombre"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedStory:
    """Why an edge has its learnt speed at an instant.

    Attributes:
        passes: Of the fleet on this edge, in this kind of day and half hour.
        weight: How much they count beside the class, 0-1.
        class_kph: What the streets of its class would have it be.
        version, days, traces: Of what was learnt.
    """

    street: str | None
    edge: int
    at: datetime
    speed_kph: float
    table_kph: float
    class_kph: float
    passes: int
    weight: float
    version: int
    days: tuple[date, ...]
    traces: int

    @property
    def sentence(self) -> str:
        """For an operator: "Av. Matta, martes 08:30: 17 km/h de 42 pasadas; la tabla decía 24"."""
        local = self.at.astimezone(ZoneInfo(SANTIAGO))
        half_hour = f"{local.hour:02}:{local.minute // 30 * 30:02}"
        head = f"{self.street or _NAMELESS}, {_WEEKDAYS[local.weekday()]} {half_hour}"
        speed = f"{head}: {self.speed_kph:.0f} km/h"
        table = f"la tabla decía {self.table_kph:.0f}"
        if not self.passes:
            return f"{speed} por las calles de su clase, sin pasadas propias; {table}"
        noun = "pasada" if self.passes == 1 else "pasadas"
        counted = f"{speed} de {self.passes} {noun}; {table}"
        if self.weight >= 0.5:
            return counted
        rest = f"las calles de su clase dicen {self.class_kph:.0f}"
        return f"{counted}; pesan {100 * self.weight:.0f} %, y {rest}"


def table_pace(network: RoadNetwork) -> TablePace:
    """The seconds a metre of the network's own table, nothing learnt or live."""
    graph = network.graph
    length_m = np.maximum(graph.segment_length_m[graph.edge_segment], 0.01)

    def pace(slot: int) -> NDArray[np.float64]:
        ticks = travel_times(graph, network.table, slice_of(slot)).edge_ticks
        s_per_m: NDArray[np.float64] = ticks / TICKS_PER_S / length_m
        return s_per_m

    return pace


def learn_more(
    network: RoadNetwork,
    finder: PassFinder,
    before: LearntSpeeds | None,
    traces: Iterable[Sequence[TraceFix]],
) -> LearntSpeeds:
    """The version after ``before``: its sums and those of ``traces``, each one van's day by time.

    A day learnt twice counts twice: whoever calls it keeps account of the days.
    """
    sums = NO_SUMS if before is None else before.sums
    days = set(() if before is None else before.days)
    count = 0 if before is None else before.traces
    for trace in traces:
        passes = finder.find(trace)
        sums += SpeedSums.of(passes, network.table.holidays)
        days |= {item.at.astimezone(ZoneInfo(SANTIAGO)).date() for item in passes}
        count += 1
    return learn(
        sums,
        road_class=_road_class(network),
        table_pace=table_pace(network),
        version=1 if before is None else before.version + 1,
        days=tuple(sorted(days)),
        traces=count,
        graph_key=graph_key(network.graph),
    )


def explain(network: RoadNetwork, learnt: LearntSpeeds, edge: int, at: datetime) -> SpeedStory:
    """Why ``edge`` has its learnt speed in the half hour of ``at``."""
    graph, slot = network.graph, slot_at(at, network.table.holidays)
    road_class = _road_class(network)
    table_s_per_m = table_pace(network)(slot)
    slowness = learnt.slowness(slot, road_class, table_s_per_m)[edge]
    passes = learnt.sums.find_count(edge, slot)
    name = int(graph.segment_name[graph.edge_segment[edge]])
    table_kph = _KPH_PER_MPS / float(table_s_per_m[edge])
    own_class = road_class[[edge]]
    return SpeedStory(
        street=str(graph.names[name]) if name >= 0 else None,
        edge=edge,
        at=at,
        speed_kph=table_kph / float(slowness),
        table_kph=table_kph,
        class_kph=table_kph / float(learnt.class_slowness[slot, own_class[0]]),
        passes=passes,
        weight=float(learnt.weight(np.array([passes]), own_class)[0]),
        version=learnt.version,
        days=learnt.days,
        traces=learnt.traces,
    )


def _road_class(network: RoadNetwork) -> NDArray[np.uint8]:
    return network.graph.segment_class[network.graph.edge_segment]
