"""A rehearsal as a workbook: a row for each way to promise, then one for each way and day."""

from __future__ import annotations

from promesa.planning.capacity.words import cut_share
from promesa.promising.rehearsal.outcome import Figure, Rehearsal
from promesa.promising.rehearsal.words import FLEETS, NO_PROMISES, promise_words
from promesa.runtime.tables import HUNDREDTH, PESOS, SHARE_TENTH, TENTH, WHOLE, Cell, Sheet

RESULT_COLUMNS = (
    "promesa",
    "flota",
    "se dijo",
    "se cumple",
    "se cumple mínimo",
    "se cumple máximo",
    "peor día, fecha",
    "peor día",
    "días prometidos",
    "días 9 de 10",
    "ventas perdidas",
    "sin fecha",
    "incumplidas",
    "atrasados de noche máximo",
    "días de camioneta",
    "camionetas que faltan",
    "costo flota CLP",
    "costo incumplidas CLP",
    "costo ventas perdidas CLP",
    "costo CLP",
    "simulado",
)
RESULT_FORMATS = (
    None, None, *[SHARE_TENTH] * 4, None, SHARE_TENTH, HUNDREDTH, WHOLE, SHARE_TENTH,
    *[TENTH] * 4, WHOLE, *[PESOS] * 4, None,
)  # fmt: skip
DAY_COLUMNS = (
    "promesa",
    "flota",
    "fecha",
    "llegan",
    "se pierden",
    "prometidos para el día",
    "se cumple",
    "entregados",
    "camionetas",
    "caben",
    "atrasados de noche",
    "simulado",
)
DAY_FORMATS = (
    None, None, None, TENTH, TENTH, TENTH, SHARE_TENTH, TENTH, TENTH, WHOLE, TENTH, None,
)  # fmt: skip


def rehearsal_sheets(done: Rehearsal) -> list[Sheet]:
    """Every row says that it is simulated: a row is soon copied elsewhere."""
    return [
        Sheet(
            title="Ensayo (simulado)",
            columns=RESULT_COLUMNS,
            rows=_result_rows(done),
            formats=RESULT_FORMATS,
        ),
        Sheet(
            title="Por día (simulado)",
            columns=DAY_COLUMNS,
            rows=_day_rows(done),
            formats=DAY_FORMATS,
        ),
    ]


def _result_rows(done: Rehearsal) -> list[list[Cell]]:
    return [
        [
            promise_words(each.way),
            FLEETS[each.way.fleet],
            _share(each.stated),
            *_kept_cells(each.kept),
            each.worst_day,
            _share(each.worst_kept),
            None if each.days_promised is None else round(each.days_promised.mean, 2),
            each.days_p90,
            _share(each.lost_share),
            round(each.refused, 1),
            round(each.broken, 1),
            round(each.behind_max, 1),
            round(each.van_days, 1),
            each.missing,
            each.fleet_clp,
            each.broken_clp,
            each.lost_clp,
            each.cost_clp,
            "sí",
        ]
        for each in done.results
    ]


def _kept_cells(kept: Figure | None) -> list[Cell]:
    """The mean, the least and the most; in words where nothing was promised."""
    if kept is None:
        return [NO_PROMISES, None, None]
    return [_share(kept.mean), _share(kept.low), _share(kept.high)]


def _day_rows(done: Rehearsal) -> list[list[Cell]]:
    return [
        [
            promise_words(each.way),
            FLEETS[each.way.fleet],
            day.date,
            round(day.came, 1),
            round(day.lost, 1),
            round(day.due, 1),
            _share(day.kept),
            round(day.delivered, 1),
            round(day.vans, 1),
            round(day.room),
            round(day.behind, 1),
            "sí",
        ]
        for each in done.results
        for day in each.days
    ]


def _share(share: float | None) -> float | None:
    """Cut as words cut it: what is not kept whole is never shown as whole."""
    return None if share is None else cut_share(share, 1)
