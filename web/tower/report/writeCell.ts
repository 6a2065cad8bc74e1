import { formatDayTime } from "$shared/format/dates";
import { formatNumber } from "$shared/format/numbers";

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** A value of a report's row as people read it. */
export function writeCell(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return formatNumber(value, 3);
  if (typeof value === "boolean") return value ? "✓" : "–";
  if (typeof value === "string") return INSTANT.test(value) ? formatDayTime(value) : value;
  return JSON.stringify(value);
}
