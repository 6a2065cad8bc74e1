"""What an event of the log changes on a followed route. Each may come twice, or late, or never."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from promesa.domain.events import Event
from promesa.domain.route import RouteState
from promesa.domain.stop import Outcome, StopState
from promesa.tracking.tracked import TrackedRoute, TrackedStop

RouteChange = Callable[[TrackedRoute, Event], TrackedRoute]
StopChange = Callable[[TrackedStop, Event], TrackedStop]


def with_fact(route: TrackedRoute, event: Event) -> TrackedRoute:
    """The route after ``event``; an event that means nothing here changes nothing."""
    if event.type in _ROUTE_CHANGES:
        return _ROUTE_CHANGES[event.type](route, event)
    change = _STOP_CHANGES.get(event.type)
    stop = route.find_stop(event.subject_id)
    if change is None or stop is None:
        return route
    changed = change(stop, event)
    return route if changed is stop else _left_others(route.with_stop(changed), changed)


def _left_others(route: TrackedRoute, begun: TrackedStop) -> TrackedRoute:
    """A van goes to one stop at a time: starting one puts another that was begun back in line."""
    if begun.state is not StopState.EN_ROUTE:
        return route
    for stop in route.stops:
        if stop is not begun and stop.state is StopState.EN_ROUTE:
            route = route.with_stop(replace(stop, state=StopState.PENDING, started_at=None))
    return route


def _started(stop: TrackedStop, event: Event) -> TrackedStop:
    if stop.state in {StopState.ARRIVED, StopState.CLOSED}:
        return stop
    return replace(stop, state=StopState.EN_ROUTE, started_at=event.occurred_at)


def _arrived(stop: TrackedStop, event: Event) -> TrackedStop:
    """By the driver or the geofence: the earlier instant is when the van was there."""
    if not stop.is_open and stop.arrived_at is not None:
        return stop
    earlier = min(stop.arrived_at or event.occurred_at, event.occurred_at)
    state = StopState.ARRIVED if stop.is_open else stop.state
    return replace(stop, state=state, arrived_at=earlier)


def _closed(stop: TrackedStop, event: Event) -> TrackedStop:
    if not stop.is_open:
        return stop
    told = event.data.get("outcome")
    outcome = Outcome(told) if isinstance(told, str) and told in set(Outcome) else None
    return replace(stop, state=StopState.CLOSED, outcome=outcome, closed_at=event.occurred_at)


def _to(state: RouteState) -> RouteChange:
    def change(route: TrackedRoute, event: Event) -> TrackedRoute:
        if route.is_over:
            return route
        started_at = route.started_at
        if state is RouteState.STARTED and started_at is None:
            started_at = event.occurred_at
        return replace(route, state=state, started_at=started_at)

    return change


def _broke_down(route: TrackedRoute, event: Event) -> TrackedRoute:
    del event
    return replace(route, is_broken_down=True)


def _repaired(route: TrackedRoute, event: Event) -> TrackedRoute:
    del event
    return replace(route, is_broken_down=False)


_ROUTE_CHANGES: dict[str, RouteChange] = {
    "route.started": _to(RouteState.STARTED),
    "route.paused": _to(RouteState.PAUSED),
    "route.resumed": _to(RouteState.STARTED),
    "route.finished": _to(RouteState.FINISHED),
    "route.broke_down": _broke_down,
    "route.repaired": _repaired,
}
_STOP_CHANGES: dict[str, StopChange] = {
    "stop.started": _started,
    "stop.arrived": _arrived,
    "stop.closed": _closed,
}
