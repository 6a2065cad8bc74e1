const GAPS_MAX = 5;
const STEPS = [1, 2, 5, 10];

/** The round number at or above `most` that an axis from nought ends at, and what lies between its ticks: at most five gaps. */
export function roundTop(most: number): { top: number; step: number } {
  if (most <= 0) return { top: 0, step: 1 };
  const size = 10 ** Math.floor(Math.log10(most / GAPS_MAX));
  // The last of the steps is always enough, as the power lies less than ten times below.
  const step = Number(((STEPS.find((each) => most / (each * size) <= GAPS_MAX + 1e-9) ?? 10) * size).toPrecision(6));
  return { top: Number((Math.ceil(most / step - 1e-9) * step).toPrecision(6)), step };
}

/** Round ticks from nought to at least `most`, at most six of them. */
export function roundTicks(most: number): number[] {
  const { top, step } = roundTop(most);
  return Array.from({ length: Math.round(top / step) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}
