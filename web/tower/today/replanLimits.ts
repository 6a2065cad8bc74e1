/** What one search may ask for; the server's own limits. */
export const STOPS_MAX = 200;
export const WINDOWS_MAX = 50;

/** How much of a day may change. */
export interface Limits {
  stops_max: number;
  windows_max: number;
}

/** What the two fields ask for; undefined where one is empty, no whole number, or out of range. */
export function limitsOf(stops: number | null | undefined, windows: number | null | undefined): Limits | undefined {
  if (!isWithin(stops, STOPS_MAX) || !isWithin(windows, WINDOWS_MAX)) return undefined;
  return { stops_max: stops, windows_max: windows };
}

function isWithin(value: number | null | undefined, most: number): value is number {
  return Number.isInteger(value) && value !== null && value !== undefined && value >= 0 && value <= most;
}
