"""A forecast file: good rows kept, bad ones told by line and column."""

from __future__ import annotations

from datetime import date

import pytest

from promesa.dispatch.forecast_file import read_forecast
from promesa.planning.capacity.peaks import with_peaks
from promesa.planning.capacity.scenarios import ForecastInvalidError, Volume

HEAD = "series,date,mean,p10,p50,p90"


def read(*rows: str, head: str = HEAD) -> tuple[list[Volume], list[tuple[int | None, str]]]:
    found = read_forecast("\n".join([head, *rows]).encode())
    return list(found.volumes), [(fault.row, fault.field) for fault in found.faults]


def test_rows_are_read_as_written() -> None:
    (volume,), faults = read("Ñuñoa,2026-12-01,20.5,15,20,26")
    assert volume == Volume(
        series="Ñuñoa", date=date(2026, 12, 1), mean=20.5, p10=15, p50=20, p90=26
    )
    assert faults == []


def test_bad_rows_are_told_by_the_line_of_the_file_and_the_good_ones_kept() -> None:
    volumes, faults = read(
        "Ñuñoa,2026-12-01,20,15,20,26",
        "Ñuñoa,12/2026,20,15,20,26",
        ",2026-12-02,20,15,20,26",
        "Ñuñoa,2026-12-03,veinte,15,20,26",
        "Ñuñoa,2026-12-04,20,21,20,26",
        "Ñuñoa,2026-12-01,30,25,30,36",
        "Ñuñoa,2026-12-05,nan,15,20,26",
        "Ñuñoa,2026-12-06",
    )
    assert [volume.date.day for volume in volumes] == [1]
    assert faults[:6] == [
        (3, "date"),
        (4, "series"),
        (5, "mean"),
        (6, "p50"),
        (7, "date"),
        (8, "mean"),
    ]
    assert {row for row, _ in faults[6:]} == {9}


def test_a_sheet_saved_in_chile_has_semicolons_and_decimal_commas() -> None:
    (volume,), _ = read("Ñuñoa;01-12-2026;1.020,5;15;20,125;2600", head=HEAD.replace(",", ";"))
    assert (volume.date, volume.mean, volume.p50) == (date(2026, 12, 1), 1020.5, 20.125)


def test_three_decimals_are_decimals_as_a_forecast_is_written_with_them() -> None:
    (volume,), _ = read("Ñuñoa,2026-12-01,20.125,15,20.125,26")
    assert volume.mean == 20.125


def test_the_event_column_may_be_there() -> None:
    (volume,), _ = read("Ñuñoa,2026-12-01,20,15,20,26,CyberMonday", head=f"{HEAD},event")
    assert volume.event == "CyberMonday"


@pytest.mark.parametrize(
    "content", [b"", b"series,date,mean\nA,2026-12-01,4", b"\xff\xfe\x00", HEAD.encode()]
)
def test_what_is_no_forecast_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(ForecastInvalidError) as refused:
        read_forecast(content)
    assert refused.value.sentence.startswith(("Al pronóstico", "El pronóstico"))


def volumes(*means: float, event: str = "") -> list[Volume]:
    return [
        Volume(series="A", date=date(2026, 12, 1 + day), mean=m, p10=m, p50=m, p90=m, event=event)
        for day, m in enumerate(means)
    ]


def test_days_far_above_the_middle_one_are_one_peak_each_run() -> None:
    found = with_peaks(volumes(10, 10, 30, 25, 10, 40, 10))
    assert [volume.event for volume in found] == [
        "", "", "alza del 03-12", "alza del 03-12", "", "alza del 06-12", "",
    ]  # fmt: skip


def test_a_forecast_that_names_its_events_is_believed() -> None:
    named = [*volumes(10, 50), *volumes(10, event="Navidad")]
    assert [volume.event for volume in with_peaks(named)] == ["", "", "Navidad"]
