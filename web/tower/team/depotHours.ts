/** A clock time of the server, 07:30:00, as people write it; nothing when unknown. */
export function shortTime(time: string | null | undefined): string {
  return time?.slice(0, 5) ?? "";
}

/** A clock time as the server takes it; null when left empty. */
export function wireTime(typed: string): string | null {
  return typed ? `${typed}:00` : null;
}
