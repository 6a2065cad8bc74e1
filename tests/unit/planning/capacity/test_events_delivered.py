"""An event is told on the days its orders are delivered, and only at depots it brings some to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from promesa.planning.capacity.events_delivered import events_delivered
from promesa.planning.demand.series import SeriesKey
from promesa.planning.forecast.forecast import EventUsed
from promesa.planning.forecast.outlook import Outlook
from tests.support.capacity_board import MONDAY, an_outlook, board_inputs

NORTH, SOUTH = SeriesKey(comuna="Quilicura", depot="QUI"), SeriesKey(comuna="Maipú", depot="SJO")
TUESDAY = MONDAY + timedelta(days=1)


def event(name: str, factor: float, *series: SeriesKey) -> EventUsed:
    """On Monday; seven of ten orders of it are delivered on Tuesday."""
    return EventUsed(
        name=name,
        day=MONDAY,
        factor=factor,
        factor_p10=factor,
        factor_p90=factor,
        is_given=True,
        series=tuple(key.text for key in series) or None,
    )


def outlook(*events: EventUsed) -> Outlook:
    return replace(an_outlook("Quilicura", "Maipú"), series=(NORTH, SOUTH), events=events)


def test_an_event_of_one_depot_is_not_told_of_the_other() -> None:
    inputs = board_inputs(outlook(event("Feria del barrio", 2, NORTH)))
    assert events_delivered(inputs, "QUI")[TUESDAY] == "Feria del barrio"
    assert events_delivered(inputs, "SJO") == {}


def test_an_event_of_all_is_told_of_both() -> None:
    inputs = board_inputs(outlook(event("CyberDay", 5)))
    assert events_delivered(inputs, "QUI") == events_delivered(inputs, "SJO")
    assert events_delivered(inputs, "QUI")[TUESDAY] == "CyberDay"


def test_an_event_with_two_scopes_counts_at_each_depot_for_its_own() -> None:
    """Whatever stands last: it doubles the north, and the south has next to nothing of it."""
    said = (event("CyberDay", 2, NORTH), event("CyberDay", 1.1, SOUTH))
    for order in (said, said[::-1]):
        inputs = board_inputs(outlook(*order))
        assert events_delivered(inputs, "QUI")[TUESDAY] == "CyberDay"
        assert events_delivered(inputs, "SJO") == {}


def test_of_two_events_the_one_that_brings_a_depot_more_is_told() -> None:
    """The fair doubles one comuna of ten; the sale adds half to all of them."""
    keys = tuple(SeriesKey(comuna=f"Comuna {n}", depot="QUI") for n in range(10))
    both = (event("Feria", 2, keys[0]), event("Liquidación", 1.5))
    ten = replace(an_outlook(*(key.comuna for key in keys)), series=keys, events=both)
    assert events_delivered(board_inputs(ten), "QUI")[TUESDAY] == "Liquidación"
