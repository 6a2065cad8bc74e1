import type { DemandEvent } from "../data/demand";

export const FILTERS = ["all", "commerce", "campaign", "holiday", "payday", "other", "own", "unconfirmed", "deleted"] as const;
export type Filter = (typeof FILTERS)[number];

const HOLIDAYS = new Set(["holiday", "election"]);

/** Whether somebody has yet to say when it is: of what has begun nobody asks any more. */
export const isToConfirm = (event: Pick<DemandEvent, "is_confirmed" | "start">, today: string): boolean => !event.is_confirmed && event.start > today;

/** Whether an event is among those that are looked at. */
export function isAmong(event: DemandEvent, filter: Filter, today: string): boolean {
  if (event.is_deleted) return filter === "deleted";
  if (filter === "deleted") return false;
  if (filter === "holiday") return HOLIDAYS.has(event.kind);
  if (filter === "commerce" || filter === "campaign" || filter === "payday" || filter === "other") return event.kind === filter;
  if (filter === "own") return event.author_id !== null;
  if (filter === "unconfirmed") return isToConfirm(event, today);
  return true;
}
