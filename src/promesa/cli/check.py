"""`promesa check`: the independent checker over a plan file."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from promesa.routing.checker import check as check_plan
from promesa.routing.checks.violation import Violation
from promesa.routing.planfile import decode

EXIT_VIOLATIONS = 2
# The units a single one of which has another name.
_ONE = {"veces": "vez", "rutas": "ruta", "paradas": "parada", "bultos": "bulto", "viajes": "viaje"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Imprime un objeto JSON.")
@click.pass_context
def check(ctx: click.Context, *, file: Path, as_json: bool) -> None:
    """Revisa un plan desde cero y dice todo lo que no cumple, con su monto.

    Ejemplo: promesa check plan.json
    """
    plan_file = decode(file.read_bytes())
    violations = check_plan(plan_file.problem(), plan_file.plan)
    if as_json:
        told = {"feasible": not violations, "violations": [asdict(each) for each in violations]}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif violations:
        lines = [f"{v.sentence} ({_amount(v)}) [{v.rule}]" for v in violations]
        count = "1 incumplimiento" if len(lines) == 1 else f"{len(lines)} incumplimientos"
        click.echo("\n".join([*lines, count]))
    else:
        click.echo("El plan cumple todas las reglas.")
    ctx.exit(EXIT_VIOLATIONS if violations else 0)


def _amount(violation: Violation) -> str:
    unit = violation.unit
    return f"{violation.amount} {_ONE.get(unit, unit) if violation.amount == 1 else unit}"
