/** When a driver is not on the way to a door: a colación, or the depot for the next load. */
export interface Rest {
  kind: "break" | "reload";
  start: string;
  end: string;
}

interface Resting {
  breaks?: { start: string; end: string }[];
  reloads?: { arrival: string; departure: string }[];
}

/** Both, by their hour; a day that an older page kept has none. */
export function restsOf(route: Resting | null | undefined): Rest[] {
  const breaks = (route?.breaks ?? []).map(({ start, end }) => ({ kind: "break" as const, start, end }));
  const reloads = (route?.reloads ?? []).map(({ arrival, departure }) => ({ kind: "reload" as const, start: arrival, end: departure }));
  return [...breaks, ...reloads].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
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
