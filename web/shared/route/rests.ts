/** When a driver is not on the way to a door: a colación, or the depot for the next load. */
export interface Rest {
  kind: "break" | "reload";
  start: string;
  end: string;
  /** A colación that the driver told: over, ended too soon to count, or going on until it is due. Else it is the plan's. */
  told?: "over" | "short" | "now";
}

interface Resting {
  breaks?: { start: string; end: string }[];
  rests?: { start: string; end: string; is_over: boolean; is_short?: boolean }[];
  reloads?: { arrival: string; departure: string }[];
}

/** All of them, by their hour; a day that an older page kept has none. */
export function restsOf(route: Resting | null | undefined): Rest[] {
  const breaks: Rest[] = (route?.breaks ?? []).map(({ start, end }) => ({ kind: "break", start, end }));
  const told: Rest[] = (route?.rests ?? []).map(({ start, end, is_over, is_short }) => ({ kind: "break", start, end, told: is_short ? "short" : is_over ? "over" : "now" }));
  const reloads: Rest[] = (route?.reloads ?? []).map(({ arrival, departure }) => ({ kind: "reload", start: arrival, end: departure }));
  return [...breaks, ...told, ...reloads].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

/** Rows in their order, with each rest before the first row that is reached after it began. */
export function withRests<Row>(rows: Row[], arrivalOf: (row: Row) => string, rests: Rest[]): (Row | Rest)[] {
  const left = [...rests];
  const all: (Row | Rest)[] = [];
  for (const row of rows) {
    while (left[0] && Date.parse(left[0].start) <= Date.parse(arrivalOf(row))) all.push(left.shift() as Rest);
    all.push(row);
  }
  return [...all, ...left];
}

export function isRest(row: object): row is Rest {
  return "kind" in row && (row.kind === "break" || row.kind === "reload");
}
