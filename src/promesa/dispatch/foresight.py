"""What tracking would say of a route if it were driven so: the one measure of a promise's risk.

A proposal is judged here before it is accepted, and by tracking after; both walk the same steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from promesa.dispatch.situation import RouteNow, Situation
from promesa.domain.promise import PromiseRisk
from promesa.domain.route import PlannedStop, RouteBreak, RouteReload
from promesa.tracking.eta import Arrival
from promesa.tracking.pipeline import Context, RouteTrack, foresee
from promesa.tracking.risk import counting_risk
from promesa.tracking.tracked import make_tracked_route
from promesa.tracking.travel import TravelTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """Arrivals of the open stops and the risks of all, by stop id."""

    arrivals: Mapping[UUID, Arrival]
    risks: Mapping[UUID, PromiseRisk]


def foresee_route(
    situation: Situation,
    now: RouteNow,
    stops: Sequence[PlannedStop],
    travel: TravelTimes,
    *,
    reloads: tuple[RouteReload, ...] | None = None,
    breaks: tuple[RouteBreak, ...] | None = None,
) -> Foreseen:
    """The route as ``now`` stands, if it visited ``stops`` in this order.

    ``reloads`` and ``breaks`` are its returns to load and its colación then; None leaves those of
    its version.
    """
    numbered = tuple(replace(stop, sequence=n) for n, stop in enumerate(stops, start=1))
    # Without a geometry: no position is projected onto a way that nobody drives.
    known = now.version.reloads if reloads is None else reloads
    resting = now.version.breaks if breaks is None else breaks
    version = replace(now.version, stops=numbered, geometry="", reloads=known, breaks=resting)
    tracked = make_tracked_route(
        now.route,
        version,
        depot_position=now.depot.position,
        stops=list(now.stops.values()),
        orders=situation.orders,
        promises=situation.told,
        fetched=now.fetched,
        vehicle=now.vehicle,
    )
    track = foresee(tracked, now.fix, Context(now=situation.now, travel=travel.of(now.vehicle)))
    arrivals = {} if track.estimates is None else track.estimates.arrivals
    return Foreseen(arrivals=arrivals, risks=_counting_risks(situation, track, arrivals))


def _counting_risks(
    situation: Situation, track: RouteTrack, arrivals: Mapping[UUID, Arrival]
) -> dict[UUID, PromiseRisk]:
    """As Hoy counts them: by the promise that counts, not by a window we told for being late."""
    risks = dict(track.risks)
    for stop in track.route.open_stops:
        window = situation.promised.get(stop.order_id)
        if window is not None:
            risks[stop.stop_id] = counting_risk(
                risks[stop.stop_id],
                window,
                arrivals.get(stop.stop_id),
                arrived_at=stop.arrived_at,
                now=situation.now,
            )
    return risks


def foresee_as_it_is(situation: Situation, now: RouteNow, travel: TravelTimes) -> Foreseen:
    """The route as it is driven, which is what Hoy shows."""
    here = [stop for stop in now.version.stops if stop.stop_id in now.stops]
    return foresee_route(situation, now, here, travel)
