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
export type Permission = SessionView["permissions"][number];
export type RouteSummary = S["RouteSummary"];
export type RouteView = S["RouteView"];
export type RouteStop = S["RouteStopView"];
export type Proposal = S["ProposalView"];
export type Replan = S["ReplanView"];
export type Insertion = S["InsertionView"];

export type LaneStop = S["LaneStop"];
export type StopPoint = S["StopPoint"];
export type DayException = S["ExceptionView"];
export type PromiseRow = S["PromiseRow"];
export type Headline = S["HeadlineView"];

/** One van's day: its summary with the stops of its line. */
export type RouteLane = RouteSummary & Omit<S["LaneView"], "summary">;
/** The day's snapshot, each lane laid flat. */
export type DayView = Omit<S["DayView"], "lanes"> & { routes: RouteLane[] };

/** [route, lon, lat, heading, at], as the stream sends them. */
export type VanRow = [string, number, number, number | null, string];

export function flattenDay({ lanes, ...rest }: S["DayView"]): DayView {
  return { ...rest, routes: lanes.map(({ summary, ...lane }) => ({ ...summary, ...lane })) };
}
