"""`promesa orders import`: a sheet of orders, read for a look or taken in."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from promesa.cli.days import DAY
from promesa.cli.details import order_fault_line
from promesa.kernel.clock import SystemClock
from promesa.kernel.errors import FieldFault
from promesa.kernel.serviceday import ServiceDay
from promesa.orders.desk import IntakePolicy
from promesa.orders.drafts import OrderDraft
from promesa.orders.importing import ImportReport
from promesa.orders.layouts import LAYOUTS
from promesa.orders.sheet_reading import read_orders
from promesa.orders.sheets import SheetError, require_size
from promesa.orders.validation import past_fault

EXIT_NOTHING_ACCEPTED = 2
FAULTS_SHOWN_MAX = 50
ROWS_NAMED_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the command tells, in the words of its JSON."""

    accepted: int
    rejected: Sequence[FieldFault]
    layout: str | None

    def as_json(self) -> str:
        """One object, as the contract of the command line says."""
        rejected = [
            {"row": fault.row, "field": fault.field, "reason": fault.reason}
            for fault in self.rejected
        ]
        told = {"accepted": self.accepted, "rejected": rejected, "layout": self.layout}
        return json.dumps(told, ensure_ascii=False)


@click.group()
def orders() -> None:
    """Pedidos: importar planillas.

    Ejemplo: promesa orders import pedidos.xlsx --dry-run
    """


@orders.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Sólo revisa: sin servidor, sin ciudad, sin cambios.")
@click.option("--json", "as_json", is_flag=True, help="Imprime un objeto JSON.")
@click.option("--merchant", help="Código del comercio, si hay más de uno.")
@click.option(
    "--date",
    "day",
    type=DAY,
    help="Fecha de los pedidos que no traen una, como 30-11-2026; por defecto, hoy.",
)
@click.option(
    "--settings",
    "settings_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Archivo TOML con los ajustes.",
)
@click.pass_context
def import_orders(
    ctx: click.Context,
    *,
    file: Path,
    dry_run: bool,
    as_json: bool,
    merchant: str | None,
    day: date | None,
    settings_path: Path | None,
) -> None:
    """Importa una planilla CSV o XLSX: Beetrack, SimpliRoute o la nuestra.

    Ejemplo: promesa orders import pedidos.xlsx --dry-run --json
    """
    default_day = day or ServiceDay.of(SystemClock().now()).date
    try:
        require_size(file.stat().st_size)
        outcome = (
            _look(file, default_day)
            if dry_run
            else _take_in(file, default_day, merchant, settings_path)
        )
    except SheetError as error:
        if not as_json:
            raise
        fault = FieldFault(field="file", reason=error.sentence, code=error.code)
        outcome = Outcome(accepted=0, rejected=[fault], layout=None)
    click.echo(outcome.as_json() if as_json else _text(outcome))
    ctx.exit(0 if outcome.accepted else EXIT_NOTHING_ACCEPTED)


def _look(file: Path, default_day: date) -> Outcome:
    """What the file says, without keeping anything."""
    stderr = sys.stderr
    with click.progressbar(
        length=100, label="Leyendo", file=stderr, hidden=not stderr.isatty()
    ) as bar:
        reading = read_orders(
            file.read_bytes(),
            policy=IntakePolicy(),
            default_day=default_day,
            watch=lambda share: bar.update(int(100 * share) - bar.pos),
        )
    _warn_of_past(reading.drafts, default_day)
    return Outcome(accepted=len(reading.drafts), rejected=reading.faults, layout=reading.layout)


def _warn_of_past(drafts: Sequence[OrderDraft], default_day: date) -> None:
    """What a look cannot settle: a day that is over is refused, but not an order known before."""
    today = ServiceDay.of(SystemClock().now()).date
    rows = [draft.row for draft in drafts if past_fault(draft.date or default_day, today)]
    if not rows:
        return
    shown = ", ".join(str(row) for row in rows[:ROWS_NAMED_MAX])
    more = f" y {len(rows) - ROWS_NAMED_MAX} más" if len(rows) > ROWS_NAMED_MAX else ""
    click.echo(
        "Ojo: hay pedidos para un día que ya pasó. Al importar se rechazan, salvo los que ya "
        f"estaban. Filas: {shown}{more}.",
        err=True,
    )


def _take_in(
    file: Path, default_day: date, merchant: str | None, settings_path: Path | None
) -> Outcome:
    """Keeps the good rows. The platform is loaded here: a look runs without its libraries."""
    platform_side = importlib.import_module("promesa.cli.order_intake")
    report: ImportReport = asyncio.run(
        platform_side.take_in(
            file.read_bytes(),
            file.name,
            default_day=default_day,
            merchant=merchant,
            settings_path=settings_path,
        )
    )
    return Outcome(accepted=report.accepted, rejected=report.rejected, layout=report.layout)


def _text(outcome: Outcome) -> str:
    """The outcome as people read it."""
    taken = (
        "1 pedido aceptado" if outcome.accepted == 1 else f"{outcome.accepted} pedidos aceptados"
    )
    titles = {layout.name: layout.title for layout in LAYOUTS}
    lines = [f"{taken} (formato {titles.get(outcome.layout or '', outcome.layout)})"]
    if outcome.rejected:
        count = len({fault.row for fault in outcome.rejected})
        lines.append("1 fila rechazada:" if count == 1 else f"{count} filas rechazadas:")
    lines.extend(f"  {order_fault_line(fault)}" for fault in outcome.rejected[:FAULTS_SHOWN_MAX])
    if len(outcome.rejected) > FAULTS_SHOWN_MAX:
        lines.append(f"  … y {len(outcome.rejected) - FAULTS_SHOWN_MAX} más; usa --json.")
    return "\n".join(lines)
