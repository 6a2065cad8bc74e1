import { compareUrgency, type Meaning } from "$shared/ui/meanings";
import { isBroken, meaningOf, meaningOfRoute } from "../data/risk";
import type { Headline, LaneStop, RouteLane, RouteSummary } from "../data/views";

/** How many stops of the route there are of each meaning, the settled ones first. */
export function mixOf(route: RouteLane): { meaning: Meaning; count: number }[] {
  const meanings = route.stops.map((stop) => meaningOf(stop.risk));
  return (["done", "fail", "late", "risk", "ok"] as const)
    .map((meaning) => ({ meaning, count: meanings.filter((found) => found === meaning).length }))
    .filter((part) => part.count > 0);
}

/** The open stop the van reaches first. */
export function nextStopOf(route: RouteLane): { stop: LaneStop; number: number } | undefined {
  const index = route.stops.findIndex((stop) => !stop.is_closed);
  const stop = route.stops[index];
  return stop && { stop, number: index + 1 };
}

/** Rounded down to tenths of a per cent, as the server's own sentence says it. */
export function shareSafe(headline: Pick<Headline, "safe" | "promises">): number {
  return headline.promises > 0 ? Math.floor((headline.safe * 1000) / headline.promises) / 1000 : 1;
}

/** Routes by risk: the van that stands first, then the most urgent, then the longest delay, then the code. */
export function sortLanes<R extends RouteSummary>(routes: R[]): R[] {
  return [...routes].sort((a, b) => Number(isBroken(b)) - Number(isBroken(a)) || compareUrgency(meaningOfRoute(a), meaningOfRoute(b)) || b.delay_s - a.delay_s || a.code.localeCompare(b.code));
}
