import type { Item } from "./items";

/** What the driver can do about something the server did not accept, besides reading why. */
export type Remedy = { kind: "complete"; stopId: string } | { kind: "reload" } | undefined;

const INCOMPLETE = new Set(["evidence_missing", "pin_wrong", "cash_note_missing", "outcome_not_allowed", "missing_parcel_named"]);
const OUT_OF_DATE = new Set(["route_not_yours", "stop_unknown", "route_version_unknown", "order_not_on_the_road", "route_not_driven", "stop_already_closed", "delivery_disputed"]);

export function remedyOf(item: Item): Remedy {
  const stopId = item.kind === "event" ? item.event.stop_id : item.picture.stop_id;
  if (stopId && (INCOMPLETE.has(item.code ?? "") || item.code === "picture_lost")) return { kind: "complete", stopId };
  return OUT_OF_DATE.has(item.code ?? "") ? { kind: "reload" } : undefined;
}
