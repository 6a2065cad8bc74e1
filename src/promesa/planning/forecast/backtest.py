"""What the forecaster would have said: from past origins, knowing only what was known then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.planning.forecast.forecast import (
    HISTORY_DAYS_MIN,
    HORIZON_D,
    Forecast,
    HistoryTooShortError,
)
from promesa.planning.forecast.forecaster import forecast
from promesa.planning.forecast.low_volume import recent_means
from promesa.planning.forecast.scores import Outcomes, Scores, score

ORIGINS = 9
EVERY_D = 49
ORIGINS_MAX = 200
# Edges of the groups that scores are told by.
HORIZONS = ((1, 7), (8, 14), (15, 28), (29, 92))
VOLUMES = ((0, 10), (10, 20), (20, 50), (50, 150), (150, 500), (500, None))
NO_EVENT = "none"
ANY_EVENT = "any"
WEEK_D = 7

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """Scores over all origins, and by group.

    Attributes:
        forecasts: In the order of their origins.
        whole: Over everything.
        by_event: By the event's name, and ``NO_EVENT`` and ``ANY_EVENT``.
        by_horizon: By days ahead, as "1-7".
        by_volume: By parcels a day of the series before the origin, as "10-20".
        by_origin: By the last day known.
    """

    forecasts: tuple[Forecast, ...]
    whole: Scores
    by_event: dict[str, Scores]
    by_horizon: dict[str, Scores]
    by_volume: dict[str, Scores]
    by_origin: dict[str, Scores]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Outcomes of all origins with what they are grouped by."""

    outcomes: Outcomes
    origin: NDArray[np.int64]
    ahead: NDArray[np.int64]
    volume: NDArray[np.float64]
    events: dict[str, Flags]


def past_origins(
    panel: Panel, *, origins: int = ORIGINS, every_d: int = EVERY_D, horizon: int = HORIZON_D
) -> tuple[date, ...]:
    """Last days known, oldest first; the newest leaves ``horizon`` days to be scored.

    Raises:
        HistoryTooShortError: The oldest would leave too little to forecast from.
    """
    newest = panel.last - timedelta(days=horizon)
    found = [newest - timedelta(days=every_d * n) for n in range(min(origins, ORIGINS_MAX))]
    oldest = panel.first + timedelta(days=HISTORY_DAYS_MIN - 1)
    if found[-1] < oldest:
        fitting = (newest - oldest).days // every_d + 1
        raise HistoryTooShortError(_too_short(origins, fitting, horizon), days=len(panel.parcels))
    return tuple(reversed(found))


def _too_short(origins: int, fitting: int, horizon: int) -> str:
    if fitting <= 0:
        return (
            f"La historia es muy corta: hacen falta {HISTORY_DAYS_MIN} días conocidos y luego los "
            f"{horizon} que se comparan. Pide un --horizon menor o trae más días."
        )
    asked = f"{origins} {'origen' if origins == 1 else 'orígenes'}"
    return (
        f"La historia no alcanza para {asked}. Alcanza para {fitting}: usa --origins {fitting}, o "
        "júntalos más con --every-days."
    )


def backtest(
    panel: Panel,
    events: Sequence[DemandEvent],
    origins: Sequence[date],
    *,
    horizon: int = HORIZON_D,
    seed: int = 1,
    watch: Callable[[int], object] = lambda _: None,
) -> Backtest:
    """Forecasts from each origin and scores what came.

    Args:
        panel: The whole history.
        events: Those that were known beforehand; all of them, since a calendar is.
        origins: Last days known, oldest first.
        horizon: Days ahead.
        seed: Of every forecast.
        watch: Told how many origins are done.
    """
    forecasts: list[Forecast] = []
    for done, origin in enumerate(origins, start=1):
        start = forecasts[-1].basis.amounts if forecasts else ()
        known = panel.until(origin)
        forecasts.append(forecast(known, events, horizon=horizon, seed=seed, start=start))
        watch(done)
    return score_forecasts(panel, events, forecasts)


def score_forecasts(
    panel: Panel, events: Sequence[DemandEvent], forecasts: Sequence[Forecast]
) -> Backtest:
    """Scores forecasts against what came, which ``panel`` holds."""
    rows = _rows(panel, events, forecasts)
    by_horizon = {f"{a}-{b}": (rows.ahead >= a) & (rows.ahead <= b) for a, b in HORIZONS}
    by_volume = {
        f"{a}-{b}" if b else f"{a}+": (rows.volume >= a) & (rows.volume < (b or np.inf))
        for a, b in VOLUMES
    }
    by_origin = {
        forecast.origin.isoformat(): rows.origin == number
        for number, forecast in enumerate(forecasts)
    }
    return Backtest(
        forecasts=tuple(forecasts),
        whole=score(rows.outcomes),
        by_event=_scored(rows, rows.events),
        by_horizon=_scored(rows, by_horizon),
        by_volume=_scored(rows, by_volume),
        by_origin=_scored(rows, by_origin),
    )


def _scored(rows: _Rows, groups: dict[str, Flags]) -> dict[str, Scores]:
    return {name: score(rows.outcomes.take(flags)) for name, flags in groups.items() if flags.any()}


def _rows(panel: Panel, events: Sequence[DemandEvent], forecasts: Sequence[Forecast]) -> _Rows:
    names = sorted({event.name for event in events})
    parts = list(_parts(panel, events, forecasts, names))
    columns = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    known = ~np.isnan(columns["actual"])
    columns = {key: values[known] for key, values in columns.items()}
    flags = {name: columns[f"event {name}"] > 0 for name in names}
    touched = np.any(list(flags.values()), axis=0) if flags else np.zeros(known.sum(), dtype=bool)
    fields = ("actual", "mean", "p10", "p50", "p90", "naive")
    return _Rows(
        outcomes=Outcomes(**{key: columns[key] for key in fields}),
        origin=columns["origin"].astype(np.int64),
        ahead=columns["ahead"].astype(np.int64),
        volume=columns["volume"],
        events={NO_EVENT: ~touched, ANY_EVENT: touched, **flags},
    )


def _parts(
    panel: Panel,
    events: Sequence[DemandEvent],
    forecasts: Sequence[Forecast],
    names: Sequence[str],
) -> Iterator[dict[str, NDArray[np.float64]]]:
    """One origin's rows, columns by name."""
    for number, made in enumerate(forecasts):
        first = (made.days[0] - panel.first).days
        count = min(len(made.days), len(panel.parcels) - first)
        shape = (count, len(panel.series))
        past = panel.parcels[:first]
        volume = recent_means(past)
        columns = {
            "actual": panel.parcels[first : first + count],
            "mean": made.mean[:count],
            "p10": made.p10[:count],
            "p50": made.p50[:count],
            "p90": made.p90[:count],
            "naive": _naive(past, count),
            "origin": np.full(shape, number, dtype=np.float64),
            "ahead": np.repeat(np.arange(1.0, count + 1)[:, None], shape[1], axis=1),
            "volume": np.repeat(volume[None, :], count, axis=0),
        }
        for name in names:
            columns[f"event {name}"] = _days_of(made, panel.series, events, name)[:count]
        yield {key: np.asarray(values, dtype=np.float64).ravel() for key, values in columns.items()}


def _naive(past: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """The same weekday of the last week known."""
    week = past[-WEEK_D:]
    return week[np.arange(count) % WEEK_D]


def _days_of(
    made: Forecast, series: Sequence[str], events: Sequence[DemandEvent], name: str
) -> NDArray[np.float64]:
    """1 on days of series that the event touches."""
    found = np.zeros((len(made.days), len(series)))
    for event in events:
        if event.name == name:
            rows = [row for row, day in enumerate(made.days) if event.start <= day <= event.end]
            touched = [c for c, of in enumerate(series) if event.touches(of)]
            found[np.ix_(rows, touched)] = 1.0
    return found
