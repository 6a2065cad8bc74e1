"""Work that goes on for ever beside requests, and outlives a mistake of ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog

from promesa.kernel.clock import pause_s

AFTER_FAULT_S = 1.0

Result = TypeVar("Result")

_log = structlog.get_logger(__name__)


async def finished(work: Coroutine[Any, Any, Result], name: str = "") -> asyncio.Task[Result]:
    """Runs ``work`` to its end, good or bad, and says which; cancelled, it leaves none running."""
    task = asyncio.create_task(work, name=name or None)
    try:
        await asyncio.wait((task,))
    finally:
        task.cancel()
        await asyncio.wait((task,))
    return task


async def keep_running(name: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Runs ``work``; when it falls, the fault is logged and it begins anew.

    Without this, one mistake would end it silently until the next start of the platform.
    """
    while True:
        task = await finished(work(), name)
        fault = None if task.cancelled() else task.exception()
        if fault is None:
            return
        _log.error("background_fell", work=name, exc_info=fault)
        await pause_s(AFTER_FAULT_S)
