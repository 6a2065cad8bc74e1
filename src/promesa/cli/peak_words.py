"""A rehearsal as `promesa simulate --peak` writes it: a table to read, an object to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from promesa.planning.capacity.scenarios import Volume
from promesa.planning.capacity.words import long_day_name, per_cent
from promesa.promising.rehearsal.case import FleetKind, Size
from promesa.promising.rehearsal.outcome import Figure, Rehearsal, WayResult
from promesa.promising.rehearsal.words import NO_PROMISES, promise_words
from promesa.routing.words import pesos, thousands

HEAD = (
    "promesa",
    "flota",
    "se dijo",
    "se cumple",
    "peor día",
    "días",
    "9 de 10",
    "se pierde",
    "atrasados",
    "camionetas",
    "costo",
)
FLEETS = {FleetKind.OWN: "propia", FleetKind.MEAN: "día medio", FleetKind.POOLED: "reserva común"}
SIZES = {Size.TYPICAL: "típico", Size.LARGE: "de los grandes", Size.WORST: "peor"}
_DIGITS = 6


def kind_lines(volumes: Sequence[Volume], is_open: Callable[[date], bool]) -> Iterator[str]:
    """A warning where a forecast looks like one of deliveries: people buy on Sundays too."""
    closed = [volume.mean for volume in volumes if not is_open(volume.date)]
    days = {volume.date for volume in volumes}
    span = [min(days) + timedelta(days=n) for n in range((max(days) - min(days)).days + 1)]
    if not all(is_open(day) for day in span) and sum(closed) == 0:
        yield (
            "Ojo: los días sin reparto el pronóstico no trae nada, como si fuera de entregas. El "
            "ensayo lee pedidos, por el día en que se compran; las entregas las lee promesa "
            "capacity."
        )


def report_lines(done: Rehearsal) -> Iterator[str]:
    """What was rehearsed, what came of it in words, the table, what was assumed."""
    yield (
        f"SIMULADO · {done.name or 'Ensayo'} {SIZES[done.size]}, del {long_day_name(done.first)} "
        f"al {long_day_name(done.last)} · {_scenarios(done.seeds)} · semilla {done.seed}"
    )
    yield (
        f"Llegan {thousands(done.orders)} pedidos; un día normal trae {thousands(done.usual)} y el "
        f"{long_day_name(done.peak_day)}, {thousands(done.peak)}."
    )
    yield ""
    yield from done.sentences
    yield ""
    yield from table_lines([HEAD, *(_row(each) for each in done.results)])
    yield ""
    yield from done.notes
    missing = max((each.missing for each in done.results), default=0)
    if missing:
        yield (
            f"Las flotas comparadas piden hasta {thousands(missing)} días de camioneta que no se "
            "pueden tener: se cuentan al precio más caro de la flota."
        )


def report_values(done: Rehearsal) -> dict[str, Any]:
    """Everything, as plain values; figures are rounded so that every machine writes the same."""
    content: dict[str, Any] = _rounded(asdict(done))
    return {"simulated": True, **content}


def table_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns side by side, words to the left and figures to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _scenarios(count: int) -> str:
    return "1 escenario" if count == 1 else f"{count} escenarios"


def _row(result: WayResult) -> tuple[str, ...]:
    return (
        promise_words(result.way),
        FLEETS[result.way.fleet],
        "–" if result.stated is None else per_cent(result.stated, 1),
        NO_PROMISES if result.kept is None else _range(result.kept),
        "–" if result.worst_kept is None else per_cent(result.worst_kept, 1),
        _days(result.days_promised),
        "–" if result.days_p90 is None else str(result.days_p90),
        per_cent(result.lost_share, 1),
        thousands(result.behind_max),
        thousands(result.van_days),
        pesos(result.cost_clp),
    )


def _days(promised: Figure | None) -> str:
    return "–" if promised is None else f"{promised.mean:.1f}".replace(".", ",")


def _range(figure: Figure) -> str:
    """As ``98,4 % (97,9 a 98,8)``; alone where all runs say the same."""
    low, high = per_cent(figure.low, 1), per_cent(figure.high, 1)
    mean = per_cent(figure.mean, 1)
    return mean if low == high else f"{mean} ({low.removesuffix(' %')} a {high.removesuffix(' %')})"


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _rounded(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(each) for each in value]
    if isinstance(value, float):
        return round(value, _DIGITS)
    return value.isoformat() if hasattr(value, "isoformat") else value
