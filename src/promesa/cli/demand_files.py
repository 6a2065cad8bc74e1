"""Histories and events given to a command: read, with every refused row told on stderr."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from promesa.cli.days import day_words
from promesa.dispatch.events_file import read_events
from promesa.dispatch.history_file import HistoryRead, read_history
from promesa.kernel.errors import FieldFault
from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.panel import Panel
from promesa.routing.words import list_words

FAULTS_SHOWN = 10
NAMES_SHOWN = 5
# More rows lost than this share make another history of it (assumed).
LOST_SHARE_MAX = 0.01

history_option = click.option(
    "--history",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV con series, date y parcels, o comuna, fecha y pedidos. Sin fila: desconocido.",
)
events_option = click.option(
    "--events",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV con name, start, end, uplift, sigma y, si se quiere, series. Sin uplift, se aprende.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandFiles:
    """What both files gave.

    Attributes:
        events_refused: Rows of events that were not read.
        rejected: Refused rows by file, up to a limit.
        notes: What heads a summary: events that the forecast does not know of.
    """

    history: HistoryRead
    events: tuple[DemandEvent, ...]
    events_refused: int
    rejected: tuple[tuple[str, FieldFault], ...]
    notes: tuple[str, ...]

    @property
    def values(self) -> dict[str, object]:
        """For a program, beside what was made of them."""
        return {
            "rows": self.history.rows,
            "refused": self.history.refused,
            "events_refused": self.events_refused,
            "rejected": [
                {"file": file, "row": each.row, "field": each.field, "reason": each.reason}
                for file, each in self.rejected
            ],
            "notes": list(self.notes),
        }

    @property
    def words(self) -> Iterator[str]:
        """What heads the summary: first what was lost, then what the history is."""
        yield from self.notes
        found = self.history
        panel, refused = found.panel, found.refused
        lost = f"; {_refused_words(refused)}" if refused else ""
        warning = "OJO: " if refused > LOST_SHARE_MAX * found.rows else ""
        yield (
            f"{warning}Historia: del {day_words(panel.first)} al {day_words(panel.last)}, "
            f"{series_words(len(panel.series))}{lost}."
        )
        if found.thousands:
            whole = found.thousands.replace(".", "")
            yield f"Cantidades como {found.thousands} se leyeron con punto de miles: {whole}."


def read_demand(history: Path, events: Path | None) -> DemandFiles:
    """Both files; rows that cannot be used are told and left out.

    Raises:
        HistoryFileError: The history cannot be read.
        EventsFileError: The events cannot be read.
    """
    found = read_history(history)
    _tell(history, found.faults, found.refused)
    rejected = [(history.name, fault) for fault in found.faults]
    if events is None:
        return DemandFiles(
            history=found, events=(), events_refused=0, rejected=tuple(rejected), notes=()
        )
    calendar = read_events(events)
    _tell(events, calendar.faults, len(calendar.faults))
    rejected += [(events.name, fault) for fault in calendar.faults]
    return DemandFiles(
        history=found,
        events=calendar.events,
        events_refused=len(calendar.faults),
        rejected=tuple(rejected),
        notes=tuple(_notes(events.name, calendar.faults, calendar.events, found.panel.series)),
    )


def series_words(count: int) -> str:
    """As ``1 serie`` or ``12 series``."""
    return f"{count} {'serie' if count == 1 else 'series'}"


def _notes(
    file: str,
    faults: Sequence[FieldFault],
    events: Sequence[DemandEvent],
    series: Sequence[str],
) -> Iterator[str]:
    if faults:
        which = [f"fila {fault.row}, {fault.field}" for fault in faults[:NAMES_SHOWN]]
        if len(faults) > NAMES_SHOWN:
            which.append(f"{len(faults) - NAMES_SHOWN} más")
        lost = _lost_words(len(faults))
        yield f"OJO: {lost} de {file}, y aquí no cuenta: {'; '.join(which)}. Corrige y repite."
    if not events and not faults:
        yield f"{file} no trae eventos: sólo los encabezados."
    known = set(series)
    for event in events:
        strange = sorted((event.series or set()) - known)
        if strange:
            named = list_words(strange[:NAMES_SHOWN])
            yield f"OJO: {event.name} nombra series que la historia no tiene: {named}."


def _lost_words(count: int) -> str:
    return "1 evento no se leyó" if count == 1 else f"{count} eventos no se leyeron"


def _refused_words(count: int) -> str:
    return "1 fila no se usó" if count == 1 else f"{count} filas no se usaron"


def _tell(file: Path, faults: Sequence[FieldFault], refused: int) -> None:
    if not refused:
        return
    click.echo(f"{file.name}: {_refused_words(refused)}:", err=True)
    for fault in faults[:FAULTS_SHOWN]:
        click.echo(f"  fila {fault.row}, {fault.field}: {fault.reason}", err=True)
    if refused > FAULTS_SHOWN:
        click.echo(f"  … y {refused - FAULTS_SHOWN} más", err=True)


def known_until(panel: Panel, day: date, *, hint: str) -> Panel:
    """What was known when ``day`` was over.

    Raises:
        click.BadParameter: The history does not hold that day; ``hint`` is the option that said it.
    """
    if not panel.first <= day <= panel.last:
        days = f"{day_words(panel.first)} a {day_words(panel.last)}"
        raise click.BadParameter(f"la historia va de {days}", param_hint=hint)
    return panel.until(day)
