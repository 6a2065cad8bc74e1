"""Rehearsals as they are kept."""

from __future__ import annotations

from tests.support.rehearsal_nouns import a_rehearsal
