import type { DemandEvent } from "../data/demand";

export const FILTERS = ["all", "commerce", "holiday", "payday", "own", "unconfirmed", "deleted"] as const;
export type Filter = (typeof FILTERS)[number];

const COMMERCE = new Set(["commerce", "campaign", "other"]);
const HOLIDAYS = new Set(["holiday", "election"]);

/** Whether somebody has yet to say when it is: of what has begun nobody asks any more. */
export const isToConfirm = (event: Pick<DemandEvent, "is_confirmed" | "start">, today: string): boolean => !event.is_confirmed && event.start > today;

/** Whether an event is among those that are looked at. */
export function isAmong(event: DemandEvent, filter: Filter, today: string): boolean {
  if (event.is_deleted) return filter === "deleted";
  if (filter === "deleted") return false;
  if (filter === "commerce") return COMMERCE.has(event.kind);
  if (filter === "holiday") return HOLIDAYS.has(event.kind);
  if (filter === "payday") return event.kind === "payday";
  if (filter === "own") return event.author_id !== null;
  if (filter === "unconfirmed") return isToConfirm(event, today);
  return true;
}
