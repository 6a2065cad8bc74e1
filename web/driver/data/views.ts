import type { components } from "$shared/api/schema";
import type { LonLat } from "$shared/map/marks";

type Schemas = components["schemas"];

/** What the server sends of a driver's day, as its own description says it. */
export type PairingView = Schemas["PairingView"];
export type ParcelView = Schemas["ParcelView"];
export type StopView = Schemas["DriverStopView"];
export type RouteView = Schemas["DriverRouteView"];
export type RouteState = RouteView["state"];
export type ReasonView = Schemas["ReasonView"];
export type DayView = Schemas["DriverDayView"];
export type EventResult = Schemas["EventResultView"];

/** A fact the phone tells; each has its own id, so that sent twice it counts once. */
export interface PhoneEvent {
  id: string;
  type: string;
  occurred_at: string;
  route_id?: string;
  position?: LonLat;
  stop_id?: string;
  [field: string]: unknown;
}

export interface PhoneFix {
  id: string;
  at: string;
  position: LonLat;
  accuracy_m: number | null;
  speed_mps: number | null;
  heading_deg: number | null;
}
