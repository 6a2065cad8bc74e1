import type { DayView } from "../data/views";

/** What the driver should carry in cash: what was due where something was handed over. */
export function cashInHand(day: DayView): number {
  return day.stops
    .filter((stop) => stop.outcome === "succeeded" || stop.outcome === "partial")
    .reduce((sum, stop) => sum + (stop.cod_clp ?? 0), 0);
}
