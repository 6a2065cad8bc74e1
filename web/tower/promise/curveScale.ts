import { roundTicks } from "$shared/chart/roundTicks";

/** Where a value lies on an axis of the curve, and which values are written beside it. */
export interface Axis {
  place: (value: number) => number;
  ticks: number[];
}

/** An axis from nought over the values, between two places of the picture. */
export function axisOf(values: number[], from: number, until: number): Axis {
  const ticks = roundTicks(Math.max(0, ...values));
  const last = ticks.at(-1) ?? 0;
  return { ticks, place: (value) => (last === 0 ? from : from + (value / last) * (until - from)) };
}
