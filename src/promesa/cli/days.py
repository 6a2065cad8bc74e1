"""A day on the command line, as people in Chile write it or in ISO 8601."""

from __future__ import annotations

from datetime import date

import click

from promesa.kernel.errors import InvalidError
from promesa.orders.cells import as_moment


class DayType(click.ParamType[date]):
    """A day written 30-11-2026, 30/11/2026 or 2026-11-30."""

    name = "FECHA"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Turns "30-11-2026" into a date, the day first as in any sheet of orders."""
        if isinstance(value, date):
            return value
        try:
            moment = as_moment(str(value), is_doubtful=False)
        except InvalidError as error:
            self.fail(f"«{value}»: {error.sentence}", param, ctx)
        if moment is None or moment.clock_time is not None:
            self.fail(f"«{value}»: escribe sólo la fecha, como 30-11-2026.", param, ctx)
        return moment.day


DAY = DayType()


def day_words(day: date) -> str:
    """A day as people write it, in words of ours."""
    return f"{day:%d-%m-%Y}"
