"""A row of the calendar: where it holds, how likely its uplift is, what cannot be meant."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from promesa.kernel.ids import derived_id
from promesa.planning.demand.event_row import (
    DemandEventInvalidError,
    EventContent,
    EventKind,
    EventRow,
    EventScope,
    likely_range,
    require_sound,
)
from promesa.planning.demand.series import SeriesKey

NUNOA = SeriesKey(comuna="Ñuñoa", depot="CD")
MAIPU = SeriesKey(comuna="Maipú", depot="CD", product_class="grande")
SHOP = derived_id("merchant", "A")


def row(scope: EventScope) -> EventRow:
    content = EventContent(
        name="Venta",
        kind=EventKind.CAMPAIGN,
        start=date(2026, 12, 3),
        end=date(2026, 12, 4),
        scope=scope,
        uplift=2.0,
        profile=(1.5, 0.5),
    )
    return EventRow(
        id=derived_id("event"),
        content=content,
        shipped_key=None,
        version=1,
        author_id=None,
        saved_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def test_series_are_called_by_the_parts_that_were_said() -> None:
    whole = SeriesKey(comuna="Maipú", product_class="grande")
    assert [key.text for key in (SeriesKey(comuna="Ñuñoa"), NUNOA, MAIPU, whole)] == [
        "Ñuñoa",
        "Ñuñoa · CD",
        "Maipú · CD · grande",
        "Maipú · – · grande",
    ]


def test_an_event_of_everywhere_touches_every_series() -> None:
    event = row(EventScope()).for_series([NUNOA, MAIPU])
    assert event.series is None
    assert (event.uplift, event.profile) == (2.0, (1.5, 0.5))


def test_an_event_of_a_comuna_or_a_class_touches_the_series_that_say_so() -> None:
    of_comuna = row(EventScope(comunas=("Ñuñoa",))).for_series([NUNOA, MAIPU])
    of_class = row(EventScope(product_classes=("grande",))).for_series([NUNOA, MAIPU])
    assert (of_comuna.series, of_class.series) == (
        frozenset({NUNOA.text}),
        frozenset({MAIPU.text}),
    )


def test_a_merchants_campaign_touches_the_series_it_has() -> None:
    scope = EventScope(merchant_ids=(SHOP,))
    told = {SHOP: frozenset({MAIPU.text})}
    assert row(scope).for_series([NUNOA, MAIPU], told).series == frozenset({MAIPU.text})
    # Nobody says which: it may ship everywhere.
    assert row(scope).for_series([NUNOA, MAIPU]).series == frozenset({NUNOA.text, MAIPU.text})


def test_an_uplift_without_a_sigma_has_no_likely_range() -> None:
    assert likely_range(6.0, None) is None
    assert likely_range(None, None) is None


def test_every_field_that_cannot_be_meant_is_told_at_once() -> None:
    content = EventContent(
        name=" ",
        kind=EventKind.OTHER,
        start=date(2026, 12, 4),
        end=date(2026, 12, 3),
        uplift=500.0,
    )
    with pytest.raises(DemandEventInvalidError) as error:
        require_sound(content)
    faults = error.value.details["faults"]
    assert isinstance(faults, list)
    assert [fault.field for fault in faults] == ["end", "uplift", "name"]
