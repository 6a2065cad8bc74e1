"""Everything that can have happened, in the past tense; an event never changes.

``data`` never holds what names a person: it carries person ids. Each type below says which keys
its ``data`` has; docs/reference/events.md is generated from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from promesa.domain.actor import Actor
from promesa.kernel.geo import Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact with its author, its two times and its evidence.

    Attributes:
        id: Made by the author: arriving twice changes nothing.
        type: A key of EVENT_TYPES.
        subject_kind: order, parcel, stop, route, promise, message, plan, import, user, …
        occurred_at: By the device; a phone's clock may lie, so the server's is kept beside it.
        recorded_at: By the server.
        evidence: Ids of blobs.
        request_id: Of the request that caused it.
        order_id: The order it belongs to, when there is one: an order's story is a query by it.
        route_id: The same for a route.
        number: Given in commit order after the commit; None before.
    """

    id: UUID
    type: str
    subject_kind: str
    subject_id: UUID
    occurred_at: datetime
    recorded_at: datetime
    actor: Actor
    position: Position | None = None
    evidence: tuple[UUID, ...] = ()
    data: dict[str, object] = field(default_factory=dict)
    request_id: str | None = None
    order_id: UUID | None = None
    route_id: UUID | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """What waits in an operator's log.

    Attributes:
        last_number: Of its newest numbered event; 0 before the first.
        reached: How far its reader came.
        is_message_due: Whether one of its messages is to be sent by now.
    """

    tenant_id: UUID
    last_number: int
    reached: int
    is_message_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedReaction:
    """What should have followed from an event, and failed again and again.

    Attributes:
        reaction: A key of the reactions that the platform has.
        number: The event's.
        error: What kind of failure, and where in our code; never what was being handled.
    """

    event_id: UUID
    reaction: str
    number: int
    error: str
    parked_at: datetime


ALARM_CHANGED = "promise.alarm_changed"

EVENT_TYPES: dict[str, str] = {
    "order.placed": "It came in. data: reference, merchant_id, date, parcels, parcel_ids, source",
    "order.changed": "Its content changed. data: fields (names only)",
    "order.placed_on_map": "Its position was found or changed. data: level, uncertainty_m, "
    "source, is_outside",
    "order.sent_to_review": "Its position is too uncertain, or outside the map. data: "
    "uncertainty_m, level, is_outside, cause",
    "order.address_confirmed": "A person said yes to a position. data: uncertainty_m, scope",
    "order.scheduled": "It was put on a route. data: route_id, date, was (its state before)",
    "order.unscheduled": "It left its route. data: cause",
    "order.out_for_delivery": "Its route started.",
    "order.delivered": "It reached its recipient. data: stop_id, on_attempt",
    "order.partially_delivered": "Some parcels reached the recipient. data: stop_id",
    "order.delivery_failed": "An attempt failed. data: stop_id, reason",
    "order.rescheduled": "It goes on another day. data: date, by, cause",
    "order.return_started": "It goes back to its sender. data: cause",
    "order.returned": "It is back with its sender.",
    "order.cancelled": "It was called off. data: cause",
    "order.lost": "Its parcels are lost.",
    "order.instructions_left": "The recipient left instructions (kept with the person).",
    "order.safe_place_chosen": "The recipient said who may receive it or where to leave it.",
    "order.messages_declined": "The recipient said by which channels to be silent. data: channels",
    "order.correction_asked": "The recipient asked to correct the address (kept with the "
    "person). data: fields (names only)",
    "order.correction_settled": "A person took or declined it. data: decision",
    "order.rated": "The recipient rated the delivery. data: score",
    "order.tracking_link_made": "A link for the recipient was made.",
    "parcel.received": "A parcel was scanned into a depot. data: depot_id",
    "parcel.loaded": "A parcel was scanned into a vehicle. data: route_id",
    "parcel.handed_over": "A parcel changed hands. data: holder_kind, holder_id, state",
    "parcel.missing": "A parcel was not where it was expected. data: where",
    "parcel.damaged": "A parcel is damaged.",
    "parcel.left_at_depot": "A driver says to have left it at a depot, which has not seen it. "
    "data: depot_id, state",
    "parcel.returned_to_depot": "A parcel came back to a depot. data: depot_id",
    "parcel.surplus": "A parcel was scanned back that its van should not have had. "
    "data: why, state, route_code, code_id (a person id that keeps an unknown code)",
    "promise.made": "A window was promised. data: version, start, end, cause",
    "promise.closed": "The fate of a promise is known. data: version, fate",
    "reservation.made": "A quote was accepted: its place is held for an order to come. data: "
    "start, end, p_kept, price_clp, expires_at",
    "reservation.released": "The place is held no more. data: cause (asked, expired, taken), "
    "order_id (when taken)",
    "promise.alarm_changed": "Promises began to be broken more often than stated, or less, or no "
    "longer are. data: state (worse, better, calm, unknown), was, since (the first day), and where "
    "it rings promises, late, late_stated (how many of them were stated not to be kept)",
    "promise.terms_changed": "What is offered at checkouts changed. data: fields (names only)",
    "plan.started": "A plan is being made. data: date, orders, vehicles",
    "plan.finished": "A plan is ready. data: routes, unserved, cost_clp",
    "plan.failed": "A plan could not be made. data: cause",
    "route.published": "A version of a route was published. data: version, stops, cause",
    "route.acknowledged": "The driver's phone shows this version. data: version",
    "route.loading_started": "The load-out began.",
    "route.loaded": "Every due parcel is scanned or declared missing. data: loaded, missing",
    "route.started": "The van left. data: version",
    "route.paused": "The driver paused.",
    "route.resumed": "The driver goes on.",
    "route.finished": "The van is back, or the torre closed the route. data: skipped",
    "route.handed_in": "The driver says to have left parcels and cash at the depot.",
    "route.reconciled": "Parcels, money and proofs are squared. data: returned, cash_told_clp, "
    "cash_counted_clp, note_id (a person id)",
    "route.cash_counted": "Cash that came after the squaring, or of a route called off, was "
    "counted. data: cash_told_clp, cash_counted_clp, note_id (a person id)",
    "route.broke_down": "The vehicle stands with a breakdown. data: note_id (a person id)",
    "route.repaired": "The vehicle runs again.",
    "route.cancelled": "It will not be driven. data: cause",
    "stop.started": "The driver is on the way to a stop.",
    "stop.arrived": "The van is at the stop. data: by (driver or geofence)",
    "stop.moved": "Another van visits it from now on. data: from_code, to_code",
    "stop.closed": "The visit ended. data: outcome, reason, attempt",
    "stop.told_late": "A visit closed without its driver was made after all. data: as stop.closed",
    "stop.delivery_disputed": "A visit told late contradicts what happened since; a person "
    "decides. data: why, outcome, reason, parcels, kinds, handed_to, receiver_id, "
    "cod_collected_clp",
    "stop.cash_differs": "Another amount than the due one was collected. data: due, collected",
    "stop.doubt_settled": "A person decided about a visit. data: doubt, decision, note_id",
    "stop.late_evidence": "A proof came after the stop was closed. data: kind, digest",
    "proof.captured": "Evidence was captured. data: kind, digest, person_id",
    "proof.withdrawn": "Evidence that the closing of its visit does not name: it was taken back, "
    "and proves nothing. data: kind, digest",
    "message.queued": "A message is due. data: kind, channel, cause_event_id",
    "message.sent": "A channel took a message. data: kind, channel",
    "message.failed": "A channel refused a message for good. data: kind, channel, error",
    "message.withdrawn": "A message became untrue before it was sent. data: kind, channel, "
    "cause_event_id (what made it untrue)",
    "day.closed": "A service day was closed. data: date, cancelled, settled, moved",
    "device.paired": "A phone was paired with a driver.",
    "device.event_refused": "A phone's event could not be used and was kept. data: code, type",
    "import.finished": "A file came in. data: layout, accepted, rejected",
    "demand.event_saved": "A row of the demand calendar was written, changed or put back. data: "
    "version",
    "demand.event_removed": "A row of the demand calendar was deleted. data: version",
    "demand.calendar_brought": "The rows that ship were offered. data: years, added, updated",
    "demand.history_imported": "A file of demand history came in. data: accepted, rejected",
    "demand.history_undone": "An import of demand history was undone, or put back. data: is_undone",
    "demand.overridden": "A planner said something else than the forecast. data: start, end, "
    "factor, orders_a_day",
    "demand.forecast_made": "A forecast of demand was made. data: origin",
    "demand.override_withdrawn": "A planner took that back.",
    "capacity.terms_saved": "A depot's capacity terms were saved. data: version, target, "
    "contract_vehicles, spot_vehicles, doors",
    "capacity.labour_rules_saved": "The rules of working hours were saved. data: version",
    "capacity.rehearsed": "A peak was rehearsed; simulated. data: first, last, size, ways",
    "capacity.rehearsal_removed": "A rehearsal was deleted.",
    "fleet.changed": "A depot, vehicle, driver, shift, absence or road table changed. data: noun",
    "access.user_added": "A person may use the torre. data: role",
    "access.user_changed": "A person's role or state changed. data: role, is_active",
    "access.link_made": "A sign-in link for a driver's phone was made.",
    "access.key_made": "A merchant got an API key.",
    "access.key_revoked": "A merchant's API key ended.",
    "access.signed_in": "A person signed in.",
    "merchant.added": "A merchant was added.",
    "merchant.changed": "What is known of a merchant changed. data: fields (names), is_active",
    "person.erased": "A person's key was erased.",
    "traffic.marked": "A person marked a street as closed or slow, or put the mark back. data: "
    "speed_kph (None: closed), start, end",
    "traffic.unmarked": "A person took such a mark away. data: as traffic.marked",
    "webhook.added": "A webhook was added.",
    "webhook.removed": "A webhook was removed.",
    "webhook.tested": "A test was sent to a webhook.",
}
