import { compareUrgency, type Meaning } from "$shared/ui/meanings";
import { meaningOf } from "../data/risk";
import type { DayView, RouteLane, StopRow } from "../data/views";

/** What the van card says of a route, read from the day's rows. */
export interface RouteFacts {
  at_risk: number;
  broken: number;
  /** The open stop whose window ends first. */
  next: { stop_id: string; order_id: string; window_end_s: number; sequence: number } | null;
  mix: { meaning: Meaning; count: number }[];
}

const CLOSED = new Set(["closed", "failed"]);

export function readRouteFacts(route: RouteLane, stops: StopRow[]): RouteFacts {
  const counts = new Map<Meaning, number>();
  for (const [, risk] of route.lane) counts.set(meaningOf(risk), (counts.get(meaningOf(risk)) ?? 0) + 1);
  const open = stops.filter((row) => row[2] === route.id && !CLOSED.has(row[5]) && row[8] !== null);
  const first = open.sort((a, b) => (a[8] ?? 0) - (b[8] ?? 0))[0];
  return {
    at_risk: counts.get("risk") ?? 0,
    broken: counts.get("late") ?? 0,
    next: first ? { stop_id: first[0], order_id: first[1], sequence: first[6], window_end_s: first[8] ?? 0 } : null,
    mix: (["done", "fail", "late", "risk", "ok"] as const).map((meaning) => ({ meaning, count: counts.get(meaning) ?? 0 })).filter((part) => part.count > 0),
  };
}

export function shareSafe(headline: DayView["headline"]): number {
  return headline.promises > 0 ? headline.safe / headline.promises : 1;
}

/** Lanes by risk: the most urgent first, then the longest delay, then the code. */
export function sortLanes(routes: RouteLane[]): RouteLane[] {
  const meaning = (route: RouteLane): Meaning => (route.is_broken_down ? "late" : meaningOf(route.risk));
  return [...routes].sort((a, b) => compareUrgency(meaning(a), meaning(b)) || b.delay_s - a.delay_s || a.code.localeCompare(b.code));
}
