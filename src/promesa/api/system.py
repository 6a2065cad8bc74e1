"""What machines ask: is it alive, is it ready, how is it doing."""

from __future__ import annotations

from litestar import Response, Router, get
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from promesa import __version__
from promesa.api.auth import PUBLIC
from promesa.api.decoding import View
from promesa.api.observing import QUIET
from promesa.runtime.platform import Platform
from promesa.runtime.reacting import count_parked


class HealthView(View):
    """The process runs."""

    status: str
    version: str


class ReadinessView(View):
    """It can serve; ``parked_reactions`` were set aside because they always failed."""

    status: str
    version: str
    parked_reactions: int


@get("/healthz", access=PUBLIC, summary="Is the process alive")
async def healthz() -> HealthView:
    """Answers as long as the process does."""
    return HealthView(status="ok", version=__version__)


@get("/readyz", access=PUBLIC, summary="Can it serve")
async def readyz(platform: Platform) -> ReadinessView:
    """Answers when the database does; 503 otherwise. Parked reactions are for a person to see."""
    parked = await count_parked(platform.database)
    return ReadinessView(status="ready", version=__version__, parked_reactions=parked)


@get("/metrics", access=PUBLIC, summary="Metrics for Prometheus", include_in_schema=False)
async def metrics(platform: Platform) -> Response[bytes]:
    """Counts and durations; nothing personal."""
    return Response(generate_latest(platform.metrics.registry), media_type=CONTENT_TYPE_LATEST)


router = Router(
    path="", route_handlers=[healthz, readyz, metrics], tags=["system"], opt={QUIET: True}
)
