"""What the report reads: all that dispatch keeps, and what tracking said of arrivals."""

from __future__ import annotations

from typing import Protocol

from promesa.dispatch.repository import DispatchStore
from promesa.tracking.repository import EstimateRepository


class ReportStore(DispatchStore, Protocol):
    """The unit of work as the report sees it."""

    @property
    def estimates(self) -> EstimateRepository: ...
