"""On which days vans go out, and whether a forecast counts orders or deliveries: options, words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

import click

from promesa.cli.days import DAY, day_words
from promesa.dispatch.delivery_days import rule_of
from promesa.kernel.errors import InvalidError
from promesa.kernel.text import bare
from promesa.planning.capacity.scenarios import Volume
from promesa.planning.capacity.service_days import ServiceDays, on_service_days
from promesa.planning.capacity.words import WEEKDAYS, day_name
from promesa.planning.demand.delivery_rule import DeliveryRule
from promesa.planning.demand.shop_hours import SHOP_HOURS
from promesa.promising.offers import OfferTerms
from promesa.promising.rehearsal.delivered import delivered_days
from promesa.routing.words import list_words, thousands

DELIVERIES, ORDERS = "deliveries", "orders"
_SHORT = tuple(bare(name)[:3] for name in WEEKDAYS)
# More closed days than these are only counted on the screen.
_CLOSED_TOLD_MAX = 6


class ServiceDaysMissingError(InvalidError):
    """All days of a forecast are closed."""

    code: ClassVar[str] = "capacity_without_service_days"
    message: ClassVar[str] = (
        "El pronóstico no trae ningún día con reparto: se reparte de lunes a sábado, sin feriados "
        "irrenunciables. Di otros días con --weekdays lun-dom o --rest-days."
    )


class Weekdays(click.ParamType[frozenset[int]]):
    """Days of the week, written lun-sab or lun,mie,vie."""

    name = "DÍAS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[int]:
        """Turns "lun-sab" into 0 to 5; a span may go over the weekend."""
        if isinstance(value, frozenset):
            return value
        found: set[int] = set()
        for part in bare(str(value)).replace(" a ", "-").split(","):
            ends = [_SHORT.index(w) for end in part.split("-") if (w := end.strip()[:3]) in _SHORT]
            if len(ends) != part.count("-") + 1 or len(ends) > 2:
                self.fail(f"«{value}» no sirve: escribe como lun-sab o lun,mie,vie.", param, ctx)
            span = (ends[-1] - ends[0]) % len(_SHORT)
            found |= {(ends[0] + step) % len(_SHORT) for step in range(span + 1)}
        return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAsked:
    """What the options say of days and counts."""

    counts: str
    weekdays: frozenset[int] | None
    closed: tuple[date, ...]
    serves_rest_days: bool

    @property
    def rule(self) -> DeliveryRule:
        """As a new operator of the torre has it, but for what was said."""
        usual = rule_of(OfferTerms())
        return replace(
            usual,
            weekdays=usual.weekdays if self.weekdays is None else self.weekdays,
            closed=frozenset(self.closed),
            serves_rest_days=self.serves_rest_days,
        )

    def days(self, volumes: Sequence[Volume]) -> ServiceDays:
        """The forecast on the days on which it goes out.

        Raises:
            ServiceDaysMissingError: It has no such day.
        """
        if not any(self.rule.is_open(volume.date) for volume in volumes):
            raise ServiceDaysMissingError
        if self.counts == DELIVERIES:
            return on_service_days(volumes, self.rule.is_open)
        return delivered_days(volumes, OfferTerms(), SHOP_HOURS, self.rule.is_open)


def service_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say on which days vans go out."""
    options = (
        click.option(
            "--counts",
            type=click.Choice([DELIVERIES, ORDERS]),
            default=DELIVERIES,
            show_default=True,
            help="Qué cuenta cada fila: entregas de ese día (deliveries) o pedidos que entran "
            "ese día (orders) y se entregan según corte 18:00 y un día de preparación.",
        ),
        click.option(
            "--weekdays",
            type=Weekdays(),
            help="Días con reparto, como lun-dom o lun,mie,vie; sin ella, lun-sab.",
        ),
        click.option(
            "--closed", multiple=True, type=DAY, help="Un día sin reparto; se puede repetir."
        ),
        click.option(
            "--rest-days",
            "serves_rest_days",
            is_flag=True,
            help="También se reparte en los feriados irrenunciables.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def service_sentences(asked: ServiceAsked, found: ServiceDays) -> list[str]:
    """What each row was taken for, which days are closed and where their parcels went."""
    told = [_counted_words(asked.counts)]
    if found.closed:
        days = "1 día" if len(found.closed) == 1 else f"{len(found.closed)} días"
        told.append(f"Sin reparto {days}: {_closed_words(found.closed)}.{_moved(asked, found)}")
    if found.beyond >= 1:
        told.append(
            f"{thousands(found.beyond)} bultos salen después del último día del pronóstico y no se "
            "cuentan."
        )
    return told


def _counted_words(counts: str) -> str:
    if counts == DELIVERIES:
        return (
            "Cada fila se toma como entregas de ese día. Si tu pronóstico cuenta pedidos por día "
            "de compra, pasa --counts orders."
        )
    terms = OfferTerms()
    return (
        "Cada fila se toma como pedidos que entran ese día: se entregan según corte a las "
        f"{terms.cutoff:%H:%M} y {terms.lead_days} día de preparación. A los primeros días les "
        "falta lo pedido antes de que empiece el pronóstico."
    )


def _moved(asked: ServiceAsked, found: ServiceDays) -> str:
    advice = "Otros días: --weekdays, --closed, --rest-days."
    if asked.counts == ORDERS or found.moved < 1:
        return f" {advice}"
    return f" Sus {thousands(found.moved)} bultos pasan al día de reparto que sigue. {advice}"


def _closed_words(closed: Sequence[date]) -> str:
    sundays = [day for day in closed if day.weekday() == len(_SHORT) - 1]
    others = [day for day in closed if day not in sundays]
    told = [f"{day_name(day)} ({day_words(day)})" for day in others[:_CLOSED_TOLD_MAX]]
    if len(others) > _CLOSED_TOLD_MAX:
        told.append(f"{len(others) - _CLOSED_TOLD_MAX} más")
    if len(sundays) == 1:
        told.insert(0, f"domingo {day_words(sundays[0])}")
    elif sundays:
        told.insert(0, f"{len(sundays)} domingos")
    return list_words(told)
