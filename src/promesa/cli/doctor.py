"""`promesa doctor`: what works on this machine, what does not, and what to do about it."""

from __future__ import annotations

import asyncio
import json
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
        click.echo("\n".join(_line(check) for check in checks))
    ctx.exit(EXIT_FAULT if has_fault else 0)


def _line(check: Check) -> str:
    """One check as people read it; what to do stands below."""
    line = f"{MARKS[check.status]} {check.name}: {check.finding}"
    return f"{line}\n    → {check.remedy}" if check.remedy else line
