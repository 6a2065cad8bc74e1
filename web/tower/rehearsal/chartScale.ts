import type { RehearsalWay } from "../data/rehearsals";

/** The largest count of any day and way, so that all charts are drawn to one scale. */
export function highest(ways: RehearsalWay[]): number {
  const counts = ways.flatMap((way) => way.days.flatMap((day) => [day.came, day.delivered, day.room, day.behind]));
  return Math.max(1, ...counts);
}

/** How a day's promises fared: the five meanings of the torre. */
export function meaningOf(kept: number): "ok" | "risk" | "late" {
  return kept >= 0.97 ? "ok" : kept >= 0.9 ? "risk" : "late";
}

/** A line through the days that have a value, in the place of each. */
export function linePath(values: (number | null)[], x: (place: number) => number, y: (value: number) => number): string {
  let isDrawn = false;
  return values
    .map((value, place) => {
      if (value === null) return "";
      const command = isDrawn ? "L" : "M";
      isDrawn = true;
      return `${command}${x(place).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join("");
}
