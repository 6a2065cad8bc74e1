"""What a planner says instead of the forecast: for a series, some days, a factor or a number.

An override keeps its author and its reason; withdrawing it keeps the row, so that it can be judged
later against the model and what came.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar, Protocol
from uuid import UUID

from promesa.kernel.errors import ConflictError, FieldFault, InvalidError
from promesa.planning.demand.calendar import Writer
from promesa.planning.demand.panel import days_from
from promesa.planning.demand.series import SeriesKey

REASON_CHARS_MAX = 300
DAYS_MAX = 62
FACTOR_MIN, FACTOR_MAX = 0.01, 100.0
ORDERS_A_DAY_MAX = 1_000_000.0
# Standing ones of an operator; a planner says a handful a week.
OVERRIDES_MAX = 2_000


class OverrideInvalidError(InvalidError):
    """An override cannot be meant; each field says why."""

    code: ClassVar[str] = "demand_override_invalid"
    message: ClassVar[str] = "La corrección no sirve así. Corrige los campos que se indican."


class TooManyOverridesError(ConflictError):
    """More overrides stand than people make."""

    code: ClassVar[str] = "demand_overrides_too_many"
    message: ClassVar[str] = (
        f"Hay {OVERRIDES_MAX} correcciones vigentes en ese periodo. Retira las que ya no valen."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A comuna, a depot, a class, or all of each that is None."""

    comuna: str | None = None
    depot: str | None = None
    product_class: str | None = None

    def holds(self, key: SeriesKey) -> bool:
        """Whether a series is one of them."""
        said = (self.comuna, self.depot, self.product_class)
        parts = (key.comuna, key.depot, key.product_class)
        return all(one is None or one == part for one, part in zip(said, parts, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideContent:
    """What a planner says; a part of the series that is None means every one.

    Attributes:
        factor: Of the forecast of each day; or
        orders_a_day: The number itself, over all the series it names together.
    """

    first_day: date
    last_day: date
    reason: str
    comuna: str | None = None
    depot: str | None = None
    product_class: str | None = None
    factor: float | None = None
    orders_a_day: float | None = None

    @property
    def scope(self) -> Scope:
        """Which series it speaks of."""
        return Scope(comuna=self.comuna, depot=self.depot, product_class=self.product_class)

    @property
    def days(self) -> tuple[date, ...]:
        """The days it speaks of; none where they are the wrong way round or too many."""
        width = (self.last_day - self.first_day).days + 1
        return days_from(self.first_day, width) if 0 < width <= DAYS_MAX else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandOverride:
    """An override with who said it, and since when it is withdrawn.

    Attributes:
        expected: What the forecast said of each of its days when it was made, the mean of the
            series together; None for a day it did not reach. Empty where nobody kept it.
    """

    id: UUID
    first_day: date
    last_day: date
    reason: str
    author_id: UUID
    made_at: datetime
    comuna: str | None = None
    depot: str | None = None
    product_class: str | None = None
    factor: float | None = None
    orders_a_day: float | None = None
    expected: tuple[float | None, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None

    @property
    def scope(self) -> Scope:
        """Which series it speaks of."""
        return Scope(comuna=self.comuna, depot=self.depot, product_class=self.product_class)


class OverrideRepository(Protocol):
    """The overrides of one tenant."""

    async def put(self, override: DemandOverride) -> None:
        """Adds or replaces by id."""
        ...

    async def get(self, override_id: UUID) -> DemandOverride: ...
    async def list_between(
        self, start: date, end: date, *, limit: int, with_withdrawn: bool = False
    ) -> list[DemandOverride]:
        """Those with a day from ``start`` to ``end``, by first day, then the last made first.

        Of more than ``limit`` the latest days.
        """
        ...


class OverrideStore(Protocol):
    """The unit of work as overrides see it."""

    @property
    def demand_overrides(self) -> OverrideRepository: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOverrides:
    """Overrides of a period in order; ``has_more``: earlier ones are left out."""

    items: tuple[DemandOverride, ...]
    has_more: bool


async def said_between(
    tx: OverrideStore, start: date, end: date, *, with_withdrawn: bool, limit: int = OVERRIDES_MAX
) -> SaidOverrides:
    """What was said of the days of a period, the latest ``limit`` of it."""
    found = await tx.demand_overrides.list_between(
        start, end, limit=limit + 1, with_withdrawn=with_withdrawn
    )
    return SaidOverrides(items=tuple(found[-limit:]), has_more=len(found) > limit)


async def make_override(
    tx: OverrideStore,
    content: OverrideContent,
    writer: Writer,
    expected: tuple[float | None, ...] = (),
) -> DemandOverride:
    """Keeps what a planner says, beside what the forecast said of each day.

    Raises:
        OverrideInvalidError: It cannot be meant.
        TooManyOverridesError: The period is full of them.
    """
    if faults := list(_faults(content)):
        raise OverrideInvalidError(faults=faults)
    standing = await tx.demand_overrides.list_between(
        content.first_day, content.last_day, limit=OVERRIDES_MAX
    )
    if len(standing) >= OVERRIDES_MAX:
        raise TooManyOverridesError
    override = DemandOverride(
        id=writer.ids.next(),
        first_day=content.first_day,
        last_day=content.last_day,
        reason=content.reason.strip(),
        author_id=writer.author_id,
        made_at=writer.now,
        comuna=content.comuna,
        depot=content.depot,
        product_class=content.product_class,
        factor=content.factor,
        orders_a_day=content.orders_a_day,
        expected=expected,
    )
    await tx.demand_overrides.put(override)
    return override


async def withdraw_override(tx: OverrideStore, override_id: UUID, writer: Writer) -> DemandOverride:
    """The forecast stands again; one that is withdrawn stays as it is."""
    override = await tx.demand_overrides.get(override_id)
    if override.withdrawn_at is not None:
        return override
    withdrawn = replace(override, withdrawn_at=writer.now, withdrawn_by=writer.author_id)
    await tx.demand_overrides.put(withdrawn)
    return withdrawn


def _faults(content: OverrideContent) -> Iterable[FieldFault]:
    if content.last_day < content.first_day:
        yield FieldFault(field="end", reason="El último día va antes que el primero.")
    elif (content.last_day - content.first_day).days >= DAYS_MAX:
        yield FieldFault(field="end", reason=f"Una corrección dura a lo más {DAYS_MAX} días.")
    if not content.reason.strip():
        yield FieldFault(field="reason", reason="Falta el motivo. Con él se juzga después.")
    if (content.factor is None) == (content.orders_a_day is None):
        yield FieldFault(field="factor", reason="Di un factor o un número de pedidos, uno solo.")
    if content.factor is not None and not FACTOR_MIN <= content.factor <= FACTOR_MAX:
        yield FieldFault(field="factor", reason="El factor va de ×0,01 a ×100.")
    number = content.orders_a_day
    if number is not None and not 0 <= number <= ORDERS_A_DAY_MAX:
        yield FieldFault(field="orders_a_day", reason="Los pedidos al día van de 0 a un millón.")
