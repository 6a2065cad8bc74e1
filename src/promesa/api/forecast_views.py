"""The forecast of demand as it goes over the wire."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from promesa.api.decoding import View


class BandView(View):
    """What is expected, ``mean``, and how far off it may be.

    Means of series add up to that of all; the rest do not. As often more as less than ``p50``;
    eight times in ten from ``p10`` to ``p90``.
    """

    mean: float
    p10: float
    p50: float
    p90: float


class ForecastDayView(View):
    """A day to come. ``model`` is what was expected before a correction; null without one."""

    day: date
    orders: BandView
    deliveries: BandView
    model: float | None


class PastDayView(View):
    """A day that is over; null where nobody knows."""

    day: date
    orders: float | None


class OwnEventView(View):
    """What an event did in the operator's own history: its factor, over so many times."""

    factor: float
    times: int


class OwnEventNamedView(View):
    """An event of the calendar by its name, with what it did in the history."""

    name: str
    factor: float
    times: int


class MovedUpliftView(View):
    """An uplift as it was given, and what is expected in its place; means over its days."""

    given: float
    expected: float


class MovedEventView(View):
    """An event to come whose uplift the history moved."""

    event_id: UUID
    given: float
    expected: float


class OwnEventList(View):
    """Events with an uplift that the history has, by name; those to come that it moved."""

    items: list[OwnEventNamedView]
    moved: list[MovedEventView]


class EventUsedView(View):
    """What an event adds to a day: the factor used, and between which it lies 8 times in 10.

    ``is_given``: somebody gave an uplift, which what was seen has moved; else it is learnt.
    ``event_id`` is the row of the calendar, where there is one, ``uplift`` what it says of its days
    in the mean and ``day_share`` what its profile makes of this day; null where nobody gave them.
    ``is_firm``: its uplift is taken as it is; else ``moved`` says what it became, null where that
    is nearly the same. ``comunas`` and ``depots``: those it is for; empty for all. ``own``: what it
    did in the history. Factors of one day multiply; learnt events of one day have one factor
    between them, and ``together`` names the others. ``is_confirmed`` is false while the date is
    only probable. ``is_unsaid``: nobody gave an uplift and nothing has taught one yet, so that it
    only opens the interval. ``uplift`` of ``merchant_ids`` is of their own orders, which are a
    ``share`` of those where they ship; ``factor`` is what that makes of all of them, and ``moved``
    is of their own. ``source`` is what the row says of where its uplift comes from and ``author``
    who wrote it, null for what ships and where the caller may not read names (``is_typed`` tells
    the two apart). ``seen``: former dates of a learnt one in the history; null of a given one.
    """

    name: str
    day: date
    factor: float
    low: float
    high: float
    is_given: bool
    event_id: UUID | None
    uplift: float | None
    is_firm: bool
    day_share: float | None
    comunas: list[str]
    depots: list[str]
    merchant_ids: list[UUID]
    share: float | None
    own: OwnEventView | None
    moved: MovedUpliftView | None
    together: list[str]
    is_confirmed: bool
    is_unsaid: bool
    source: str
    author: str | None
    is_typed: bool
    seen: int | None


class ComunaForecastView(View):
    """A comuna's days to come, and its last eight weeks against what was forecast.

    ``error`` is the sum of absolute errors over what came, ``floor`` the same by chance alone,
    ``inside`` the share of days within the interval of 80 %; null where the history is too short.
    ``known_days`` counts those of a comuna with too few to be forecast by itself; else null.
    """

    comuna: str
    next_7: float
    next_28: float
    peak_day: date
    peak: float
    error: float | None
    floor: float | None
    inside: float | None
    known_days: int | None


class TotalForecastView(View):
    """What the comunas of a table add up to; figures as in each of them.

    ``inside`` is null where only some of the operation's comunas are shown.
    """

    next_7: float
    next_28: float
    peak_day: date
    peak: float
    error: float | None
    floor: float | None
    inside: float | None


class JudgedDayView(View):
    """A day as it was forecast a week or two before, and as it came."""

    day: date
    expected: float
    came: float | None


class NoDepotView(View):
    """Comunas of which nobody knows the depot, with the orders of all the days shown."""

    comunas: list[str]
    orders: float


class DemandOutlookView(View):
    """A forecast, of all that is delivered or of what was asked about.

    ``is_boosted``: the forests took part; ``calibrated``: past forecasts its intervals rest on;
    ``is_new``: what was asked about has too few days to be forecast by itself, and
    ``history_days`` counts its own; ``low_series``: how many are forecast by their share of what
    small ones bring together. ``days_max``: how far it may be asked for; days from ``far_from`` on
    are forecast by the structural model alone, and ``far_calibrated`` past forecasts stand behind
    their intervals; null where none of them is shown. ``depots``: codes of those to choose from, by
    name, where there are several; ``unserved``: what is of none of them, null where nothing is.
    """

    made_at: datetime
    origin: date
    history_days: int
    is_new: bool
    is_boosted: bool
    calibrated: int
    low_series: int
    days_max: int
    far_from: date | None
    far_calibrated: int | None
    depots: list[str]
    unserved: NoDepotView | None
    days: list[ForecastDayView]
    past: list[PastDayView]
    events: list[EventUsedView]
    comunas: list[ComunaForecastView]
    total: TotalForecastView | None
    judged: list[JudgedDayView]


class ForecastRunView(View):
    """The forecast that is being made, if one is, and the ``newest`` one that was."""

    is_running: bool
    progress: float
    newest: UUID | None


class ForecastView(View):
    """The newest forecast; null before the first.

    ``is_running`` while another is made; ``failure`` says why the last one was not.
    """

    is_running: bool
    progress: float
    failure: str | None
    history_days_min: int
    outlook: DemandOutlookView | None
