"""`promesa doctor`: what works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from promesa.kernel.clock import SystemClock
from promesa.runtime.checkup import Check, Status, check_up
from promesa.runtime.settings import load_settings

EXIT_FAULT = 1
MARKS = {Status.OK: "✓", Status.WARNING: "!", Status.FAULT: "✗"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Un solo objeto JSON en la salida.")
@click.option(
    "--settings",
    "settings_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Archivo TOML con los ajustes.",
)
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, settings_path: Path | None) -> None:
    """Revisa base de datos, ciudad, canales, reloj y disco, y dice qué hacer con cada falla.

    Ejemplo: promesa doctor --json
    """
    checks = asyncio.run(check_up(load_settings(settings_path), SystemClock()))
    has_fault = any(check.status is Status.FAULT for check in checks)
    if as_json:
        report = {"ok": not has_fault, "checks": [asdict(check) for check in checks]}
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        click.echo(_page(checks))
    ctx.exit(EXIT_FAULT if has_fault else 0)


def _page(checks: Sequence[Check]) -> str:
    """The checks as people read them, and what comes next."""
    width = max(len(check.name) for check in checks)
    lines = [_line(check, width) for check in checks]
    faults = sum(check.status is Status.FAULT for check in checks)
    warnings = sum(check.status is Status.WARNING for check in checks)
    if faults:
        said = "1 falla. Corrígela" if faults == 1 else f"{faults} fallas. Corrígelas"
        ending = f"{said} y vuelve a ejecutar: promesa doctor"
    elif warnings:
        ending = "Se puede partir; mira los avisos (!). Para verlo funcionar: promesa demo"
    else:
        ending = "Todo listo. Para verlo funcionar: promesa demo"
    return "\n".join([*lines, "", ending])


def _line(check: Check, width: int) -> str:
    """One check; what to do stands below."""
    line = f"{MARKS[check.status]} {check.name:<{width}}  {check.finding}"
    return f"{line}\n  {'':<{width}}  → {check.remedy}" if check.remedy else line
