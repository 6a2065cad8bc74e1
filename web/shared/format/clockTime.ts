/** Reads a clock time as people type it: "9", "930", "9:30", "09.30", "21h15". Nothing when it is no time of the day. */
export function readClockTime(typed: string): string | undefined {
  const found = /^\s*(\d{1,2})\s*[:.h]?\s*(\d{2})?\s*$/.exec(typed);
  if (!found) return undefined;
  const hour = Number(found[1]);
  const minute = Number(found[2] ?? "0");
  if (hour > 23 || minute > 59) return undefined;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}
