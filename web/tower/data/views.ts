import type { components } from "$shared/api/schema";

export type S = components["schemas"];

/** What the server sends: names and shapes of the contract, snake_case as on the wire. */
export type Risk = "on_time" | "at_risk" | "late" | "failed" | "closed";
export type Fate = "safe" | "at_risk" | "broken";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export type TimeWindow = S["WindowView"];

export type SessionView = S["SessionView"];
export type RouteSummary = S["RouteSummary"];
export type RouteView = S["RouteView"];
export type RouteStop = S["RouteStopView"];
export type Proposal = S["ProposalView"];

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
  eta: S["EtaView"] | string | null;
  risk: Risk;
  fate: string;
}
