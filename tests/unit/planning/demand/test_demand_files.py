from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from promesa.planning.demand.events_file import EventsFileError, read_events
from promesa.planning.demand.history_file import HistoryFileError, read_history


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "archivo.csv"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def test_a_day_without_a_row_is_unknown_and_a_zero_is_none(tmp_path: Path) -> None:
    path = _file(tmp_path, "series,date,parcels", "A,2026-01-01,5", "A,2026-01-03,0")
    panel = read_history(path).panel
    assert panel.days == (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3))
    assert panel.parcels[[0, 2], 0].tolist() == [5.0, 0.0]
    assert np.isnan(panel.parcels[1, 0])


def test_bad_rows_are_told_with_line_and_field_and_the_good_ones_stay(tmp_path: Path) -> None:
    lines = (
        "date;series;parcels",
        "2026-01-01;A;5",
        "01-2026;A;5",
        "2026-01-02;A;-3",
        "2026-01-02;;3",
        "2026-01-02;A;nan",
    )
    read = read_history(_file(tmp_path, *lines))
    assert read.rows == 1
    assert read.refused == 4
    assert [(fault.row, fault.field) for fault in read.faults] == [
        (3, "date"),
        (4, "parcels"),
        (5, "series"),
        (6, "parcels"),
    ]


def test_a_day_told_twice_counts_once_and_a_contradiction_is_told(tmp_path: Path) -> None:
    lines = ("series,date,parcels", "A,2026-01-01,5", "A,2026-01-01,5", "A,2026-01-01,7")
    read = read_history(_file(tmp_path, *lines))
    assert read.panel.parcels.tolist() == [[5.0]]
    assert [(fault.row, fault.field) for fault in read.faults] == [(4, "parcels")]


def test_a_file_without_a_column_or_a_good_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HistoryFileError, match="parcels"):
        read_history(_file(tmp_path, "series,date,pedidos", "A,2026-01-01,5"))
    with pytest.raises(HistoryFileError, match="ninguna fila"):
        read_history(_file(tmp_path, "series,date,parcels", "A,ayer,5"))


def test_an_event_without_uplift_is_to_be_learnt_and_may_touch_some_series(tmp_path: Path) -> None:
    lines = (
        "name,start,end,uplift,sigma,series",
        "CyberDay,2026-06-01,2026-06-03,,,",
        "Campaña,2026-07-01,2026-07-02,2.5,0.3,A|B",
    )
    cyber, campaign = read_events(_file(tmp_path, *lines)).events
    assert (cyber.uplift, cyber.series, len(cyber.days)) == (None, None, 3)
    assert (campaign.uplift, campaign.sigma) == (2.5, 0.3)
    assert campaign.series == frozenset({"A", "B"})


def test_events_that_cannot_be_meant_are_told_and_the_others_stay(tmp_path: Path) -> None:
    lines = (
        "name,start,end,uplift,sigma",
        "A,2026-06-03,2026-06-01,,",
        "B,2026-06-01,2026-06-01,-1,",
        "C,2026-06-01,2026-06-01,,0.3",
        "D,mañana,2026-06-01,,",
        ",2026-06-01,2026-06-01,,",
        "E,2026-01-01,2026-12-31,,",
        "F,2026-06-01,2026-06-01,,",
    )
    read = read_events(_file(tmp_path, *lines))
    assert [event.name for event in read.events] == ["F"]
    assert [(fault.row, fault.field) for fault in read.faults] == [
        (2, "end"),
        (3, "uplift"),
        (4, "sigma"),
        (5, "start"),
        (6, "name"),
        (7, "end"),
    ]


def test_an_empty_list_of_events_is_one_and_a_list_without_dates_is_none(tmp_path: Path) -> None:
    assert read_events(_file(tmp_path, "name,start,end,uplift,sigma")).events == ()
    with pytest.raises(EventsFileError, match="start"):
        read_events(_file(tmp_path, "name,end", "A,2026-01-01"))
