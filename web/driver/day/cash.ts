import type { DayView } from "../data/views";

/** What the driver should carry in cash: what was received, or what was due where nobody said another amount. */
export function cashInHand(day: DayView): number {
  return day.stops
    .filter((stop) => stop.outcome === "succeeded" || stop.outcome === "partial")
    .reduce((sum, stop) => sum + (stop.cod_collected_clp ?? stop.cod_clp ?? 0), 0);
}
