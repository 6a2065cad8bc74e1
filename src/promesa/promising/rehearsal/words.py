"""What a rehearsal says: first in words, with what was taken for granted beside it."""

from __future__ import annotations

from collections.abc import Sequence

from promesa.planning.capacity.words import per_cent
from promesa.promising.rehearsal.case import FleetKind, RehearsalCase, Way
from promesa.promising.rehearsal.outcome import Figure, WayResult
from promesa.routing.words import pesos, thousands

FLEETS = {
    FleetKind.OWN: "la flota propia",
    FleetKind.MEAN: "la flota del día medio",
    FleetKind.POOLED: "la reserva común",
}
# Of a way that promised nothing: neither kept nor broken.
NO_PROMISES = "sin promesas"
# Nearer than this two lengths are the same to a planner.
_SAME_DAYS = 0.05
# Points of a share that a sentence tells.
_SAME_SHARE = 0.0005
# Said and kept may differ by so much before it is worth a sentence.
SHORT_SHARE = 0.02


def promise_words(way: Way) -> str:
    """As ``dos días fijos`` or ``según capacidad``."""
    if way.fixed_days is None:
        return "según capacidad"
    return "1 día fijo" if way.fixed_days == 1 else f"{way.fixed_days} días fijos"


def result_sentences(
    results: Sequence[WayResult], *, lost_clp: float | None = None, is_assumed: bool = True
) -> tuple[str, ...]:
    """In short first: what is kept, how long promises are and what they lose, what it costs.

    On the fleet that there is, or the one where fixed days and capacity differ most; what was not
    as sure as it said comes next, then the other fleets.

    Args:
        results: Of each way.
        lost_clp: What a lost sale was taken to cost.
        is_assumed: Whether nobody said so.
    """
    several = _several(results)
    if not several:
        return (*(_alone(each) for each in results), *_unsure(results))
    price = "" if lost_clp is None else _price_words(lost_clp, is_assumed=is_assumed)
    told = _in_short(*several[0], price)
    told += _unsure(results)
    told += [_promises(kind, own) for kind, own in several[1:]]
    return (*told, *_fleets(results))


def unfolded(results: Sequence[WayResult]) -> int:
    """How many of the sentences stand above the others."""
    several = _several(results)
    first = len(_in_short(*several[0], "")) if several else len(results)
    return first + len(_unsure(results))


def _several(results: Sequence[WayResult]) -> list[tuple[FleetKind, list[WayResult]]]:
    """Fleets with more than one way to promise: what there is, then where it matters most."""
    by_fleet = [(kind, [each for each in results if each.way.fleet is kind]) for kind in FleetKind]
    several = [(kind, own) for kind, own in by_fleet if len(own) > 1]
    return sorted(
        several,
        key=lambda pair: (pair[0] is not FleetKind.OWN, -_spread([each.kept for each in pair[1]])),
    )


def _fleet(kind: FleetKind, results: Sequence[WayResult]) -> str:
    """The fleet, with what of it can be had nowhere."""
    missing = max(each.missing for each in results)
    if not missing:
        return FLEETS[kind]
    days = "día" if missing == 1 else "días"
    return (
        f"{FLEETS[kind]} (con {thousands(missing)} {days} de camioneta que no hay dónde arrendar)"
    )


def _unsure(results: Sequence[WayResult]) -> list[str]:
    return [_short(each) for each in results if _said_beyond_kept(each) > SHORT_SHARE]


def _in_short(kind: FleetKind, results: Sequence[WayResult], price: str) -> list[str]:
    """Fixed days against capacity on one fleet, in three sentences."""
    first = next((each for each in results if each.way.fixed_days is not None), results[0])
    aware = next((each for each in results if each.way.fixed_days is None), None)
    if aware is None:
        return [_promises(kind, results)]
    fixed = f"con {promise_words(first.way)} no se promete nada"
    if first.kept is not None:
        fixed = f"con {promise_words(first.way)} se cumple {per_cent(first.kept.mean, 1)}"
    cost = f"Según capacidad {_cost_words(aware.cost_clp - first.cost_clp)}{price}."
    if aware.kept is None or aware.days_promised is None:
        none = "según capacidad no se promete nada, porque ningún día tiene espacio seguro"
        return [f"Con {_fleet(kind, results)}: {fixed}; {none}.", cost]
    longer = "da fecha a quien los días fijos no se la dan"
    if first.days_promised is not None:
        longer = _longer_words(aware.days_promised.mean - first.days_promised.mean)
    lost = per_cent(aware.lost_share, 1), per_cent(first.lost_share, 1)
    loses = f"pierde {lost[0]} de las ventas" + (f", no {lost[1]}" if lost[0] != lost[1] else "")
    return [
        f"Con {_fleet(kind, results)}: {fixed}; según capacidad, {per_cent(aware.kept.mean, 1)}.",
        f"Según capacidad {longer} y {loses}.",
        cost,
    ]


def _longer_words(days: float) -> str:
    if abs(days) < _SAME_DAYS:
        return "promete igual de pronto"
    amount = f"{abs(days):.1f}".replace(".", ",")
    return f"promete {amount} días más {'tarde' if days > 0 else 'pronto'} en promedio"


def _price_words(lost_clp: float, *, is_assumed: bool) -> str:
    told = pesos(round(lost_clp))
    return f", con una venta perdida a {told}{' (supuesto)' if is_assumed else ''}"


def _said_beyond_kept(result: WayResult) -> float:
    if result.stated is None or result.stated_kept is None:
        return 0.0
    return result.stated - result.stated_kept


def _short(result: WayResult) -> str:
    """Promises that were not as sure as they said."""
    assert result.stated is not None
    assert result.stated_kept is not None
    return (
        f"Ojo: con {FLEETS[result.way.fleet]}, según capacidad se prometió con "
        f"{per_cent(result.stated, 1)} de seguridad y se cumplió {per_cent(result.stated_kept, 1)}."
    )


def _spread(kept: Sequence[Figure | None]) -> float:
    shares = [figure.mean for figure in kept if figure is not None]
    return max(shares) - min(shares) if shares else 0.0


def _promises(kind: FleetKind, results: Sequence[WayResult]) -> str:
    fixed = [each for each in results if each.way.fixed_days is not None]
    aware = next((each for each in results if each.way.fixed_days is None), None)
    if aware is None:
        both = "; ".join(f"con {promise_words(each.way)}, {kept_words(each)}" for each in results)
        return f"Con {_fleet(kind, results)} se cumple: {both}."
    first = fixed[0]
    told = "no se promete nada"
    if first.kept is not None:
        told = f"se cumple {per_cent(first.kept.mean, 1)} de las promesas"
    return (
        f"Con {_fleet(kind, results)}: con {promise_words(first.way)} {told}; "
        f"{_aware_words(aware, first)}; {_cost_words(aware.cost_clp - first.cost_clp)}."
    )


def _aware_words(aware: WayResult, first: WayResult) -> str:
    if aware.kept is None or aware.days_promised is None:
        return "según capacidad no se promete nada, porque ningún día tiene espacio seguro"
    told = f"prometiendo según capacidad, {per_cent(aware.kept.mean, 1)}"
    if first.days_promised is None:
        return told
    return f"{told}, {_days_words(aware.days_promised.mean - first.days_promised.mean)}"


def kept_words(result: WayResult) -> str:
    """As ``98,4 %``; of a way that promised nothing there is no share."""
    return NO_PROMISES if result.kept is None else per_cent(result.kept.mean, 1)


def _days_words(days: float) -> str:
    if abs(days) < _SAME_DAYS:
        return "con plazos igual de largos en promedio"
    amount = f"{abs(days):.1f}".replace(".", ",")
    return f"con {amount} días {'más' if days > 0 else 'menos'} en promedio"


def _cost_words(clp: int) -> str:
    # What a lost sale costs is assumed: pesos beyond the thousands would look measured.
    rough_clp = round(abs(clp), -3)
    if rough_clp == 0:
        return "cuesta lo mismo"
    return f"cuesta {pesos(rough_clp)} {'más' if clp > 0 else 'menos'} en total"


def _fleets(results: Sequence[WayResult]) -> list[str]:
    """The reserve against the mean fleet, under the same promise."""
    told = []
    for pooled in results:
        mean = next(
            (
                each
                for each in results
                if each.way.fleet is FleetKind.MEAN and each.way.fixed_days == pooled.way.fixed_days
            ),
            None,
        )
        if pooled.way.fleet is not FleetKind.POOLED or mean is None:
            continue
        if pooled.kept is None or mean.kept is None:
            continue
        told.append(
            f"Prometiendo {_manner(pooled.way)}, la reserva común {_change(mean.kept, pooled.kept)}"
            f"{thousands(abs(pooled.van_days - mean.van_days))} días de camioneta "
            f"{'más' if pooled.van_days >= mean.van_days else 'menos'}; "
            f"{_cost_words(pooled.cost_clp - mean.cost_clp)}."
        )
    return told


def _change(mean: Figure, pooled: Figure) -> str:
    points = pooled.mean - mean.mean
    if abs(points) < _SAME_SHARE:
        return f"no cambia lo cumplido, {per_cent(pooled.mean, 1)}, con "
    verb = "sube" if points > 0 else "baja"
    return f"{verb} lo cumplido de {per_cent(mean.mean, 1)} a {per_cent(pooled.mean, 1)} con "


def _manner(way: Way) -> str:
    return promise_words(way) if way.fixed_days is None else f"a {promise_words(way)}"


def _alone(result: WayResult) -> str:
    if result.kept is None or result.days_promised is None:
        return (
            f"Prometiendo {_manner(result.way)} con {FLEETS[result.way.fleet]} no se promete nada: "
            "revisa que haya camionetas y días de reparto."
        )
    days = f"{result.days_promised.mean:.1f}".replace(".", ",")
    return (
        f"Prometiendo {_manner(result.way)} con {FLEETS[result.way.fleet]} se cumple "
        f"{per_cent(result.kept.mean, 1)}, a {days} días en promedio; cuesta "
        f"{pesos(result.cost_clp)}."
    )


def note_sentences(case: RehearsalCase) -> tuple[str, ...]:
    """What was assumed, so that nobody takes it for measured."""
    rough, habits = case.roughness, case.habits
    told = [
        "Todo es simulado: compradores, tránsito y días salen de una semilla, no de la calle.",
        (
            f"Supuesto: cada día más de plazo pierde {per_cent(habits.lost_a_day)} de los "
            f"compradores. {_lost_note(case)} Una promesa incumplida cuesta "
            f"{pesos(case.terms.broken_clp)}."
        ),
        (
            f"Supuesto: el tránsito de cada día varía {per_cent(rough.traffic_cv)}, falta "
            f"{per_cent(rough.absent_share)} de las camionetas y en {per_cent(rough.away_share)} "
            "de las puertas no hay nadie."
        ),
        "El pronóstico no se corrige durante el ensayo: se promete con el de hoy hasta el final.",
        "Lo que no alcanza a salir va al día siguiente, sin preferir lo atrasado.",
        "Las puertas no se ensayan: toda camioneta sale a su hora. En Andenes se ve si alcanzan.",
    ]
    if not case.is_hours_known:
        told.append("Supuesto: los pedidos llegan a las horas de una tienda, de 9 a 23.")
    return tuple(told)


def _lost_note(case: RehearsalCase) -> str:
    lost = pesos(round(case.lost_clp))
    if case.lost_sale_clp is not None:
        return f"Una venta perdida cuesta {lost}, como se pidió."
    return (
        f"Una venta perdida cuesta {lost} (supuesto: tu precio de un día más, "
        f"{pesos(case.terms.day_later_clp)}, dividido por esa parte)."
    )
