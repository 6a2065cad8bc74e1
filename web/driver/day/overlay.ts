import type { Item } from "../outbox/items";
import type { DayView, ParcelView, PhoneEvent, RouteState, StopView } from "../data/views";
import { leftAboard } from "./route";

type Outcome = NonNullable<StopView["outcome"]>;

/** The day as the driver lives it: what the server said last, plus what this phone did since. */
const ORDER_OF_STATES: RouteState[] = ["published", "loading", "loaded", "started", "paused", "finished", "reconciled"];
/** What the law asks for at least (art. 34), where the plan says nothing. */
const MEAL_MS = 30 * 60_000;
/** Who has rested less of it has still to have it; as the server counts. */
const HAD_SHARE = 0.8;
const LEADS_TO: Record<string, RouteState> = {
  "route.loading_started": "loading",
  "route.loaded": "loaded",
  "route.started": "started",
  "stop.started": "started",
  "stop.arrived": "started",
  "stop.closed": "started",
  "route.finished": "finished",
};

/** What the server cannot know yet: still on the phone, or arrived after the answer we are showing was asked for. */
export function unseenEvents(items: Item[], asked_at: number): PhoneEvent[] {
  return items
    .filter((item) => item.kind === "event")
    .filter((item) => item.status === "pending" || (item.status === "arrived" && (item.arrived_at ?? 0) >= asked_at))
    .map((item) => item.event);
}

export function overlay(day: DayView, events: PhoneEvent[]): DayView {
  const ours = events.filter((event) => event.route_id === day.route?.id);
  return ours.reduce(apply, day);
}

function apply(day: DayView, event: PhoneEvent): DayView {
  const { route } = day;
  if (!route) return day;
  const moved: DayView = { ...day, route: { ...route, state: nextState(route.state, event.type) } };
  switch (event.type) {
    case "route.acknowledged":
      return { ...moved, route: { ...route, acknowledged_version: Math.max(route.acknowledged_version, Number(event["version"])) } };
    case "route.broke_down":
      return { ...moved, route: { ...route, is_broken_down: true } };
    case "route.reconciled":
      return { ...day, route: { ...route, handed_in_at: event.occurred_at } };
    case "route.paused":
      return { ...moved, route: resting(route, event.occurred_at) };
    case "route.resumed":
      return { ...moved, route: rested(route, event.occurred_at) };
    case "parcel.loaded":
      return withParcels(moved, (parcel) => parcel.barcode === event["barcode"], "loaded");
    case "parcel.missing":
      return withParcels(moved, (parcel) => parcel.id === event["parcel_id"], "missing");
    case "parcel.returned_to_depot":
      return withParcels(moved, (parcel) => parcel.barcode === event["barcode"], "return_in_transit");
    case "parcel.picked_up":
      return withParcels(moved, (parcel) => parcel.barcode === event["barcode"], "in_transit");
    case "stop.arrived":
      return withStop(moved, event, (stop) => (stop.state === "closed" ? stop : { ...stop, state: "arrived" }));
    case "stop.started":
      return withStop(moved, event, (stop) => (stop.state === "closed" || stop.state === "arrived" ? stop : { ...stop, state: "en_route" }));
    case "stop.closed":
      return withStop(moved, event, (stop) => closed(stop, event));
    default:
      return moved;
  }
}

type Route = NonNullable<DayView["route"]>;

/** The colación began: the first that the plan has left, or half an hour. A day kept by an older page has no rests. */
function resting(route: Route, start: string): Route {
  if (route.state !== "started") return route;
  const [due, ...later] = route.breaks;
  const lasts_ms = due ? Date.parse(due.end) - Date.parse(due.start) : MEAL_MS;
  const end = new Date(Date.parse(start) + lasts_ms).toISOString();
  return { ...route, state: "paused", breaks: later, rests: [...(route.rests ?? []), { start, end, is_over: false, is_short: false }] };
}

/** It is over; ended too soon it does not count, and the colación is still to be had. */
function rested(route: Route, end: string): Route {
  if (route.state !== "paused") return route;
  const rests = route.rests ?? [];
  const rest = rests.find((item) => !item.is_over);
  if (!rest) return { ...route, state: "started" };
  const [lasts_ms, lasted_ms] = [rest.end, end].map((until) => Date.parse(until) - Date.parse(rest.start)) as [number, number];
  const is_short = lasted_ms < HAD_SHARE * lasts_ms;
  const due = is_short ? [{ start: end, end: new Date(Date.parse(end) + lasts_ms).toISOString() }] : [];
  return { ...route, state: "started", breaks: [...due, ...route.breaks], rests: rests.map((item) => (item === rest ? { ...item, end, is_over: true, is_short } : item)) };
}

function nextState(state: RouteState, type: string): RouteState {
  const target = LEADS_TO[type];
  if (!target) return state;
  return ORDER_OF_STATES.indexOf(target) > ORDER_OF_STATES.indexOf(state) ? target : state;
}

function withStop(day: DayView, event: PhoneEvent, change: (stop: StopView) => StopView): DayView {
  return { ...day, stops: day.stops.map((stop) => (stop.stop_id === event.stop_id ? change(stop) : stop)) };
}

function withParcels(day: DayView, isMeant: (parcel: ParcelView) => boolean, state: string): DayView {
  const change = (stop: StopView): StopView => ({ ...stop, parcels: stop.parcels.map((parcel) => (isMeant(parcel) ? { ...parcel, state } : parcel)) });
  return { ...day, stops: day.stops.map(change), left_aboard: leftAboard(day).map(change) };
}

function closed(stop: StopView, event: PhoneEvent): StopView {
  const outcome = event["outcome"] as Outcome;
  // What a seller hands over goes into the van; everywhere else it leaves it.
  const state = stop.type === "pickup" ? "in_transit" : "delivered";
  const delivered = event["parcels_delivered"] as string[] | undefined;
  const isHandedOver = (id: string): boolean => outcome !== "failed" && (delivered ? delivered.includes(id) : true);
  return {
    ...stop,
    state: "closed",
    outcome,
    reason: (event["reason"] as string | undefined) ?? null,
    cod_collected_clp: (event["cod_collected_clp"] as number | undefined) ?? null,
    parcels: stop.parcels.map((parcel) => (isHandedOver(parcel.id) ? { ...parcel, state } : parcel)),
  };
}
