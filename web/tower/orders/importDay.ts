import { dateOf } from "$shared/format/dates";

const DAY_MS = 86_400_000;
const SUNDAY = 0;

/** The day of rows that name none: today until its routes are out, then the next day with deliveries. */
export function importDay(now_ms: number, hasRoutesToday: boolean): string {
  const today = dateOf(now_ms);
  if (!hasRoutesToday) return today;
  let next = new Date(`${today}T12:00:00Z`);
  do next = new Date(next.getTime() + DAY_MS);
  while (next.getUTCDay() === SUNDAY);
  return next.toISOString().slice(0, 10);
}
