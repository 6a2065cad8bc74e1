"""An uplift that a person wrote is held against what came, and against what stood without it."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from promesa.kernel.ids import derived_id
from promesa.planning.demand.event_row import EventContent, EventKind, EventRow, EventScope
from promesa.planning.demand.series import DayCounts
from promesa.planning.demand.serving import ServingDepots
from promesa.planning.forecast.forecast import EventUsed
from promesa.planning.forecast.judged_uplifts import (
    JudgedUplift,
    TypedUplift,
    Without,
    await_uplift,
    judge_uplift,
    typed_uplift,
)
from promesa.planning.forecast.outlook import EventShare, Outlook
from tests.support.demand import MONDAY
from tests.support.plain_forecasts import BASIS, KEYS

MAIPU, NUNOA = KEYS
TUESDAY = MONDAY + timedelta(days=1)
ANA, LUIS = derived_id("ana"), derived_id("luis")
CYBER = EventContent(
    name="Cyber", kind=EventKind.COMMERCE, start=MONDAY, end=TUESDAY, uplift=6.0, sigma=0.5
)
SHIPPED = EventRow(
    id=derived_id("cyber"),
    content=CYBER,
    shipped_key="cyber",
    version=1,
    author_id=None,
    saved_at=datetime.fromisoformat("2023-11-01T12:00:00+00:00"),
)


def written(before: EventRow, uplift: float | None, *, by: UUID = ANA, days: int = 1) -> EventRow:
    """The next version, so many days after the one before."""
    content = replace(before.content, uplift=uplift, is_firm=uplift is not None)
    saved_at = before.saved_at + timedelta(days=days)
    return replace(
        before, content=content, version=before.version + 1, author_id=by, saved_at=saved_at
    )


def typed_of(*versions: EventRow) -> TypedUplift:
    found = typed_uplift(versions[::-1])
    assert found is not None
    return found


def an_outlook(each: float, factor: float | None) -> Outlook:
    """Two days of two series that bring ``each``, the event in it with ``factor``."""
    table = ((each, each), (each, each))
    used = [
        EventUsed(
            name="Cyber",
            day=day,
            factor=factor,
            factor_p10=factor,
            factor_p90=factor,
            is_given=True,
        )
        for day in (MONDAY, TUESDAY)
        if factor is not None
    ]
    return Outlook(
        origin=MONDAY - timedelta(days=1),
        days=(MONDAY, TUESDAY),
        series=KEYS,
        mean=table,
        p10=table,
        p50=table,
        p90=table,
        shared_sd=(0.1, 0.1),
        events=tuple(used),
        basis=BASIS,
        judged={},
        past=(),
        lead_times={},
    )


# An ordinary day brings 100 each: 300 with a factor of 3.
FORECAST = an_outlook(300.0, 3.0)
CAME: DayCounts = {MAIPU: {MONDAY: 240, TUESDAY: 260}, NUNOA: {MONDAY: 260, TUESDAY: 240}}
TRIPLED = written(SHIPPED, 3.0)


def judged(typed: TypedUplift, untyped: Outlook | None = None) -> JudgedUplift:
    return judge_uplift(typed, CAME, before_it=FORECAST, untyped=untyped)


def test_what_was_written_stands_beside_what_came_and_the_calendar() -> None:
    found = judged(typed_of(SHIPPED, TRIPLED))
    # 1000 orders on two days of two series that bring 100 each.
    assert (found.model, found.typed.uplift, found.came) == (6.0, 3.0, 2.5)
    assert (found.days, found.is_better, found.without) == (2, True, Without.CALENDAR)
    assert (found.typed.author_id, found.typed.made_at) == (ANA, TRIPLED.saved_at)


def test_the_forecast_made_before_it_was_written_goes_before_the_calendar() -> None:
    found = judged(typed_of(SHIPPED, TRIPLED), an_outlook(260.0, 2.6))
    assert (found.model, found.without, found.is_better) == (2.6, Without.FORECAST, False)


def test_an_event_that_a_person_added_is_held_against_an_ordinary_day() -> None:
    own = replace(SHIPPED, author_id=LUIS, shipped_key=None)
    found = judged(typed_of(own))
    assert (found.model, found.without, found.is_better) == (1.0, Without.ORDINARY, False)


def test_what_was_to_be_learnt_is_judged_by_a_forecast_alone() -> None:
    learnt = replace(SHIPPED, content=replace(CYBER, uplift=None, sigma=None))
    typed = typed_of(learnt, written(learnt, 3.0))
    unknown = judged(typed)
    assert (unknown.model, unknown.came, unknown.is_better) == (None, 2.5, None)
    assert judged(typed, an_outlook(200.0, 2.0)).is_better is False
    assert judged(typed, an_outlook(100.0, None)).model == 1.0


def test_the_profile_says_what_a_day_takes_of_the_uplift() -> None:
    spread = replace(TRIPLED, content=replace(TRIPLED.content, profile=(1.5, 0.5)))
    found = judged(typed_of(SHIPPED, spread))
    # 900 and 300 were said, 500 and 500 came; the calendar said 1200 of each.
    assert (found.came, found.is_better) == (2.5, True)


def test_a_day_that_is_not_known_of_nearly_all_is_not_judged() -> None:
    partly: DayCounts = {MAIPU: {MONDAY: 240, TUESDAY: 260}, NUNOA: {MONDAY: 260}}
    found = judge_uplift(typed_of(SHIPPED, TRIPLED), partly, before_it=FORECAST, untyped=None)
    assert (found.days, found.came) == (1, 2.5)
    unknown = judge_uplift(typed_of(SHIPPED, TRIPLED), CAME, before_it=None, untyped=None)
    assert (unknown.days, unknown.came, unknown.is_better, unknown.is_over) == (0, None, None, True)


def test_only_the_comunas_of_the_event_count() -> None:
    local = replace(TRIPLED, content=replace(TRIPLED.content, scope=EventScope(comunas=("Maipú",))))
    one: DayCounts = {MAIPU: {MONDAY: 200, TUESDAY: 200}}
    found = judge_uplift(typed_of(SHIPPED, local), one, before_it=FORECAST, untyped=None)
    assert (found.days, found.came) == (2, 2.0)


def test_a_merchants_is_judged_by_its_own_part_of_the_orders() -> None:
    scope = EventScope(merchant_ids=(derived_id("boldo"),))
    own = replace(SHIPPED, author_id=ANA, content=replace(CYBER, uplift=4.0, scope=scope))
    # Half of the orders are its own: 100 of 200 on an ordinary day, and 400 of the 500 that came.
    halved = EventShare(name="Cyber", start=MONDAY, share=0.5)
    made = replace(an_outlook(250.0, 2.5), event_shares=(halved,))
    found = judge_uplift(typed_of(own), CAME, before_it=made, untyped=None)
    assert (found.model, found.typed.uplift, found.came, found.is_better) == (1.0, 4.0, 4.0, True)
    # Where nobody noted its part nobody knows what of the orders it multiplied.
    unknown = judge_uplift(typed_of(own), CAME, before_it=an_outlook(250.0, 2.5), untyped=None)
    assert (unknown.came, unknown.days) == (None, 0)


def test_a_merchants_forecast_of_before_is_told_of_its_own_orders_too() -> None:
    scope = EventScope(merchant_ids=(derived_id("boldo"),))
    shipped = replace(SHIPPED, content=replace(CYBER, scope=scope))
    halved = EventShare(name="Cyber", start=MONDAY, share=0.5)
    before_it, untyped = (
        replace(an_outlook(each, factor), event_shares=(halved,))
        for each, factor in ((250.0, 2.5), (150.0, 1.5))
    )
    typed = typed_of(shipped, written(shipped, 4.0))
    found = judge_uplift(typed, CAME, before_it=before_it, untyped=untyped)
    assert (found.model, found.without, found.is_better) == (2.0, Without.FORECAST, True)


def test_an_event_of_a_depot_that_no_forecast_used_is_of_the_comunas_it_serves() -> None:
    local = replace(TRIPLED, content=replace(TRIPLED.content, scope=EventScope(depots=("SUR",))))
    serving = ServingDepots(codes=frozenset({"SUR"}), by_comuna={"Maipú": "SUR"})
    made = an_outlook(100.0, None)
    one: DayCounts = {MAIPU: {MONDAY: 200, TUESDAY: 200}}
    typed = typed_of(SHIPPED, local)
    found = judge_uplift(typed, one, before_it=made, untyped=None, serving=serving)
    assert (found.days, found.came) == (2, 2.0)


def test_the_number_that_stood_as_it_began_is_judged_and_its_first_hand_named() -> None:
    doubled = written(TRIPLED, 2.0, by=LUIS)
    confirmed = replace(written(doubled, 2.0), content=replace(doubled.content, source="Feria"))
    late = replace(written(confirmed, 9.0), saved_at=SHIPPED.saved_at + timedelta(days=90))
    found = typed_of(SHIPPED, TRIPLED, doubled, confirmed, late)
    assert (found.uplift, found.author_id, found.made_at) == (2.0, LUIS, doubled.saved_at)
    # The forecast of before anybody wrote a number is what stood without it.
    assert (found.untouched, found.touched_at) == (SHIPPED, TRIPLED.saved_at)


def test_what_nobody_wrote_is_not_judged() -> None:
    confirmed = replace(SHIPPED, version=2, author_id=ANA)
    back = replace(SHIPPED, version=3, author_id=ANA, saved_at=TRIPLED.saved_at)
    gone = replace(TRIPLED, version=3, deleted_at=TRIPLED.saved_at)
    emptied = written(TRIPLED, None)
    assert typed_uplift([SHIPPED]) is None
    assert typed_uplift([confirmed, SHIPPED]) is None
    assert typed_uplift([back, TRIPLED, SHIPPED]) is None
    assert typed_uplift([gone, TRIPLED, SHIPPED]) is None
    assert typed_uplift([emptied, TRIPLED, SHIPPED]) is None


def test_an_event_to_come_waits_beside_what_the_calendar_had() -> None:
    found = await_uplift(typed_of(SHIPPED, TRIPLED))
    assert (found.model, found.came, found.is_over, found.is_better) == (6.0, None, False, None)
    assert not found.typed.was_learnt


def test_an_event_to_come_that_was_to_be_learnt_waits_beside_what_it_had_been() -> None:
    learnt = replace(SHIPPED, content=replace(CYBER, uplift=None, sigma=None))
    typed = typed_of(learnt, written(learnt, 3.0))
    known, unknown = await_uplift(typed, an_outlook(240.0, 2.4)), await_uplift(typed)
    assert typed.was_learnt
    assert (known.model, known.without) == (2.4, Without.FORECAST)
    assert (unknown.model, unknown.without) == (None, None)
