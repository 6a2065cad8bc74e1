/** Where a value lies on an axis of the curve, and which values are written beside it. */
export interface Axis {
  place: (value: number) => number;
  ticks: number[];
}

const TICKS_MAX = 5;
const STEPS = [1, 2, 5];

/** Round ticks from nought to at least `most`, at most six of them. */
export function roundTicks(most: number): number[] {
  if (most <= 0) return [0];
  let size = 10 ** Math.floor(Math.log10(most / TICKS_MAX));
  for (;;) {
    for (const step of STEPS) {
      const gap = step * size;
      if (most / gap <= TICKS_MAX) return Array.from({ length: Math.ceil(most / gap - 1e-9) + 1 }, (_, index) => Number((index * gap).toPrecision(6)));
    }
    size *= 10;
  }
}

/** An axis from nought over the values, between two places of the picture. */
export function axisOf(values: number[], from: number, until: number): Axis {
  const ticks = roundTicks(Math.max(0, ...values));
  const last = ticks.at(-1) ?? 0;
  return { ticks, place: (value) => (last === 0 ? from : from + (value / last) * (until - from)) };
}
