import type { LonLat } from "$shared/map/marks";

/** What the server sends: names and shapes of the contract, snake_case as on the wire. */
export type Risk = "on_time" | "at_risk" | "late" | "failed" | "closed";
export type Fate = "safe" | "at_risk" | "broken";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface TimeWindow {
  start: string;
  end: string;
}

export interface Eta {
  p10: string;
  p50: string;
  p90: string;
}

export interface SessionView {
  actor: { kind: string; role: string; name: string };
  tenant: { id: string; name: string };
  is_demo: boolean;
  clock: { now: string; speed: number; is_simulated: boolean };
  permissions: string[];
  merchant_id?: string | null;
}

export interface RouteSummary {
  id: string;
  code: string;
  date: string;
  state: string;
  version: number;
  acknowledged_version: number | null;
  driver: { id: string; name: string; code: string };
  vehicle: { id: string; plate: string; code: string };
  depot: { id: string; name: string };
  start: string;
  end: string;
  stops_total: number;
  stops_closed: number;
  failed: number;
  risk: Risk;
  delay_s: number;
  cod_due_clp: number;
  is_broken_down: boolean;
  position: LonLat | null;
  heading_deg: number | null;
  last_fix_at: string | null;
}

/** [epoch seconds, risk, stop id] */
export type LaneMark = [number, Risk, string];
export type RouteLane = RouteSummary & { lane: LaneMark[]; geometry_version: number };

export interface DayException {
  key: string;
  kind: string;
  risk: Risk;
  route_id?: string | null;
  order_id?: string | null;
  title: string;
  count_label: string;
  why: string;
  proposal: string;
  action: { kind: string; label: string } | null;
}

export interface DayView {
  date: string;
  now: string;
  label: string;
  is_simulated: boolean;
  headline: { promises: number; safe: number; at_risk: number; broken: number; sentence: string };
  legend: Record<Risk, number>;
  exceptions: DayException[];
  routes: RouteLane[];
  waiting: { address_reviews: number; failed_messages: number; failed_stops: number; sentence: string };
}

/** [stop, order, route, lon, lat, risk, sequence, estimated arrival (epoch s), window end (epoch s)] */
export type StopRow = [string, string, string, number, number, Risk, number, number | null, number | null];
/** [route, lon, lat, heading, at] */
export type VanRow = [string, number, number, number | null, string | number];

export interface PromiseRow {
  order_id: string;
  reference: string;
  route_code: string | null;
  window: TimeWindow | null;
  eta: Eta | string | null;
  risk: Risk;
  fate: string;
}

export interface RouteStop {
  stop_id: string;
  order_id: string | null;
  reference: string | null;
  sequence: number;
  type: string;
  state: string;
  outcome: string | null;
  reason: string | null;
  address: string;
  unit: string | null;
  comuna: string | null;
  position: LonLat;
  placement_level: string | null;
  window: TimeWindow | null;
  planned_arrival: string | null;
  eta: Eta | null;
  arrived_at: string | null;
  closed_at: string | null;
  risk: Risk;
  parcels: number | unknown[];
  cod_clp: number | null;
}

export interface RouteView extends RouteSummary {
  geometry: LonLat[] | null;
  stops: RouteStop[];
  versions: { number: number; published_at: string; cause: string; stops: number }[];
}

export interface Proposal {
  sentence: string;
  saves: number;
  moves: { order_id: string; stop_id: string; to_route_id: string; to_code: string; arrival: string }[];
  left: { order_id: string; sentence: string }[];
}
