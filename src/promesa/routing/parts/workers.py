"""Where parts are searched: in this process, in some beside it, or wherever an executor leads."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

# More processes than any machine we know has cores; each takes some 200 MB.
WORKERS_MAX = 64

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


class Here(Executor):
    """Does what is submitted at once, in this process."""

    def submit(
        self,
        fn: Callable[_Arguments, _Answer],
        /,
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> Future[_Answer]:
        """Returns when it is done; what it raises is raised here."""
        future: Future[_Answer] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """An executor and how much it does at a time.

    Any executor serves that can be sent pickled arguments, as Dask's. How many there are decides
    how soon a plan is found; which plan it is within a budget of iterations, never.
    """

    executor: Executor
    count: int


ALONE = Workers(executor=Here(), count=1)


def cores() -> int:
    """How many processes this machine can run at a time."""
    return max(1, min(WORKERS_MAX, os.cpu_count() or 1))


@contextmanager
def processes(count: int) -> Iterator[Workers]:
    """So many processes, started when they are first needed; this one alone for one."""
    if count <= 1:
        yield ALONE
        return
    # A server has threads and locks that a forked child would inherit half-held.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_end_with_parent) as pool:
        yield Workers(executor=pool, count=count)


def _end_with_parent() -> None:
    """A worker waits for tasks for ever, also when nobody is left to send any."""
    parent: Any = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: Any) -> None:
    parent.join()
    os._exit(1)
