"""Where things stand on a page: what may not cover something else."""

from __future__ import annotations

from playwright.sync_api import Locator


def are_apart(one: Locator, other: Locator) -> bool:
    """Whether no point of the page belongs to both."""
    first, second = one.bounding_box(), other.bounding_box()
    assert first is not None, "the first stands on the page"
    assert second is not None, "the second stands on the page"
    is_beside = (
        first["x"] + first["width"] <= second["x"] or second["x"] + second["width"] <= first["x"]
    )
    is_above = (
        first["y"] + first["height"] <= second["y"] or second["y"] + second["height"] <= first["y"]
    )
    return is_beside or is_above


def is_within(inner: Locator, outer: Locator) -> bool:
    """Whether nothing of the inner one is cut off at the sides of the outer one."""
    part, whole = inner.bounding_box(), outer.bounding_box()
    assert part is not None, "the inner one stands on the page"
    assert whole is not None, "the outer one stands on the page"
    return whole["x"] <= part["x"] and part["x"] + part["width"] <= whole["x"] + whole["width"]
