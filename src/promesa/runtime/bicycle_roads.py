"""The streets and paths of bicycles, read when a bicycle is first asked about and then kept."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from promesa.roads.network import RoadNetwork, VehicleNotServedError


class BicycleRoads:
    """Those of one built city; threads may share it."""

    def __init__(self, built: Path) -> None:
        self._built = built
        self._lock = Lock()
        self._is_read = False
        self._roads: RoadNetwork | None = None

    def find(self) -> RoadNetwork | None:
        """The network; None where the city was built without them."""
        with self._lock:
            if not self._is_read:
                self._roads, self._is_read = self._read(), True
            return self._roads

    def _read(self) -> RoadNetwork | None:
        try:
            return RoadNetwork.load_bicycles(self._built)
        except VehicleNotServedError:
            return None
