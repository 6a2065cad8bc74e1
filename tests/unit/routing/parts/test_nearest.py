import numpy as np
import pytest

from promesa.routing.parts.nearest import nearest


@pytest.mark.parametrize("points", [1, 2, 31, 400, 3_000])
@pytest.mark.parametrize("kind", ["even", "clustered", "line"])
def test_the_nearest_are_those_of_every_pair_measured(points: int, kind: str) -> None:
    stream = np.random.default_rng([points, len(kind)])
    xy = stream.uniform(0, 1_000, (points, 2))
    if kind == "clustered":
        xy = stream.normal(
            xy[: max(1, points // 100)][stream.integers(max(1, points // 100), size=points)], 2.0
        )
    if kind == "line":
        xy[:, 1] = 5.0
    count = min(30, points - 1)
    squares = ((xy[:, None] - xy[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    found = nearest(xy, 30)
    assert found.shape == (points, count)
    wanted = np.argsort(squares, axis=1, kind="stable")[:, :count]
    assert (found == wanted).all()


def test_places_that_are_one_are_near_each_other() -> None:
    found = nearest(np.zeros((200, 2)), 5)
    assert all(
        len(set(row)) == 5 and number not in row for number, row in enumerate(found.tolist())
    )
