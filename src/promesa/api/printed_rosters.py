"""Rosters and doors on paper, to hang on the wall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from promesa.api.dock_views import DepotDocksView, DocksView
from promesa.api.printing import Masthead
from promesa.api.roster_views import (
    RosterBoardView,
    RosterCellView,
    RosterDepotView,
    RosterRowView,
    RosterWeekView,
    ShiftNeedView,
)
from promesa.kernel.serviceday import ServiceDay
from promesa.planning.capacity.words import WEEKDAYS, long_day_name, short_depot
from promesa.runtime.printing import (
    Bar,
    Mark,
    Printed,
    PrintedBars,
    PrintedPage,
    PrintedTable,
)

_NAME_WIDTH, _DAY_WIDTH, _WEEK_WIDTH = 3.2, 1.0, 1.2
# Lines of the clock under the doors.
_TICK_MIN, _TICKS_MAX = (10, 15, 30, 60, 120, 240), 12


def roster_page(view: RosterBoardView, masthead: Masthead) -> PrintedPage:
    """Drivers by days, a table a depot; what is broken or lacks stands first."""
    broken = [
        told.sentence for each in view.depots for row in each.drivers for told in row.warnings
    ]
    return PrintedPage(
        title="Turnos",
        subtitle=_span(view.start, view.end),
        operator=masthead.operator,
        made_at=masthead.made_at,
        is_simulated=masthead.is_simulated,
        words=[view.headline, *broken, *view.sentences],
        parts=[_roster(each, view) for each in view.depots if each.drivers],
    )


def _roster(depot: RosterDepotView, view: RosterBoardView) -> PrintedTable:
    days = view.days
    names = {each.depot: short_depot(each.name) for each in view.depots}
    mondays = sorted({week.monday for row in depot.drivers for week in row.weeks})
    rows = [
        [
            Printed(text=row.name),
            *(
                _cell(cell, depot.depot, names, is_rest=each.is_closed)
                for cell, each in zip(row.cells, days, strict=True)
            ),
            *_weeks(row, mondays),
        ]
        for row in depot.drivers
    ]
    for shift in depot.shifts if view.has_need else ():
        needs = {need.day: need for need in depot.needs if need.shift == shift.code}
        name = f"{shift.word}: hay / se necesitan"
        told = [_need(needs[each.day]) for each in days]
        blank = [Printed(mark=Mark.DIM)] * len(mondays)
        rows.append([Printed(text=name, mark=Mark.DIM), *told, *blank])
    lent = any(
        duty.depot != depot.depot
        for row in depot.drivers
        for cell in row.cells
        for duty in cell.duties
    )
    away = " Con el nombre de otro CD, ese día maneja desde él y allá se cuenta." if lent else ""
    star = " * es feriado." if any(each.holiday for each in days) else ""
    shifts = "; ".join(f"{shift.word} {shift.code}" for shift in depot.shifts)
    return PrintedTable(
        title=depot.name,
        note=f"{shifts}. En cada celda, la hora en que empieza; vacía es día libre. «Horas» son "
        f"las de la semana desde ese lunes; en gris, sobre el límite.{star}{away}",
        columns=[
            "Conductor",
            *(day_heading(each.day, each.holiday) for each in days),
            *(f"Horas {monday:%d-%m}" for monday in mondays),
        ],
        widths=[_NAME_WIDTH, *([_DAY_WIDTH] * len(days)), *([_WEEK_WIDTH] * len(mondays))],
        rows=rows,
    )


def _weeks(row: RosterRowView, mondays: Sequence[date]) -> list[Printed]:
    """Hours of each week, those beyond the limit marked."""
    weeks = {week.monday: week for week in row.weeks}
    return [_week(weeks[monday]) if monday in weeks else Printed() for monday in mondays]


def _week(week: RosterWeekView) -> Printed:
    hours = f"{week.work_h:.1f}".removesuffix(".0").replace(".", ",")
    return Printed(text=hours, mark=Mark.SHORT if week.over_h > 0 else Mark.NONE)


def _need(need: ShiftNeedView) -> Printed:
    """As on the screen, ``8+7/15``: own drivers, who comes besides, those that it takes."""
    mark = Mark.SHORT if need.missing else Mark.DIM
    if not (need.wanted or need.there):
        return Printed(mark=mark)
    besides = need.contracted + need.spot
    wanted = "–" if need.wanted is None else str(need.wanted)
    return Printed(text=f"{need.there}{f'+{besides}' if besides else ''}/{wanted}", mark=mark)


def _cell(cell: RosterCellView, depot: str, names: Mapping[str, str], *, is_rest: bool) -> Printed:
    if cell.is_away:
        return Printed(text="aus.", mark=Mark.DIM)
    if not cell.duties:
        return Printed(mark=Mark.DIM if is_rest or cell.day.weekday() > 5 else Mark.NONE)
    lent = any(duty.depot != depot for duty in cell.duties)
    words = [
        duty.shift.partition("–")[0]
        + ("" if duty.depot == depot else f" → {names.get(duty.depot, duty.depot)}")
        for duty in cell.duties
    ]
    return Printed(text=" ".join(words), mark=Mark.DIM if lent else Mark.NONE)


def day_heading(day: date, holiday: str | None = None) -> str:
    """As ``lun 5``; a holiday has a star."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day}{'*' if holiday else ''}"


def docks_page(view: DocksView, masthead: Masthead) -> PrintedPage:
    """Bars by door, then the routes in order of loading, a depot each."""
    parts: list[PrintedTable | PrintedBars] = []
    for depot in view.depots:
        parts += [_bars(depot), _loads(depot)]
    return PrintedPage(
        title="Andenes",
        subtitle=long_day_name(view.day),
        operator=masthead.operator,
        made_at=masthead.made_at,
        is_simulated=masthead.is_simulated,
        words=[_late_words(view), *(f"{each.name}: {each.headline}" for each in view.depots)],
        parts=parts,
    )


def _late_words(view: DocksView) -> str:
    late = sum(depot.late for depot in view.depots)
    if not view.depots:
        return view.nothing
    if not late:
        return "Todas las rutas salen a tiempo."
    return "1 ruta sale tarde." if late == 1 else f"{late} rutas salen tarde."


def _bars(depot: DepotDocksView) -> PrintedBars:
    whole_s = max(1.0, (depot.closes - depot.opens).total_seconds())

    def at(instant: datetime) -> float:
        return (instant - depot.opens).total_seconds() / whole_s

    rows = [
        (
            f"Puerta {door}",
            [
                Bar(
                    start=at(slot.start),
                    end=at(slot.end),
                    text=slot.route,
                    is_late=slot.late_min > 0,
                )
                for slot in depot.slots
                if slot.door == door
            ],
        )
        for door in range(1, depot.doors + 1)
    ]
    ticks = [(at(instant), _clock(instant)) for instant in _ticks(depot.opens, depot.closes)]
    words = [*depot.variants, *depot.sentences]
    return PrintedBars(title=depot.name, rows=rows, ticks=ticks, words=words)


def _ticks(opens: datetime, closes: datetime) -> list[datetime]:
    minutes = (closes - opens).total_seconds() / 60
    step = next((each for each in _TICK_MIN if minutes / each <= _TICKS_MAX), _TICK_MIN[-1])
    midnight = ServiceDay.of(opens).start
    number = -(-int((opens - midnight).total_seconds()) // (step * 60))
    found = []
    while (instant := midnight + timedelta(minutes=step * number)) <= closes:
        found.append(instant)
        number += 1
    return found


def _loads(depot: DepotDocksView) -> PrintedTable:
    rows = [
        [
            Printed(text=slot.route),
            Printed(text=str(slot.door)),
            Printed(text=_clock(slot.start)),
            Printed(text=_clock(slot.end)),
            Printed(text=_clock(slot.due)),
            Printed(text=str(slot.late_min), mark=Mark.SHORT) if slot.late_min else Printed(),
        ]
        for slot in depot.slots
    ]
    return PrintedTable(
        title=f"{depot.name}: orden de carga",
        columns=["Ruta", "Puerta", "Empieza", "Termina", "Debe salir", "Min tarde"],
        widths=[3, 1, 1, 1, 1, 1],
        rows=rows,
    )


def _clock(instant: datetime) -> str:
    return f"{ServiceDay.of(instant).clock_time_of(instant):%H:%M}"


def _span(start: date, end: date) -> str:
    return f"Del {long_day_name(start)} al {long_day_name(end)} de {end.year}"
