import type { components } from "$shared/api/schema";
import type { LonLat } from "$shared/map/marks";

/** What the server sends of a driver's day, snake_case as on the wire. */
export type PairingView = components["schemas"]["PairingView"];

export interface ParcelView {
  id: string;
  barcode: string;
  state: string;
}

export interface StopView {
  stop_id: string;
  order_id: string;
  reference: string;
  sequence: number;
  type: string;
  state: "pending" | "next" | "en_route" | "arrived" | "closed";
  outcome: string | null;
  reason: string | null;
  address: string | null;
  unit: string | null;
  comuna: string | null;
  position: LonLat;
  placement_level: string | null;
  uncertainty_m: number | null;
  window: { start: string; end: string } | null;
  planned_arrival: string;
  name: string | null;
  phone: string | null;
  instructions: string | null;
  safe_place: string | null;
  parcels: ParcelView[];
  cod_clp: number | null;
  requires: { photo: boolean; signature: boolean; receiver: boolean; pin: boolean };
}

export type RouteState = "published" | "loading" | "loaded" | "started" | "paused" | "finished" | "reconciled" | "cancelled";

export interface RouteView {
  id: string;
  code: string;
  date: string;
  state: RouteState;
  version: number;
  acknowledged_version: number;
  vehicle: { id: string; code: string; plate: string };
  depot: { id: string; name: string; position: LonLat };
  start: string;
  geometry: string;
  is_broken_down: boolean;
}

export interface ReasonView {
  code: string;
  label: string;
  label_en: string;
  requires_photo: boolean;
}

export interface DayView {
  driver: { id: string; code: string; name: string | null };
  now: string;
  is_simulated: boolean;
  route: RouteView | null;
  stops: StopView[];
  reasons: ReasonView[];
}

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

export interface EventResult {
  id: string;
  status: "accepted" | "duplicate" | "refused";
  code: string | null;
  detail: string | null;
}

export interface PhoneFix {
  id: string;
  at: string;
  position: LonLat;
  accuracy_m: number | null;
  speed_mps: number | null;
  heading_deg: number | null;
}
