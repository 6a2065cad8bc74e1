"""Draws cost against time, one panel a case, one line a solver."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter

from benchmarks.record import Row

PANELS_WIDE = 3
PANEL_INCHES = (4.8, 3.6)
# So many times less and more than the shortest and the longest run.
ROOM = 2.0


def draw(rows: Sequence[Row], path: Path) -> None:
    """Writes a .png of the plans that serve everybody; hollow marks break some other rule."""
    judged = [row for row in rows if row.cost is not None and not row.unserved]
    cases = list(dict.fromkeys(row.case for row in judged))
    if not cases:
        return
    wide = min(PANELS_WIDE, len(cases))
    high = -(-len(cases) // wide)
    figure = Figure(figsize=(PANEL_INCHES[0] * wide, PANEL_INCHES[1] * high), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(high, wide, squeeze=False).ravel()
    solvers = list(dict.fromkeys(row.solver for row in judged))
    for panel, case in zip(panels, cases, strict=False):
        _panel(panel, [row for row in judged if row.case == case], solvers)
        panel.set_title(case, fontsize=10)
    for panel in panels[len(cases) :]:
        panel.set_axis_off()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(solvers), fontsize=8)
    figure.savefig(path, dpi=110)


def _panel(panel: Any, rows: Sequence[Row], solvers: Sequence[str]) -> None:
    has_gaps = all(row.gap is not None for row in rows)
    for number, solver in enumerate(solvers):
        own = sorted(
            (row for row in rows if row.solver == solver), key=lambda row: row.search_cpu_s
        )
        times = [max(0.1, row.search_cpu_s) for row in own]
        heights = [row.gap if has_gaps else row.cost for row in own]
        colour = f"C{number}"
        panel.plot(times, heights, "-", color=colour, linewidth=1, label=solver)
        for row, time, height in zip(own, times, heights, strict=True):
            inside = colour if row.is_kept else "white"
            panel.plot([time], [height], "o", color=colour, markerfacecolor=inside, markersize=5)
    # Runs of one budget stand above each other, not at the two ends of a second.
    spent = [max(0.1, row.search_cpu_s) for row in rows]
    panel.set_xscale("log")
    panel.set_xlim(min(spent) / ROOM, max(spent) * ROOM)
    for formatter in (panel.xaxis.set_major_formatter, panel.xaxis.set_minor_formatter):
        formatter(LogFormatter(labelOnlyBase=False, minor_thresholds=(2, 1)))
    panel.set_xlabel("CPU seconds of the search", fontsize=8)
    panel.set_ylabel("% above best known" if has_gaps else "cost", fontsize=8)
    panel.grid(visible=True, linewidth=0.3)
    panel.tick_params(which="both", labelsize=8)
