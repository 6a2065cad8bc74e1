import type { Meaning } from "$shared/ui/meanings";
import type { DayView, ParcelView, RouteState, StopView } from "../data/views";

/** Questions about a day that every screen asks. Pure. */
const NOT_SCANNED = new Set(["announced", "received_at_depot", "sorted", "staged", "return_in_transit", "returned_to_depot", "found"]);
const GONE = new Set(["missing", "lost", "under_investigation"]);
const HANDED_OVER = new Set(["delivered", "left_safe_place", "delivered_third_party", "returned_to_sender", "disposed"]);
/** Left at the depot: by the driver's word, or seen there. */
const LEFT = new Set(["return_in_transit", "returned_to_depot"]);
const RISK_MARGIN_MS = 10 * 60_000;

export type Stage = "none" | "load" | "leave" | "paused" | "stop" | "back" | "return" | "done" | "cancelled";

/** Which one thing the driver does now. */
export function stageOf(day: DayView): Stage {
  if (!day.route) return "none";
  if (day.route.state === "finished" && day.route.handed_in_at) return "done";
  const byState: Partial<Record<RouteState, Stage>> = {
    published: "load", loading: "load", loaded: "leave", paused: "paused", finished: "return", reconciled: "done", cancelled: "cancelled",
  };
  return byState[day.route.state] ?? (nextStop(day) ? "stop" : "back");
}

/** The one being visited, or the first open one of the sequence. */
export function nextStop(day: DayView): StopView | undefined {
  const open = openStops(day);
  return open.find((stop) => stop.state === "arrived") ?? open.find((stop) => stop.state === "en_route") ?? open[0];
}

export function openStops(day: DayView): StopView[] {
  return day.stops.filter((stop) => stop.state !== "closed").sort((a, b) => a.sequence - b.sequence);
}

export function isLoaded(parcel: ParcelView): boolean {
  return !NOT_SCANNED.has(parcel.state) && !GONE.has(parcel.state);
}

export function isMissing(parcel: ParcelView): boolean {
  return GONE.has(parcel.state);
}

/** Parcels that can be handed over at a stop: one that was missing at load-out is not in the van. */
export function parcelsThere(stop: StopView): ParcelView[] {
  return stop.parcels.filter((parcel) => !isMissing(parcel));
}

/** Parcels that leave the depot with the van; a pick-up's are with the seller, others in another van. */
export function dueParcels(day: DayView): { stop: StopView; parcel: ParcelView }[] {
  return day.stops
    .filter((stop) => stop.type !== "pickup" && stop.state !== "closed" && !stop.transfer)
    .flatMap((stop) => stop.parcels.map((parcel) => ({ stop, parcel })));
}

export interface LoadCount {
  total: number;
  loaded: number;
  missing: number;
  left: number;
}

export function countLoad(day: DayView): LoadCount {
  const due = dueParcels(day);
  const loaded = due.filter(({ parcel }) => isLoaded(parcel)).length;
  const missing = due.filter(({ parcel }) => isMissing(parcel)).length;
  return { total: due.length, loaded, missing, left: due.length - loaded - missing };
}

/** Stops taken off the route whose parcels are in the van; a day kept by an older page has none. */
export function leftAboard(day: Partial<Pick<DayView, "left_aboard">>): StopView[] {
  return day.left_aboard ?? [];
}

/** What came back with the van and its driver has still to leave: it was aboard and nobody has it. */
export function parcelsToReturn(day: DayView): { stop: StopView; parcel: ParcelView }[] {
  return [...day.stops.filter((stop) => stop.state === "closed"), ...leftAboard(day)]
    .flatMap((stop) => stop.parcels.map((parcel) => ({ stop, parcel })))
    .filter(({ parcel }) => !HANDED_OVER.has(parcel.state) && !GONE.has(parcel.state) && !LEFT.has(parcel.state));
}

/** How a stop's promise stands for the driver's eye: against the clock, and against the plan. */
export function promiseMeaning(stop: StopView, now: number): Meaning {
  if (stop.state === "closed") return stop.outcome === "failed" ? "fail" : "done";
  if (!stop.window) return "ok";
  const end = Date.parse(stop.window.end);
  if (now > end) return "late";
  return Math.max(now, Date.parse(stop.planned_arrival)) > end - RISK_MARGIN_MS ? "risk" : "ok";
}

export interface RouteChange {
  added: number;
  removed: number;
  isReordered: boolean;
}

/** What changed between the version the driver knew and the new one. */
export function compareStops(before: StopView[], after: StopView[]): RouteChange {
  const ids = (stops: StopView[]): string[] => [...stops].sort((a, b) => a.sequence - b.sequence).map((stop) => stop.stop_id);
  const [was, is] = [ids(before), ids(after)];
  const stayedBefore = was.filter((id) => is.includes(id));
  const stayedAfter = is.filter((id) => was.includes(id));
  return {
    added: is.length - stayedAfter.length,
    removed: was.length - stayedBefore.length,
    isReordered: stayedBefore.join() !== stayedAfter.join(),
  };
}
