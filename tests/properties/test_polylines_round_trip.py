"""Law: a path written as a polyline and read again is the path, to half a grid step."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promesa.kernel.geo import Position
from promesa.kernel.polyline import decode_polyline, encode_polyline

positions = st.builds(
    Position,
    lon=st.floats(-180, 180, allow_nan=False),
    lat=st.floats(-90, 90, allow_nan=False),
)


@given(st.lists(positions, max_size=30))
def test_a_path_survives_the_trip_through_text(path: list[Position]) -> None:
    back = decode_polyline(encode_polyline(path))
    assert len(back) == len(path)
    for there, here in zip(back, path, strict=True):
        assert abs(there.lon - here.lon) <= 0.000_006
        assert abs(there.lat - here.lat) <= 0.000_006


def test_the_published_example_is_read_as_published() -> None:
    # Encoded Polyline Algorithm Format, the example of its documentation.
    path = decode_polyline("_p~iF~ps|U_ulLnnqC_mqNvxq`@")
    assert path == [
        Position(lon=-120.2, lat=38.5),
        Position(lon=-120.95, lat=40.7),
        Position(lon=-126.453, lat=43.252),
    ]


@pytest.mark.parametrize("text", ["_p~iF", "_p~iF~ps|", "\x10\x10"])
def test_what_is_cut_short_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="polyline"):
        decode_polyline(text)
