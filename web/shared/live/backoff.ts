/** Waits between tries: doubled each time up to a ceiling, with jitter so that screens do not return all at once. */
export const FIRST_WAIT_MS = 1_000;
export const WAIT_MAX_MS = 30_000;

export function waitBefore(tries: number, random: () => number = Math.random): number {
  const ceiling = Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
