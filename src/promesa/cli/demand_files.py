"""Histories and events given to a command: read, with every refused row told on stderr."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from promesa.kernel.errors import FieldFault
from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.events_file import read_events
from promesa.planning.demand.history_file import HistoryRead, read_history

FAULTS_SHOWN = 10

history_option = click.option(
    "--history",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV con las columnas series, date (2026-11-30) y parcels. Sin fila: desconocido.",
)
events_option = click.option(
    "--events",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV con name, start, end, uplift, sigma y, si se quiere, series. Sin uplift, se aprende.",
)


def read_demand(history: Path, events: Path | None) -> tuple[HistoryRead, tuple[DemandEvent, ...]]:
    """Both files; rows that cannot be used are told and left out.

    Raises:
        HistoryFileError: The history cannot be read.
        EventsFileError: The events cannot be read.
    """
    found = read_history(history)
    _tell(history, found.faults, found.refused)
    if events is None:
        return found, ()
    calendar = read_events(events)
    _tell(events, calendar.faults, len(calendar.faults))
    return found, calendar.events


def _tell(file: Path, faults: Sequence[FieldFault], refused: int) -> None:
    if not refused:
        return
    rows = "1 fila no se usó" if refused == 1 else f"{refused} filas no se usaron"
    click.echo(f"{file.name}: {rows}:", err=True)
    for fault in faults[:FAULTS_SHOWN]:
        click.echo(f"  fila {fault.row}, {fault.field}: {fault.reason}", err=True)
    if refused > FAULTS_SHOWN:
        click.echo(f"  … y {refused - FAULTS_SHOWN} más", err=True)
