"""reinterpretcat/vrp through its Python package vrp-cli. Its time limit is wall time.

It minimises unserved stops, then vehicles, then cost unless told otherwise; here it is told to
minimise cost alone, fixed costs included. Its text format wants dates, so the day is one.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import vrp_cli

from benchmarks.flat import Flat, flat
from benchmarks.peers.peer import Answer, Route, Task

DISTRIBUTION = "vrp-cli"
DAWN = datetime(2026, 1, 1, tzinfo=UTC)


def prepare(task: Task) -> None:
    """Nothing is compiled."""


def solve(task: Task) -> Answer:
    """One search; the package takes no seed."""
    problem = flat(task.instance.problem)
    config = {
        "termination": {"maxTime": max(1, round(task.seconds))},
        "environment": {
            "parallelism": {"numThreadPools": 1, "threadsPerPool": task.processes},
            "logging": {"enabled": False},
        },
        "telemetry": {"progress": {"enabled": False}},
    }
    matrix = {
        "profile": "van",
        "travelTimes": problem.seconds.ravel().tolist(),
        "distances": problem.metres.ravel().tolist(),
    }
    found = json.loads(
        vrp_cli.solve_pragmatic(
            problem=json.dumps(_stated(problem)),
            matrices=[json.dumps(matrix)],
            config=json.dumps(config),
        )
    )
    return Answer(routes=tuple(_route(tour) for tour in found["tours"]))


def _route(tour: dict[str, Any]) -> Route:
    stops = [
        int(activity["jobId"])
        for visit in tour["stops"]
        for activity in visit["activities"]
        if activity["type"] == "delivery"
    ]
    return Route(depot=int(tour["typeId"]), stops=tuple(stops))


def _stated(problem: Flat) -> dict[str, Any]:
    start_s, end_s = problem.shift_s
    jobs = [
        {
            "id": str(place - problem.depots),
            "deliveries": [
                {
                    "places": [
                        {
                            "location": {"index": place},
                            "duration": int(problem.service_s[place]),
                            "times": [[_date(at) for at in problem.window_s[place].tolist()]],
                        }
                    ],
                    "demand": [int(problem.demand[place])],
                }
            ],
        }
        for place in problem.stops
    ]
    vehicles = [
        {
            "typeId": str(depot),
            "vehicleIds": [f"{depot}.{number}" for number in range(count)],
            "profile": {"matrix": "van"},
            "costs": {"fixed": problem.fixed_cost, "distance": 1.0, "time": 0.0},
            "shifts": [
                {
                    "start": {"earliest": _date(start_s), "location": {"index": depot}},
                    "end": {"latest": _date(end_s), "location": {"index": depot}},
                }
            ],
            "capacity": [problem.capacity],
        }
        for depot, count in enumerate(problem.vans)
    ]
    return {
        "plan": {"jobs": jobs},
        "fleet": {"vehicles": vehicles, "profiles": [{"name": "van"}]},
        "objectives": [
            [{"type": "minimize-unassigned"}],
            [{"type": "minimize-cost"}],
        ],
    }


def _date(second: int) -> str:
    return (DAWN + timedelta(seconds=int(second))).strftime("%Y-%m-%dT%H:%M:%SZ")
