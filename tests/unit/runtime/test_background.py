"""Work beside requests outlives a mistake of ours, and ends when it is told to."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from promesa.runtime import background


class Work:
    """Falls the first time, then goes on until it is stopped."""

    def __init__(self) -> None:
        self.begun = 0
        self.goes_on = asyncio.Event()
        self.has_ended = False

    async def run(self) -> None:
        self.begun += 1
        if self.begun == 1:
            raise KeyError("a mistake of ours")
        self.goes_on.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.has_ended = True


async def test_work_that_falls_begins_anew_and_leaves_nothing_running_when_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(background, "AFTER_FAULT_S", 0.0)
    work = Work()
    kept = asyncio.create_task(background.keep_running("work", work.run))
    await asyncio.wait_for(work.goes_on.wait(), 5)
    kept.cancel()
    with suppress(asyncio.CancelledError):
        await kept
    assert (work.begun, work.has_ended) == (2, True)
