"""Fetches a feed of segment speeds over HTTP, again and again; what it says is roads' to read."""

from __future__ import annotations

import asyncio

import httpx
import structlog

from promesa.kernel.clock import Clock, pause_s
from promesa.kernel.errors import PromesaError, UnavailableError
from promesa.roads.speed_feed import (
    FEED_BYTES_MAX,
    FeedReader,
    FeedReport,
    FeedTraffic,
    FeedUnreadableError,
)
from promesa.runtime.observe import Metrics
from promesa.runtime.settings import TrafficSettings
from promesa.runtime.traffic import StreetTools

TIMEOUT_S = 10.0
# No feed of traffic moves faster; a shorter gap would only be rude.
GAP_S_MIN = 10

_log = structlog.get_logger(__name__)


class FeedUnavailableError(UnavailableError):
    """The feed does not answer, or not with 200."""

    code = "traffic_feed_unavailable"
    message = "La fuente de tránsito no responde. Se usa lo último que dijo mientras esté al día."


class FeedPoller:
    """Keeps one feed's last good answer in ``feed``."""

    def __init__(
        self,
        settings: TrafficSettings,
        feed: FeedTraffic,
        tools: StreetTools,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._settings = settings
        self._feed = feed
        self._tools = tools
        self._clock = clock
        self._metrics = metrics
        self._reader: FeedReader | None = None

    async def run(self) -> None:
        """Polls for ever; a fault is logged with its code and the next poll tries again."""
        while True:
            try:
                await self.poll()
            except PromesaError as error:
                self._metrics.feed_polls.labels(error.code).inc()
                is_dropped = self._feed.is_stale(self._clock.now())
                _log.warning("traffic_feed_waits", code=error.code, is_dropped=is_dropped)
            await pause_s(max(self._settings.feed_gap_s, GAP_S_MIN))

    async def poll(self) -> FeedReport:
        """One answer, kept.

        Raises:
            FeedUnavailableError: It does not answer.
            FeedUnreadableError: It answers something else.
            FeedStaleError: Its answer is too old.
        """
        body = await self._fetch()
        report = await asyncio.to_thread(self._read, body)
        self._feed.keep(report)
        self._metrics.feed_polls.labels("ok").inc()
        self._metrics.feed_rows.labels("accepted").inc(report.rows - sum(report.refused.values()))
        for reason, count in report.refused.items():
            self._metrics.feed_rows.labels(reason).inc(count)
        if report.refused:
            _log.warning("traffic_feed_refused_rows", rows=report.rows, refused=report.refused)
        return report

    def _read(self, body: bytes) -> FeedReport:
        if self._reader is None:
            self._reader = FeedReader(self._feed.name, self._tools.lines())
        return self._reader.read(body, self._clock.now())

    async def _fetch(self) -> bytes:
        """The body, never more of it than is read."""
        token = self._settings.feed_token
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = bytearray()
        try:
            async with (
                httpx.AsyncClient(timeout=TIMEOUT_S, headers=headers) as client,
                client.stream("GET", self._settings.feed_url) as answer,
            ):
                answer.raise_for_status()
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > FEED_BYTES_MAX:
                        raise FeedUnreadableError(causa=f"más de {FEED_BYTES_MAX} bytes")
        except (httpx.HTTPError, httpx.InvalidURL):
            # The address may carry a secret, and stands in the error: it may not reach a log.
            raise FeedUnavailableError from None
        return bytes(body)
