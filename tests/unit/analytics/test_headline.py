"""The first line of the torre: safe, at risk, broken, in words."""

from __future__ import annotations

from datetime import timedelta

from promesa.analytics.headline import (
    PromiseNow,
    Standing,
    count_shapes,
    make_headline,
    risk_unrouted,
    standing_of,
)
from promesa.domain.promise import Promise, PromiseFate, PromiseRisk, standing_promise
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.promising.windows import whole_day
from tests.support.dispatch_memory import NINE
from tests.support.orders_memory import TODAY


def a_promise(
    fate: PromiseFate = PromiseFate.OPEN, *, version: int = 1, cause: str = "order_confirmed"
) -> Promise:
    return Promise(
        order_id=derived_id("order"),
        version=version,
        window=whole_day(TODAY),
        made_at=NINE + timedelta(minutes=version),
        cause=cause,
        fate=fate,
    )


def now(
    fate: PromiseFate = PromiseFate.OPEN, risk: PromiseRisk | None = PromiseRisk.ON_TIME
) -> PromiseNow:
    return PromiseNow(order_id=derived_id("order"), promise=a_promise(fate), risk=risk)


def test_the_sentence_counts_and_rounds_the_share_down() -> None:
    day = [*[now()] * 2_779, *[now(risk=PromiseRisk.AT_RISK)] * 71]
    day += [now(PromiseFate.LATE)] * 12
    headline = make_headline(day)
    assert (headline.safe, headline.at_risk, headline.broken) == (2_779, 71, 12)
    assert headline.sentence == (
        "Promesas: 97,0\u00a0% a salvo · 71 en riesgo · 12 rotas de 2.862 para hoy"
    )


def test_a_hundred_percent_is_said_only_when_nothing_is_amiss() -> None:
    assert "100\u00a0%" in make_headline([now()]).sentence
    almost = make_headline([*[now()] * 9_999, now(PromiseFate.BROKEN)])
    assert "99,9\u00a0%" in almost.sentence
    assert "1 rota de 10.000" in almost.sentence


def test_what_the_recipient_asked_to_change_is_not_counted() -> None:
    headline = make_headline([now(), now(PromiseFate.RELEASED)])
    assert (headline.promises, headline.safe) == (1, 1)


def test_a_promise_that_can_no_longer_be_kept_is_broken_before_its_hour() -> None:
    assert standing_of(now(risk=PromiseRisk.LATE)) is Standing.BROKEN


def test_a_window_told_because_we_are_late_does_not_repair_the_promise() -> None:
    planned = a_promise(version=2, cause="planned")
    delay = a_promise(version=3, cause="delay_earlier_stops")
    assert standing_promise([a_promise(), planned, delay], ServiceDay(TODAY)) is planned


def test_a_day_without_promises_says_so() -> None:
    assert make_headline([]).sentence == "No hay promesas para hoy."


def test_a_promise_without_a_route_is_at_risk_until_its_window_ends_and_broken_after() -> None:
    promise = a_promise()
    end = promise.window.end
    found = [
        standing_of(
            PromiseNow(order_id=promise.order_id, promise=promise, risk=risk_unrouted(promise, at))
        )
        for at in (end, end + timedelta(seconds=1))
    ]
    assert found == [Standing.AT_RISK, Standing.BROKEN]


def test_the_shapes_of_the_legend_add_up_to_the_line() -> None:
    fates = [PromiseFate.KEPT, PromiseFate.EARLY, PromiseFate.LATE, PromiseFate.BROKEN]
    day = [*(now(fate) for fate in fates), *(now(risk=risk) for risk in PromiseRisk)]
    day.append(now(PromiseFate.RELEASED))
    shapes, line = count_shapes(day), make_headline(day)
    assert line.safe == shapes[PromiseRisk.ON_TIME] + shapes[PromiseRisk.CLOSED] == 4
    assert line.at_risk == shapes[PromiseRisk.AT_RISK] == 1
    assert line.broken == shapes[PromiseRisk.LATE] + shapes[PromiseRisk.FAILED] == 4
    assert line.promises == sum(shapes.values()) == 9
