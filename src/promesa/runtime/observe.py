"""Logs without personal data, and the metrics Prometheus reads.

Logs carry ids, codes, counts and durations. A key that could name a person is dropped here, so
that a careless call cannot leak one.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# Keys a log line never has: what names a person, and what opens a door.
FORBIDDEN_KEYS: Final = frozenset(
    {
        "name",
        "rut",
        "phone",
        "email",
        "address",
        "address_line",
        "unit",
        "instructions",
        "password",
        "token",
        "key",
        "secret",
        "cookie",
        "authorization",
        "body",
        "query",
    }
)
_LATENCY_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Everything that is measured, in one registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "promesa_request_duration_seconds",
            "Time to answer, by route template, method and status.",
            ["route", "method", "status"],
            buckets=_LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self.events = Counter(
            "promesa_events_total", "Events numbered, by type.", ["type"], registry=self.registry
        )
        self.fixes = Counter(
            "promesa_fixes_total",
            "Positions received, by verdict (accepted or the reason of refusal).",
            ["verdict"],
            registry=self.registry,
        )
        self.messages = Counter(
            "promesa_messages_total",
            "Messages by channel and state.",
            ["channel", "state"],
            registry=self.registry,
        )
        self.streams = Gauge(
            "promesa_streams_open", "Live streams open now.", registry=self.registry
        )
        self.feed_polls = Counter(
            "promesa_traffic_feed_polls_total",
            "Polls of the traffic feed, by result (ok or the code of the fault).",
            ["result"],
            registry=self.registry,
        )
        self.feed_rows = Counter(
            "promesa_traffic_feed_rows_total",
            "Rows of the traffic feed, by verdict (accepted or the reason of refusal).",
            ["verdict"],
            registry=self.registry,
        )
        self.parked = Gauge(
            "promesa_reactions_parked",
            "Reactions that always failed and were set aside (promesa reactions list).",
            registry=self.registry,
        )
        self.drifting = Gauge(
            "promesa_promises_drifting",
            "Operators whose promises break more (worse) or less (better) often than stated.",
            ["state"],
            registry=self.registry,
        )
        self.plan_duration = Histogram(
            "promesa_plan_duration_seconds",
            "Time to make a plan.",
            buckets=(1, 2.5, 5, 10, 20, 40, 80, 160, 320),
            registry=self.registry,
        )


def configure_logs(level: str) -> None:
    """Logs one JSON object a line to stderr, at ``level`` and above."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal_keys,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # What libraries say goes the same way.
    others = logging.StreamHandler(sys.stderr)
    others.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[others], force=True)


def drop_personal_keys(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """Removes the keys of FORBIDDEN_KEYS from a log line."""
    return {key: value for key, value in event.items() if key not in FORBIDDEN_KEYS}
