"""Makes a very large CVRP in the manner of the Belgium set, as a VRPLIB file.

    python -m benchmarks.belgium 20000 1 var/benchmarks/belgium-20000-1.vrp

In the manner of Arnold, Gendreau and Sörensen (2019), doi 10.1016/j.cor.2019.03.006: stops lie
where people live, municipality by municipality; the depot is in the middle or at the edge; half
of the stops want one parcel, 30 % two and 20 % three (their Antwerp1 has 49, 30 and 21 %); a
small or a large capacity makes short or long routes. The map is made up, not Belgium's.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

# Antwerp1 spreads 6,000 stops over a square of 2,000 units.
UNITS_PER_ROOT_STOP = 2_000 / 6_000**0.5
STOPS_PER_MUNICIPALITY = 40
DENSITY_SPREAD = 1.0
# Fields and water, where nobody lives.
EMPTY_SHARE = 0.12
DEMANDS, DEMAND_SHARES = (1, 2, 3), (0.5, 0.3, 0.2)
# 30 is Antwerp1's: 17-18 stops a route; 150 makes it 88.
CAPACITIES = {"short": 30, "long": 150}
# Where the depot lies on the diagonal of the square.
DEPOTS = {"central": 0.5, "eccentric": 0.05}
# A prefix of the seed: these files come from no other generator.
FAMILY = 20_261_128


def make_places(stops: int, seed: int, depot: str) -> NDArray[np.int64]:
    """Whole-number coordinates, [stops + 1, 2], the depot first."""
    stream = np.random.default_rng([FAMILY, stops, seed])
    side = round(UNITS_PER_ROOT_STOP * stops**0.5)
    municipalities = max(4, stops // STOPS_PER_MUNICIPALITY)
    centres = stream.uniform(0, side, (municipalities, 2))
    density = stream.lognormal(0, DENSITY_SPREAD, municipalities)
    density[stream.random(municipalities) < EMPTY_SHARE] = 0.0
    density[0] = density.max(initial=1.0)  # Somebody lives somewhere.
    lived_in = np.empty((0, 2))
    while len(lived_in) < stops:
        anywhere = stream.uniform(0, side, (stops, 2))
        chance = density[_nearest(anywhere, centres)] / density.max()
        lived_in = np.vstack([lived_in, anywhere[stream.random(stops) < chance]])
    home = np.full((1, 2), DEPOTS[depot] * side)
    places: NDArray[np.int64] = np.rint(np.vstack([home, lived_in[:stops]])).astype(np.int64)
    return places


def make_demands(stops: int, seed: int) -> NDArray[np.int64]:
    """Parcels, [stops + 1], none at the depot."""
    stream = np.random.default_rng([FAMILY, stops, seed, 1])
    demands: NDArray[np.int64] = stream.choice(DEMANDS, size=stops + 1, p=DEMAND_SHARES)
    demands[0] = 0
    return demands


def make_file(stops: int, seed: int, *, depot: str = "central", routes: str = "short") -> str:
    """The text of the VRPLIB file."""
    places, demands = make_places(stops, seed, depot), make_demands(stops, seed)
    nodes = range(1, stops + 2)
    return "\n".join(
        [
            f"NAME : belgium-{stops}-{seed}-{depot}-{routes}",
            "COMMENT : in the manner of Arnold, Gendreau and Sorensen (2019)",
            "TYPE : CVRP",
            f"DIMENSION : {stops + 1}",
            "EDGE_WEIGHT_TYPE : EUC_2D",
            f"CAPACITY : {CAPACITIES[routes]}",
            "NODE_COORD_SECTION",
            *(f"{node} {x} {y}" for node, (x, y) in zip(nodes, places.tolist(), strict=True)),
            "DEMAND_SECTION",
            *(f"{node} {each}" for node, each in zip(nodes, demands.tolist(), strict=True)),
            "DEPOT_SECTION",
            "1",
            "-1",
            "EOF",
            "",
        ]
    )


def _nearest(places: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which centre each place is nearest to, a thousand places at a time.

    The square of the place itself is the same for all centres and left out. No matrix product:
    its last bit depends on the machine, and the file must not.
    """
    x, y = centres.T
    squares = x * x + y * y
    blocks = np.array_split(places, max(1, len(places) // 1_000))
    return np.concatenate(
        [(squares - 2 * (block[:, :1] * x + block[:, 1:] * y)).argmin(axis=1) for block in blocks]
    )


@click.command()
@click.argument("stops", type=click.IntRange(1, 50_000))
@click.argument("seed", type=click.IntRange(0))
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--depot", type=click.Choice(list(DEPOTS)), default="central", show_default=True)
@click.option("--routes", type=click.Choice(list(CAPACITIES)), default="short", show_default=True)
def main(stops: int, seed: int, path: Path, depot: str, routes: str) -> None:
    """Writes one instance."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(make_file(stops, seed, depot=depot, routes=routes), encoding="utf-8")


if __name__ == "__main__":
    main()
