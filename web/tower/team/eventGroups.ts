/** What a receiver usually wants to hear of, in groups a person can choose; none chosen means all. */
export const EVENT_GROUPS = {
  deliveries: ["order.delivered", "order.partially_delivered", "order.delivery_failed"],
  way: ["order.scheduled", "order.out_for_delivery", "stop.started", "stop.arrived"],
  promises: ["promise.made", "promise.closed"],
  alarm: ["promise.alarm_changed"],
  changes: ["order.placed", "order.changed", "order.rescheduled", "order.cancelled"],
  returns: ["order.return_started", "order.returned"],
  parcels: ["parcel.received", "parcel.loaded", "parcel.handed_over", "parcel.missing", "parcel.returned_to_depot"],
} as const;

export type EventGroup = keyof typeof EVENT_GROUPS;
export const GROUPS = Object.keys(EVENT_GROUPS) as EventGroup[];

/** The event types of the chosen groups. */
export function typesOf(chosen: readonly EventGroup[]): string[] {
  return chosen.flatMap((group) => [...EVENT_GROUPS[group]]);
}

/** The groups that a webhook's list holds whole. */
export function groupsOf(types: readonly string[]): EventGroup[] {
  return GROUPS.filter((group) => EVENT_GROUPS[group].every((type) => types.includes(type)));
}
