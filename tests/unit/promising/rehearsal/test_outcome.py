"""What runs come to; what was never promised is neither kept nor broken."""

from __future__ import annotations

from datetime import date, timedelta

from promesa.cli.peak_words import report_lines
from promesa.promising.rehearsal.case import FleetKind, Size, Way
from promesa.promising.rehearsal.outcome import (
    DayCount,
    Priced,
    Rehearsal,
    RunCount,
    WayResult,
    way_result,
)
from promesa.promising.rehearsal.words import result_sentences

PRICED = Priced(fleet_clp=0, broken_clp=8_000, lost_clp=6_000, missing=0)
FIXED = Way(fleet=FleetKind.OWN, fixed_days=2)
AWARE = Way(fleet=FleetKind.OWN)
DAY = date(2026, 12, 1)
NOTHING = RunCount(came=10, lost=10, refused=10)
HALF = RunCount(came=10, due=10, kept=5, waits={2: 10})


def result(way: Way, *runs: RunCount) -> WayResult:
    """Of runs as they were counted."""
    return way_result(way, runs, PRICED)


def test_a_way_that_promised_nothing_kept_nothing_and_broke_nothing() -> None:
    nothing = result(AWARE, NOTHING)
    assert (nothing.kept, nothing.days_promised, nothing.days_p90) == (None, None, None)
    assert (nothing.stated, nothing.broken, nothing.lost_share) == (None, 0, 1)


def test_a_run_without_promises_does_not_count_among_those_that_made_some() -> None:
    mixed = result(FIXED, HALF, NOTHING)
    assert mixed.kept is not None
    assert (mixed.kept.mean, mixed.kept.low, mixed.kept.high) == (0.5, 0.5, 0.5)
    assert mixed.days_promised is not None
    assert (mixed.days_promised.mean, mixed.days_p90) == (2, 2)


def test_words_say_that_nothing_is_promised() -> None:
    said, _ = result_sentences([result(FIXED, HALF), result(AWARE, NOTHING)])
    assert said == (
        "Con la flota propia: con 2 días fijos se cumple 50,0 %; según capacidad no se promete "
        "nada, porque ningún día tiene espacio seguro."
    )
    (alone,) = result_sentences([result(AWARE, NOTHING)])
    assert "no se promete nada: revisa" in alone
    fixed, *_ = result_sentences([result(FIXED, NOTHING), result(AWARE, HALF)])
    assert fixed.endswith("con 2 días fijos no se promete nada; según capacidad, 50,0 %.")


def test_the_worst_day_may_come_after_those_rehearsed_as_the_chart_shows_it() -> None:
    """The third keeps least, of ten promises, whatever the days whose orders came."""
    run = RunCount(came=30, due=30, kept=21, waits={1: 30})
    for number, kept in enumerate((9, 8, 4)):
        run.days[DAY + timedelta(days=number)] = DayCount(due=10, kept=kept)
    found = way_result(FIXED, [run], PRICED, last=DAY + timedelta(days=1))
    assert (found.worst_day, found.worst_kept) == (DAY + timedelta(days=2), 0.4)


def test_the_table_of_the_command_line_says_so_too() -> None:
    done = Rehearsal(
        name="",
        size=Size.TYPICAL,
        first=DAY,
        last=DAY,
        seeds=1,
        seed=1,
        orders=10.0,
        usual=10.0,
        peak=10.0,
        peak_day=DAY,
        results=(result(AWARE, NOTHING),),
        sentences=(),
        notes=(),
    )
    (row,) = [line for line in report_lines(done) if line.startswith("según capacidad")]
    assert row.split()[2:8] == ["propia", "–", "sin", "promesas", "–", "–"]
