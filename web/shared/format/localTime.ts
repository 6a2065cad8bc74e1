/** Zone in which windows and shifts are typed. */
const ZONE = "America/Santiago";
const MINUTE_MS = 60_000;

/** The instant of a wall-clock time in the operation's zone: ("2026-10-05", "15:10") → "2026-10-05T18:10:00.000Z". */
export function instantAt(date: string, time: string): string {
  const guess = Date.parse(`${date}T${time}:00Z`);
  // The offset found at the guess may belong to the other side of a clock change: ask twice.
  const first = guess - offset_ms(guess);
  return new Date(guess - offset_ms(first)).toISOString();
}

function offset_ms(instant_ms: number): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: ZONE, timeZoneName: "longOffset" }).formatToParts(instant_ms);
  const text = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const found = /GMT([+-])(\d{2}):(\d{2})/.exec(text);
  if (!found) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return (found[1] === "-" ? -minutes : minutes) * MINUTE_MS;
}
