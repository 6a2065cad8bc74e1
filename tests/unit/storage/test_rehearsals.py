"""Rehearsals as they are kept."""

from __future__ import annotations
