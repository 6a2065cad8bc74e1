"""The indicators of estimated arrivals: six for each horizon, farthest first."""

from __future__ import annotations

from collections.abc import Iterator

from promesa.analytics import arrival_metrics
from promesa.analytics.indicator import PERCENT, Definition, Group, Unit
from promesa.tracking.horizons import HORIZONS_MIN

MINUTE = 1 / 60
BAND = "la banda P10-P90 promete 80 %"


def _ahead(horizon_min: int) -> str:
    return f"{horizon_min // 60} h antes" if horizon_min % 60 == 0 else f"{horizon_min} min antes"


def _errors_at(horizon: int) -> Iterator[Definition]:
    """How far the middle of the estimate was from the arrival."""
    ahead = _ahead(horizon)
    yield Definition(
        key=f"eta_mae_{horizon}",
        group=Group.ARRIVALS,
        label=f"Llegada, {ahead}: error medio",
        formula=f"minutos entre la hora estimada {ahead} y la real, sin signo ÷ paradas",
        unit="min",
        scale=MINUTE,
        counts=Unit.SECONDS,
        among=Unit.STOPS,
        rows=arrival_metrics.absolute_errors(horizon),
    )
    for percent, words in ((50, "la mitad de las"), (90, "9 de cada 10")):
        yield Definition(
            key=f"eta_p{percent}_{horizon}",
            group=Group.ARRIVALS,
            label=f"Llegada, {ahead}: error P{percent}",
            formula=f"minutos de error, sin signo, que {words} paradas no pasa",
            unit="min",
            counts=Unit.STOPS,
            among=Unit.STOPS,
            rows=arrival_metrics.within_quantile(horizon, percent / PERCENT),
            value=arrival_metrics.error_quantile_min(horizon, percent / PERCENT),
        )
    yield Definition(
        key=f"eta_bias_{horizon}",
        group=Group.ARRIVALS,
        label=f"Llegada, {ahead}: sesgo",
        formula=f"minutos de la hora real menos la estimada {ahead} ÷ paradas (+ llega después)",
        unit="min",
        scale=MINUTE,
        counts=Unit.SECONDS,
        among=Unit.STOPS,
        rows=arrival_metrics.signed_errors(horizon),
    )


def _band_at(horizon: int) -> Iterator[Definition]:
    """How often the arrival was within the band, and how wide that is."""
    ahead = _ahead(horizon)
    yield Definition(
        key=f"eta_in_band_{horizon}",
        group=Group.ARRIVALS,
        label=f"Llegada, {ahead}: en la banda",
        formula=f"llegadas entre P10 y P90 de lo estimado {ahead} ÷ paradas",
        unit="%",
        scale=PERCENT,
        counts=Unit.STOPS,
        among=Unit.STOPS,
        rows=arrival_metrics.in_band(horizon),
        anchor=BAND,
    )
    yield Definition(
        key=f"eta_band_width_{horizon}",
        group=Group.ARRIVALS,
        label=f"Llegada, {ahead}: ancho de banda",
        formula=f"minutos de P10 a P90 de lo estimado {ahead} ÷ paradas",
        unit="min",
        scale=MINUTE,
        counts=Unit.SECONDS,
        among=Unit.STOPS,
        rows=arrival_metrics.band_widths(horizon),
    )


ARRIVAL_INDICATORS: tuple[Definition, ...] = tuple(
    definition
    for horizon in HORIZONS_MIN
    for definition in (*_errors_at(horizon), *_band_at(horizon))
)
