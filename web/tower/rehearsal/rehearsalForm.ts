import type { Fleet, RehearsalBody, RehearsalChoice, Rehearsals, Size } from "../data/rehearsals";

/** What a planner has put into the form. */
export interface RehearsalDraft {
  first: string;
  last: string;
  size: Size;
  seeds: number;
  fixedDays: number[];
  byCapacity: boolean;
  fleets: Fleet[];
  /** Nothing for what the price of a day more makes of it. */
  lostSale: number | null;
}

export const FIXED_CHOICES = [1, 2, 3] as const;
export const SEEDS_CHOICES = [1, 3, 5] as const;
/** The same scenarios each time, so that two rehearsals differ by what was changed alone. */
export const SEED = 1;
/** The server runs no more side by side. */
export const WAYS_MAX = 8;

/** Around the next event of the forecast; without one, its first two weeks. */
export function newDraft(seen: Rehearsals): RehearsalDraft {
  const event = seen.events[0];
  const [first, last] = event ? [event.first, event.last] : [seen.first_day ?? "", fortnight(seen)];
  return { first, last, size: "typical", seeds: 3, fixedDays: [2], byCapacity: true, fleets: ["own", "mean", "pooled"], lostSale: null };
}

/** The form as it was sent. */
export function draftOf(asked: RehearsalChoice): RehearsalDraft {
  return { first: asked.first, last: asked.last, size: asked.size, seeds: asked.seeds, fixedDays: asked.fixed_days, byCapacity: asked.by_capacity, fleets: asked.fleets, lostSale: asked.lost_sale_clp };
}

let kept: RehearsalDraft | undefined;

/** What was put last, while the forecast still has its days: a result that comes in between forgets nothing. */
export const keptDraft = (seen: Rehearsals): RehearsalDraft => (kept && seen.first_day && kept.first >= seen.first_day ? kept : newDraft(seen));

export function keepDraft(draft: RehearsalDraft): void {
  kept = draft;
}

function fortnight(seen: Rehearsals): string {
  if (!seen.first_day || !seen.last_day) return "";
  const end = new Date(`${seen.first_day}T12:00:00Z`);
  end.setUTCDate(end.getUTCDate() + 13);
  const day = end.toISOString().slice(0, 10);
  return day < seen.last_day ? day : seen.last_day;
}

/** How many ways to promise it compares. */
export const wayCount = (draft: RehearsalDraft): number => (draft.fixedDays.length + (draft.byCapacity ? 1 : 0)) * draft.fleets.length;

/** Whether it can be asked for. */
export const isReady = (draft: RehearsalDraft): boolean => draft.first !== "" && draft.first <= draft.last && wayCount(draft) > 0 && wayCount(draft) <= WAYS_MAX;

export function bodyOf(draft: RehearsalDraft): RehearsalBody {
  return { first: draft.first, last: draft.last, size: draft.size, seeds: draft.seeds, seed: SEED, fixed_days: draft.fixedDays, by_capacity: draft.byCapacity, fleets: draft.fleets, lost_sale_clp: draft.lostSale === null ? null : Math.round(draft.lostSale) };
}

/** With the value, or without it where it is there; in the order of ``all``. */
export function toggled<T>(chosen: T[], value: T, all: readonly T[]): T[] {
  return all.filter((each) => (each === value ? !chosen.includes(value) : chosen.includes(each)));
}
