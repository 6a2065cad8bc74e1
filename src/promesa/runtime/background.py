"""Work that goes on for ever beside requests, and outlives a mistake of ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import structlog

from promesa.kernel.clock import pause_s

AFTER_FAULT_S = 1.0

_log = structlog.get_logger(__name__)


async def keep_running(name: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Runs ``work``; when it falls, the fault is logged and it begins anew.

    Without this, one mistake would end it silently until the next start of the platform.
    """
    while True:
        task = asyncio.create_task(work(), name=name)
        try:
            await asyncio.wait((task,))
        finally:
            # Cancelled ourselves, we leave nothing running.
            task.cancel()
            await asyncio.wait((task,))
        fault = None if task.cancelled() else task.exception()
        if fault is None:
            return
        _log.error("background_fell", work=name, exc_info=fault)
        await pause_s(AFTER_FAULT_S)
