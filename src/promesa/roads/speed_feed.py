"""A feed of segment speeds: reads the JSON of docs/operations/traffic-feed.md, keeps good rows.

Fetching it is not this file's business. A bad row is refused and counted, with its reason; a feed
that is too old is dropped whole, and says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, ClassVar

import msgspec

from promesa.kernel.errors import InvalidError
from promesa.kernel.geo import Position
from promesa.roads.lines import LINE_M_MAX, LineMatcher, length_m
from promesa.roads.live import SegmentSpeed
from promesa.roads.overlay import CLOSED_KPH, SPEED_KPH_MIN
from promesa.roads.profiles import SPEED_KPH_MAX

FEED_BYTES_MAX = 10_000_000
FEED_ROWS_MAX = 20_000
# What is older is no longer now: traffic turns within a quarter of an hour (assumed).
AGE_MAX = timedelta(minutes=15)
# A feed's clock may run ahead of ours by so much.
AHEAD_MAX = timedelta(minutes=2)
SPAN_MAX = timedelta(hours=24)
# Feeds send the same lines each time: their streets are looked up once.
LINES_KEPT_MAX = 50_000

Line = tuple[tuple[float, float], ...]


class FeedUnreadableError(InvalidError):
    """The feed is no JSON of the documented form, or too large."""

    code: ClassVar[str] = "traffic_feed_unreadable"
    message: ClassVar[str] = (
        "La fuente de tránsito no responde en el formato acordado. Revisa su dirección y compárala "
        "con docs/operations/traffic-feed.md."
    )


class FeedStaleError(InvalidError):
    """The feed says it was made too long ago, or in the future."""

    code: ClassVar[str] = "traffic_feed_stale"
    message: ClassVar[str] = (
        "La fuente de tránsito está atrasada y no se usa. Avisa a quien la publica."
    )


class _Feed(msgspec.Struct, frozen=True):
    generated_at: datetime
    segments: list[msgspec.Raw]


class _Row(msgspec.Struct, frozen=True):
    """One segment, as docs/operations/traffic-feed.md has it."""

    line: Annotated[list[tuple[float, float]], msgspec.Meta(min_length=2, max_length=500)]
    speed_kph: Annotated[float, msgspec.Meta(ge=SPEED_KPH_MIN, le=SPEED_KPH_MAX)] | None = None
    closed: bool = False
    both_ways: bool = False
    measured_at: datetime | None = None
    until: datetime | None = None
    samples: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """A feed as read.

    Attributes:
        rows: How many it had.
        refused: Reason → how many rows; these were left out.
    """

    speeds: tuple[SegmentSpeed, ...]
    generated_at: datetime
    rows: int
    refused: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


class _RefusedRowError(ValueError):
    """Why a row is left out, as the report counts it."""


class FeedReader:
    """Reads the answers of one feed; remembers which streets its lines are."""

    def __init__(self, name: str, lines: LineMatcher) -> None:
        self.name = name
        self._lines = lines
        self._known: dict[tuple[Line, bool], list[int]] = {}

    def read(self, body: bytes, now: datetime) -> FeedReport:
        """The good rows of ``body``.

        Raises:
            FeedUnreadableError: It is too large or has another form.
            FeedStaleError: It is older than AGE_MAX, or of the future.
        """
        if len(body) > FEED_BYTES_MAX:
            raise FeedUnreadableError(causa=f"más de {FEED_BYTES_MAX} bytes")
        try:
            feed = msgspec.json.decode(body, type=_Feed)
        except msgspec.MsgspecError as error:
            raise FeedUnreadableError(causa=str(error)) from error
        if len(feed.segments) > FEED_ROWS_MAX:
            raise FeedUnreadableError(causa=f"más de {FEED_ROWS_MAX} filas")
        generated_at = _aware(feed.generated_at)
        if generated_at is None:
            raise FeedUnreadableError(causa="generated_at sin desfase")
        if not now - AGE_MAX <= generated_at <= now + AHEAD_MAX:
            raise FeedStaleError(generado=generated_at.isoformat())
        speeds: list[SegmentSpeed] = []
        refused: Counter[str] = Counter()
        for raw in feed.segments:
            try:
                speeds.extend(self._speeds(raw, generated_at, now))
            except _RefusedRowError as error:
                refused[str(error)] += 1
        return FeedReport(
            speeds=tuple(speeds),
            generated_at=generated_at,
            rows=len(feed.segments),
            refused=MappingProxyType(dict(sorted(refused.items()))),
        )

    def _speeds(
        self, raw: msgspec.Raw, generated_at: datetime, now: datetime
    ) -> list[SegmentSpeed]:
        try:
            row = msgspec.json.decode(raw, type=_Row)
        except msgspec.MsgspecError as error:
            raise _RefusedRowError("malformed") from error
        if row.closed == (row.speed_kph is not None):
            raise _RefusedRowError("closed_or_speed")
        start, end = _span(row, generated_at, now)
        edges = self._edges(tuple(row.line), is_both_ways=row.both_ways)
        return [
            SegmentSpeed(
                edge=edge,
                speed_kph=CLOSED_KPH if row.speed_kph is None else row.speed_kph,
                start=start,
                end=end,
                source=self.name,
                told_at=start,
                passes=row.samples,
            )
            for edge in edges
        ]

    def _edges(self, line: Line, *, is_both_ways: bool) -> list[int]:
        key = line, is_both_ways
        if key not in self._known:
            try:
                places = [Position(lon=lon, lat=lat) for lon, lat in line]
            except ValueError as error:
                raise _RefusedRowError("position") from error
            if length_m(places) > LINE_M_MAX:
                raise _RefusedRowError("line_too_long")
            if len(self._known) >= LINES_KEPT_MAX:
                self._known.clear()
            find = self._lines.find_both_ways if is_both_ways else self._lines.find_edges
            self._known[key] = find(places)
        if not self._known[key]:
            raise _RefusedRowError("no_street")
        return self._known[key]


def _span(row: _Row, generated_at: datetime, now: datetime) -> tuple[datetime, datetime]:
    """From when to when a row holds; what a row does not say, the feed does."""
    start = generated_at if row.measured_at is None else _aware(row.measured_at)
    if start is None:
        raise _RefusedRowError("no_offset")
    end = start + AGE_MAX if row.until is None else _aware(row.until)
    if end is None:
        raise _RefusedRowError("no_offset")
    if start > now + AHEAD_MAX:
        raise _RefusedRowError("future")
    if end <= now:
        raise _RefusedRowError("over")
    if not start < end <= start + SPAN_MAX:
        raise _RefusedRowError("span")
    return start, end


def _aware(instant: datetime) -> datetime | None:
    return None if instant.tzinfo is None else instant.astimezone(UTC)


class FeedTraffic:
    """A live source: the last good answer of one feed, until it is too old."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._report: FeedReport | None = None

    @property
    def report(self) -> FeedReport | None:
        """The last good answer; None before the first."""
        return self._report

    def keep(self, report: FeedReport) -> None:
        """Takes a newer answer in place of the last one."""
        self._report = report

    def is_stale(self, now: datetime) -> bool:
        """Whether there is an answer, and it is too old to be used."""
        return self._report is not None and now - self._report.generated_at > AGE_MAX

    def speeds(self, now: datetime) -> Sequence[SegmentSpeed]:
        """What the feed said last; nothing when that is too long ago."""
        if self._report is None or self.is_stale(now):
            return ()
        return self._report.speeds
