"""A row of the demand calendar: an event as people keep it, with its author, source and versions.

What a forecaster takes is :class:`~promesa.planning.demand.event.DemandEvent`; a row says besides
where it holds, how sure its date is, and who wrote it. Every edit is a version of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from promesa.kernel.errors import FieldFault, InvalidError
from promesa.kernel.serviceday import YEAR_MAX, YEAR_MIN
from promesa.planning.demand.event import DemandEvent
from promesa.planning.demand.series import SeriesKey
from promesa.planning.demand.serving import AS_NAMED, ServingDepots

NAME_CHARS_MAX = 80
SOURCE_CHARS_MAX = 500
# A sale of a season; what lasts longer is the season itself.
EVENT_DAYS_MAX = 62
SCOPE_MAX = 400
# The largest factor with a source is x15 (cars and property, CyberDay 2020).
UPLIFT_MIN, UPLIFT_MAX = 0.01, 100.0
SIGMA_MIN, SIGMA_MAX = 0.01, 2.0
# Half of the logarithm of a likely range, in sigmas: 80 % of a normal lie within it.
LIKELY_SIGMAS = 1.2816
# How the source of a date that nobody announced begins; it ends with its sentence.
PROBABLE_DATE = "Fecha probable: "


class EventKind(StrEnum):
    """What sort of event a row is."""

    HOLIDAY = "holiday"
    ELECTION = "election"
    COMMERCE = "commerce"
    PAYDAY = "payday"
    CAMPAIGN = "campaign"
    OTHER = "other"


class DemandEventInvalidError(InvalidError):
    """A row of the calendar cannot be meant; each field says why."""

    code: ClassVar[str] = "demand_event_invalid"
    message: ClassVar[str] = "El evento no sirve así. Corrige los campos que se indican."


@dataclass(frozen=True, slots=True, kw_only=True)
class EventScope:
    """Where an event holds; each empty part means everywhere.

    Attributes:
        depots: Codes.
        merchant_ids: Series are not kept by merchant: who asks says which ones a merchant has.
    """

    comunas: tuple[str, ...] = ()
    depots: tuple[str, ...] = ()
    product_classes: tuple[str, ...] = ()
    merchant_ids: tuple[UUID, ...] = ()

    def touches(self, key: SeriesKey) -> bool:
        """Whether a series, with the depot that serves it, lies within it; merchants apart."""
        return (
            _within(key.comuna, self.comunas)
            and _within(key.depot, self.depots)
            and _within(key.product_class, self.product_classes)
        )


EVERYWHERE = EventScope()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContent:
    """What a person writes of an event.

    Attributes:
        uplift: Median factor over an ordinary day; None is learnt.
        sigma: Standard deviation of its logarithm.
        is_firm: Whether the uplift is taken as it is; else what the history shows moves it.
        profile: Factors of its days relative to ``uplift``, mean 1; empty where nobody gave them.
        is_confirmed: False for a date that is only probable.
        is_rest: Whether commerce must stay closed (feriado irrenunciable), everywhere at once.
    """

    name: str
    kind: EventKind
    start: date
    end: date
    scope: EventScope = EVERYWHERE
    uplift: float | None = None
    sigma: float | None = None
    is_firm: bool = False
    profile: tuple[float, ...] = ()
    source: str = ""
    is_confirmed: bool = True
    is_rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A row with its place in the history of the calendar.

    Attributes:
        shipped_key: Which of the rows that ship it began as; None for one's own.
        version: From 1; every edit is a new one, and the former ones are kept.
        author_id: Who wrote this version; None for what ships.
        deleted_at: Since when it counts no more; None while it does.
    """

    id: UUID
    content: EventContent
    shipped_key: str | None
    version: int
    author_id: UUID | None
    saved_at: datetime
    deleted_at: datetime | None = None

    def for_series(
        self,
        keys: Sequence[SeriesKey],
        series_of_merchant: Mapping[UUID, frozenset[str]] | None = None,
        serving: ServingDepots = AS_NAMED,
    ) -> DemandEvent:
        """As a forecaster takes it, for the series among ``keys`` that it touches.

        A depot's event touches what the depot serves. A merchant whose series nobody says is taken
        to ship everywhere.
        """
        content, scope = self.content, self.content.scope
        series = None
        if scope != EVERYWHERE:
            placed = zip(keys, serving.placed(keys), strict=True)
            series = frozenset(key.text for key, at in placed if scope.touches(at))
        if series is not None and scope.merchant_ids:
            told = series_of_merchant or {}
            known = (told.get(each, series) for each in scope.merchant_ids)
            series &= frozenset[str]().union(*known)
        return DemandEvent(
            name=content.name,
            start=content.start,
            end=content.end,
            uplift=content.uplift,
            sigma=content.sigma,
            profile=content.profile,
            is_firm=content.is_firm,
            series=series,
        )


def is_firm_uplift(
    uplift: float | None, *, said: bool | None, before: EventContent | None = None
) -> bool:
    """Whether an uplift is taken as it is: as ``said``, else where it is another number."""
    if said is not None or uplift is None:
        return bool(said) and uplift is not None
    return True if before is None or before.uplift != uplift else before.is_firm


def told_source(content: EventContent) -> str:
    """The source without its doubt on the date, once somebody has said that the date is sure."""
    if not content.is_confirmed or not content.source.startswith(PROBABLE_DATE):
        return content.source
    return content.source.partition(". ")[2]


def likely_range(uplift: float | None, sigma: float | None) -> tuple[float, float] | None:
    """Between which factors it lies in 8 of 10 cases; None where nobody said how sure it is."""
    if uplift is None or sigma is None:
        return None
    spread = math.exp(LIKELY_SIGMAS * sigma)
    return uplift / spread, uplift * spread


def require_sound(content: EventContent) -> EventContent:
    """The content as it is kept, its profile brought to a mean of 1.

    Raises:
        DemandEventInvalidError: Names every field that cannot be meant.
    """
    faults = [*_date_faults(content), *_factor_faults(content)]
    if not content.name.strip():
        faults.append(_fault("name", "Falta el nombre del evento."))
    if content.is_rest and content.scope != EVERYWHERE:
        reason = (
            "Un irrenunciable rige en toda la operación. Borra las comunas, CD, clases o "
            "comercios, o desmarca irrenunciable."
        )
        faults.append(_fault("is_rest", reason))
    if faults:
        raise DemandEventInvalidError(faults=faults)
    return replace(content, name=content.name.strip(), profile=normal_profile(content.profile))


def normal_profile(profile: tuple[float, ...]) -> tuple[float, ...]:
    """The same days in proportion, with mean 1; shares of a total may be given."""
    mean = math.fsum(profile) / len(profile) if profile else 0.0
    return tuple(factor / mean for factor in profile) if mean > 0 else profile


def _date_faults(content: EventContent) -> list[FieldFault]:
    if not all(YEAR_MIN <= day.year <= YEAR_MAX for day in (content.start, content.end)):
        return [_fault("start", f"Usa un año entre {YEAR_MIN} y {YEAR_MAX}.")]
    if content.end < content.start:
        return [_fault("end", "El último día va antes que el primero. Corrige las fechas.")]
    if (content.end - content.start).days >= EVENT_DAYS_MAX:
        return [_fault("end", f"Un evento dura a lo más {EVENT_DAYS_MAX} días.")]
    return []


def _factor_faults(content: EventContent) -> list[FieldFault]:
    faults = []
    if content.uplift is not None and not UPLIFT_MIN <= content.uplift <= UPLIFT_MAX:
        faults.append(_fault("uplift", "El alza va de ×0,01 a ×100; ×1 es un día normal."))
    if content.sigma is not None and content.uplift is None:
        faults.append(_fault("sigma", "Di también cuánto sube, o deja ambos vacíos."))
    elif content.sigma is not None and not SIGMA_MIN <= content.sigma <= SIGMA_MAX:
        faults.append(_fault("sigma", "La incertidumbre va de 0,01 a 2."))
    days = (content.end - content.start).days + 1
    if content.profile and len(content.profile) != days:
        faults.append(_fault("profile", f"Da un factor por día: el evento tiene {days}."))
    elif any(not 0 < factor < math.inf for factor in content.profile):
        faults.append(_fault("profile", "Los factores de los días son mayores que cero."))
    return faults


def _within(value: str | None, allowed: tuple[str, ...]) -> bool:
    return not allowed or value in allowed


def _fault(name: str, reason: str) -> FieldFault:
    return FieldFault(field=name, reason=reason)
