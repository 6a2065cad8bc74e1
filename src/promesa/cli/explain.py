"""`promesa explain`: why a plan leaves stops out, and what a stop, a window or a vehicle costs."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import ClassVar

import click

from promesa.cli.kernels import ready_kernels
from promesa.kernel.errors import NotFoundError
from promesa.kernel.units import DAY_S
from promesa.routing.budget import Budget
from promesa.routing.engine.flatten import NO_CHANGES
from promesa.routing.explain import explain as explain_plan
from promesa.routing.plan import Plan, Sequences
from promesa.routing.planfile import PlanFile, decode
from promesa.routing.pricing import (
    StopPrice,
    VehiclePrice,
    WindowPrice,
    price_one_more,
    price_stop,
    price_vehicle,
    price_windows,
)
from promesa.routing.problem import Problem, Window
from promesa.routing.solver import improve
from promesa.routing.words import clock, list_words, pesos

# Two seconds for 600 stops; what a vehicle is worth moves little beyond.
ITERATIONS = 10_000
ITERATIONS_MAX = 10_000_000
# Stops named in a sentence; the JSON has them all.
NAMED_MAX = 4
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")


class NotInPlanError(NotFoundError):
    """The plan has no stop or vehicle of that name."""

    code: ClassVar[str] = "explain_not_in_plan"
    message: ClassVar[str] = "El plan no tiene eso. Revisa el nombre: es el de la planilla."


def _windows(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[Window, ...]:
    """As in 16:00-18:00."""
    return tuple(_window(value) for value in values)


def _window(value: str) -> Window:
    found = _SPAN.match(value)
    if found is None:
        raise click.BadParameter(f"{value!r} no es una ventana. Escríbela como 16:00-18:00.")
    hours = [int(part) for part in found.groups()]
    start_s, end_s = (hours[n] * 3_600 + hours[n + 1] * 60 for n in (0, 2))
    if max(hours[1], hours[3]) >= 60 or max(start_s, end_s) > DAY_S:
        raise click.BadParameter(f"{value!r} tiene una hora que no existe. Van de 00:00 a 24:00.")
    if start_s >= end_s:
        raise click.BadParameter("La ventana termina antes de empezar.")
    return Window(start_s=start_s, end_s=end_s)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--stop", "stop", help="Cuánto cuesta atender esta parada.")
@click.option(
    "--window",
    "windows",
    metavar="HH:MM-HH:MM",
    multiple=True,
    callback=_windows,
    help="Con --stop: cuánto costaría en esta ventana. Repítela para comparar.",
)
@click.option("--vehicle", help="Cuánto vale este vehículo: qué cuesta el día sin él.")
@click.option("--one-more", is_flag=True, help="Cuánto ahorraría un vehículo más desde cada CD.")
@click.option(
    "--iterations",
    type=click.IntRange(0, ITERATIONS_MAX),
    default=ITERATIONS,
    show_default=True,
    help="Cuánto buscar para --vehicle y --one-more.",
)
@click.option("--json", "as_json", is_flag=True, help="Imprime un objeto JSON.")
def explain(
    *,
    file: Path,
    stop: str | None,
    windows: tuple[Window, ...],
    vehicle: str | None,
    one_more: bool,
    iterations: int,
    as_json: bool,
) -> None:
    """Dice por qué un plan deja paradas fuera y cuánto cuesta cada cosa.

    Sin opciones: las paradas sin atender, por qué, y lo que las dejaría entrar con su costo.

    Ejemplo: promesa explain plan.json --stop A-12 --window 16:00-18:00 --window 09:00-21:00
    """
    if windows and stop is None:
        raise click.UsageError("--window necesita --stop: ¿la ventana de qué parada?")
    plan_file = decode(file.read_bytes())
    problem, plan = plan_file.problem(), plan_file.sound_plan()
    told: dict[str, object] = {}
    lines: list[str] = []
    if stop is not None:
        _stop(problem, plan, stop, windows, told, lines)
    if vehicle is not None or one_more:
        ready_kernels()
        searching = _Searching(plan_file, iterations)
        _vehicles(searching, vehicle, told, lines, is_one_more=one_more)
    if not told:
        _unserved(problem, plan, told, lines)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(lines))


class _Searching:
    """The plan, and the search that goes on from it."""

    def __init__(self, plan_file: PlanFile, iterations: int) -> None:
        self.problem, self.plan = plan_file.problem(), plan_file.plan
        self._iterations = iterations

    def on(self, problem: Problem, start: Sequences) -> Plan:
        """What searching on from given routes finds."""
        budget = Budget(iterations=self._iterations)
        return improve(problem, start, NO_CHANGES, budget, seed=self.plan.seed).plan


def _unserved(problem: Problem, plan: Plan, told: dict[str, object], lines: list[str]) -> None:
    explanations = explain_plan(problem, plan)
    told["unserved"] = [asdict(each) for each in explanations]
    if not explanations:
        lines.append("El plan atiende todas las paradas.")
    for each in explanations:
        lines.append(f"{each.stop}: {each.sentence}")
        lines += [f"  - {option.sentence}" for option in each.options[1:]]


def _stop(
    problem: Problem,
    plan: Plan,
    name: str,
    windows: tuple[Window, ...],
    told: dict[str, object],
    lines: list[str],
) -> None:
    index = problem.stop_index.get(name)
    if index is None:
        raise NotInPlanError(stop=name)
    price = price_stop(problem, plan, index)
    if price is None:
        (why,) = (each for each in explain_plan(problem, plan) if each.stop == name)
        told["unserved"] = [asdict(why)]
        lines += [f"{name}: {why.sentence}", *(f"  - {o.sentence}" for o in why.options[1:])]
    else:
        told["stop"] = asdict(price)
        lines.append(_stop_words(price))
    if windows:
        prices = price_windows(problem, plan, index, windows)
        told["windows"] = [asdict(each) for each in prices]
        lines += [_window_words(each) for each in prices]
        lines += _difference(prices)


def _vehicles(
    searching: _Searching,
    name: str | None,
    told: dict[str, object],
    lines: list[str],
    *,
    is_one_more: bool,
) -> None:
    problem, plan = searching.problem, searching.plan
    if name is not None:
        named = [number for number, van in enumerate(problem.vehicles) if van.id == name]
        if not named:
            raise NotInPlanError(vehicle=name)
        price = price_vehicle(problem, plan, named[0], searching.on)
        told["vehicle"] = asdict(price)
        lines.append(_vehicle_words(price))
    if is_one_more:
        prices = price_one_more(problem, plan, searching.on)
        told["one_more"] = [asdict(each) for each in prices]
        lines += [_one_more_words(each) for each in prices]


def _stop_words(price: StopPrice) -> str:
    return (
        f"{price.stop} va en {price.vehicle} y cuesta {pesos(price.cost_clp)}; "
        f"dejarla fuera se cuenta en {pesos(price.left_out_clp)}."
    )


def _window_words(price: WindowPrice) -> str:
    between = f"Entre {clock(price.window.start_s)} y {clock(price.window.end_s)}"
    if price.cost_clp is None or price.start_s is None:
        return f"{between}: no cabe en ninguna ruta."
    at = clock(price.start_s)
    return f"{between}: {pesos(price.cost_clp)}, en {price.vehicle} a las {at}."


def _difference(prices: tuple[WindowPrice, ...]) -> list[str]:
    """What the first window costs over the second, where both can be kept."""
    known = [price.cost_clp for price in prices if price.cost_clp is not None]
    if len(prices) != 2 or len(known) != 2:
        return []
    more_clp = known[0] - known[1]
    if more_clp == 0:
        return ["Las dos cuestan lo mismo."]
    word = "más" if more_clp > 0 else "menos"
    return [f"Prometer la primera cuesta {pesos(abs(more_clp))} {word} que la segunda."]


def _vehicle_words(price: VehiclePrice) -> str:
    driven_clp = price.worth_clp - price.left_out_clp
    if not price.stops and driven_clp == 0:
        return f"Sin {price.vehicle} el día cuesta lo mismo y todo se atiende igual: sobra."
    if not price.stops:
        is_spare = " menos: sobra" if driven_clp < 0 else " más; todo se atiende igual"
        return f"Sin {price.vehicle} el día cuesta {pesos(abs(driven_clp))}{is_spare}."
    goes = "queda fuera 1 parada" if len(price.stops) == 1 else f"quedan fuera {_many(price)}"
    word = "más" if driven_clp > 0 else "menos"
    return (
        f"Sin {price.vehicle} {goes} ({_names(price.stops)}), que se cuentan en "
        f"{pesos(price.left_out_clp)}, y las rutas cuestan {pesos(abs(driven_clp))} {word}."
    )


def _one_more_words(price: VehiclePrice) -> str:
    words = f"Un vehículo más desde {price.depot} (como {price.vehicle})"
    if price.worth_clp <= 0:
        return f"{words} no ahorra nada."
    driven_clp = price.left_out_clp - price.worth_clp
    if not price.stops:
        return f"{words} ahorra {pesos(price.worth_clp)}."
    enters = "1 parada más" if len(price.stops) == 1 else f"{_many(price)} más"
    word = "más" if driven_clp > 0 else "menos"
    return (
        f"{words} atiende {enters} ({_names(price.stops)}): las rutas cuestan "
        f"{pesos(abs(driven_clp))} {word}, y dejarlas fuera se cuenta en "
        f"{pesos(price.left_out_clp)}."
    )


def _many(price: VehiclePrice) -> str:
    return f"{len(price.stops)} paradas"


def _names(stops: tuple[str, ...]) -> str:
    more = len(stops) - NAMED_MAX
    return list_words([*stops[:NAMED_MAX], f"{more} más"] if more > 0 else stops)
