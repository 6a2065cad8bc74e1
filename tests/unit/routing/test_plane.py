"""Travel from coordinates, on triangles counted by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from promesa.kernel import geo
from promesa.routing.plane import MATRIX_PLACES_MAX, Kind, MatrixTooLargeError, Plane

TRIANGLE = np.array([[0, 0], [3, 4], [1, 1]], dtype=np.float64)


def test_euclid_is_rounded_to_the_nearest_unit() -> None:
    """5 exactly; 3.61 → 4; 1.41 → 1."""
    plane = Plane(xy=TRIANGLE)
    assert [plane.distance_m(*pair, 0) for pair in ((0, 1), (1, 2), (2, 0))] == [5, 4, 1]
    assert plane.travel_s(0, 1, 30_000) == 0


def test_a_half_is_rounded_up_as_tsplib_does() -> None:
    plane = Plane(xy=np.array([[0.0, 0.0], [0.0, 2.5]]))
    assert plane.distance_m(0, 1, 0) == 3
    assert plane.static_metres(start_s=0, end_s=0)[0, 1] == 3


def test_seconds_are_rounded_up_per_leg_but_not_by_dust() -> None:
    """4 units at 0.3 s are 1.2 → 2 s; 5 at 0.6 s are 3 s, not 4."""
    assert Plane(xy=TRIANGLE, seconds_per_unit=0.3).travel_s(1, 2, 0) == 2
    assert Plane(xy=TRIANGLE, seconds_per_unit=0.6).travel_s(0, 1, 0) == 3


def test_a_tenth_of_a_degree_along_a_meridian_is_eleven_kilometres_plus_the_detour() -> None:
    plane = Plane(xy=np.array([[-70.6, -33.4], [-70.6, -33.5]]), kind=Kind.GREAT_CIRCLE, detour=1.3)
    assert plane.distance_m(0, 1, 0) == round(1.3 * geo.EARTH_RADIUS_M * np.radians(0.1))


@pytest.mark.parametrize("kind", list(Kind))
def test_one_pair_many_pairs_and_every_pair_agree(kind: Kind) -> None:
    stream = np.random.default_rng(7)
    xy = stream.uniform((-71, -34), (-70, -33), (300, 2))
    plane = Plane(xy=xy, kind=kind, seconds_per_unit=0.11, detour=1.37)
    metres = plane.static_metres(start_s=0, end_s=0)
    seconds = plane.static_seconds(start_s=0, end_s=0)
    matrix = plane.matrix()
    origins, destinations = stream.integers(0, 300, (2, 500))
    many = np.floor(plane.between(origins, destinations) + 0.5)
    for pair, units in zip(
        zip(origins.tolist(), destinations.tolist(), strict=True), many, strict=True
    ):
        assert plane.distance_m(*pair, 0) == metres[pair] == units == matrix.distance_m(*pair, 0)
        assert plane.travel_s(*pair, 0) == seconds[pair] == matrix.travel_s(*pair, 0)


def test_too_many_places_for_every_pair_are_refused_and_said() -> None:
    plane = Plane(xy=np.zeros((MATRIX_PLACES_MAX + 1, 2)))
    for refused in (
        lambda: plane.static_metres(start_s=0, end_s=0),
        lambda: plane.static_seconds(start_s=0, end_s=0),
        plane.matrix,
    ):
        with pytest.raises(MatrixTooLargeError) as failure:
            refused()
        assert failure.value.details["places"] == MATRIX_PLACES_MAX + 1
    assert plane.distance_m(0, MATRIX_PLACES_MAX, 0) == 0


@pytest.mark.parametrize(
    ("xy", "detour", "seconds_per_unit"),
    [
        (np.zeros((2, 3)), 1.0, 0.0),
        (np.array([[0.0, np.nan]]), 1.0, 0.0),
        (TRIANGLE, 0.0, 0.0),
        (TRIANGLE, 1.0, -1.0),
    ],
)
def test_what_is_no_plane_is_our_own_mistake(
    xy: NDArray[np.float64], detour: float, seconds_per_unit: float
) -> None:
    with pytest.raises(ValueError):
        Plane(xy=xy, detour=detour, seconds_per_unit=seconds_per_unit)


def test_coordinates_are_kept_row_by_row_for_compiled_code() -> None:
    plane = Plane(xy=np.asfortranarray(TRIANGLE))
    assert plane.xy.flags["C_CONTIGUOUS"]
