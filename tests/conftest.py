"""What every test may ask for; fixtures that need a server live in tests/support."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
import structlog

from tests.support.address_service import address_service
from tests.support.platform import city, morning, stage
from tests.support.postgres import database, owner_dsn, postgres

__all__ = ["address_service", "city", "database", "morning", "owner_dsn", "postgres", "stage"]

# Shared machines are slow in bursts: a slow example is not a failing one.
hypothesis.settings.register_profile("promesa", deadline=None, max_examples=100)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile(os.environ.get("PROMESA_HYPOTHESIS_PROFILE", "promesa"))


@pytest.fixture(autouse=True)
def _plain_logs() -> Iterator[None]:
    """A command that ran in a test leaves no log level behind for the next one."""
    yield
    structlog.reset_defaults()
