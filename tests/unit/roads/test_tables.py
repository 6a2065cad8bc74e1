"""CSV files as people export them."""

from __future__ import annotations

from pathlib import Path

import pytest

from promesa.roads.tables import (
    TableRowError,
    TableUnreadableError,
    read_points,
    read_table,
    read_trace,
)


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "lon,lat\n-70.5,-33.4\n",
        "LAT;Lon\n-33,4;-70,5\n",
        b"\xef\xbb\xbflon,lat,nombre\r\n-70.5,-33.4,x\r\n\r\n",
        "nombre,lon,lat\nÑuñoa,-70.5,-33.4\n".encode("latin-1"),
    ],
)
def test_a_position_is_read_from_every_dialect(tmp_path: Path, content: str | bytes) -> None:
    (place,) = read_points(written(tmp_path, content))
    assert (place.lon, place.lat) == (-70.5, -33.4)


def test_other_columns_keep_their_names(tmp_path: Path) -> None:
    rows = read_table(written(tmp_path, "Dirección,Folio\nGana 959,7\n"), ("dirección",))
    assert rows == [{"dirección": "Gana 959", "Folio": "7"}]


@pytest.mark.parametrize(
    ("row", "field"), [("x,-33.4", "lon"), ("-70.5,", "lat"), ("-70.5,95", "lon, lat")]
)
def test_a_wrong_row_is_named_with_its_field(tmp_path: Path, row: str, field: str) -> None:
    with pytest.raises(TableRowError) as caught:
        read_points(written(tmp_path, f"lon,lat\n-70.5,-33.4\n{row}\n"))
    assert caught.value.details == {"row": 3, "field": field}


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", b"PK\x03\x04\0\0\0lon,lat"])
def test_what_is_no_table_of_points_is_refused(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(TableUnreadableError):
        read_points(written(tmp_path, content))


def test_a_trace_is_put_in_order_of_time(tmp_path: Path) -> None:
    content = (
        "time,lon,lat,accuracy_m\n"
        "2026-11-23T08:00:10-03:00,-70.5,-33.4,5\n"
        "2026-11-23T08:00:00-03:00,-70.6,-33.4,\n"
    )
    fixes = read_trace(written(tmp_path, content))
    assert [fix.position.lon for fix in fixes] == [-70.6, -70.5]
    assert fixes[1].accuracy_m == 5


def test_a_time_without_offset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableRowError):
        read_trace(written(tmp_path, "time,lon,lat\n2026-11-23T08:00:00,-70.5,-33.4\n"))
