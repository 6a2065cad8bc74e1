"""Points put on the network once, as arrays: good for every hour and every question after that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from promesa.roads.snapping import Snap


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """Points on the network, each on one or two edges; those off it are left out.

    Attributes:
        count: How many points were given.
        point: int64, [place], which of the points given.
        edge: int64, [place, 2]; the second repeats the first where only one may be used.
        fraction: float64, [place, 2], share of the edge that lies behind the place.
    """

    count: int
    point: NDArray[np.int64]
    edge: NDArray[np.int64]
    fraction: NDArray[np.float64]

    @classmethod
    def of(cls, snaps: Sequence[Snap | None]) -> Places:
        """The places of ``snaps``, in their order."""
        found = [(index, snap) for index, snap in enumerate(snaps) if snap is not None]
        edge = [(snap.edges[0], snap.edges[-1]) for _, snap in found]
        fraction = [(snap.fractions[0], snap.fractions[-1]) for _, snap in found]
        return cls(
            count=len(snaps),
            point=np.array([index for index, _ in found], dtype=np.int64),
            edge=np.array(edge, dtype=np.int64).reshape(-1, 2),
            fraction=np.array(fraction, dtype=np.float64).reshape(-1, 2),
        )

    def followed_by(self, more: Places) -> Places:
        """These, then ``more``; the points of ``more`` are numbered after these."""
        return Places(
            count=self.count + more.count,
            point=np.concatenate((self.point, more.point + self.count)),
            edge=np.concatenate((self.edge, more.edge)),
            fraction=np.concatenate((self.fraction, more.fraction)),
        )

    def chosen(self, places: NDArray[np.int64]) -> Places:
        """Some of the places; ``point`` keeps its numbers."""
        return Places(
            count=self.count,
            point=self.point[places],
            edge=self.edge[places],
            fraction=self.fraction[places],
        )
