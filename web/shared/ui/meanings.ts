/** The five meanings a promise can have, and the shape that carries each: colour is never the only sign. */
export const MEANINGS = ["ok", "risk", "late", "fail", "done"] as const;
export type Meaning = (typeof MEANINGS)[number];

/** Drawn on a 16 × 16 grid. A ring is stroked, the other four are filled. */
export const SHAPE_PATHS: Record<Meaning, string> = {
  ok: "M8 2.8a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8Z",
  risk: "M8 1.2 14.8 8 8 14.8 1.2 8Z",
  late: "M8 1.4 15.2 14H.8Z",
  fail: "m3 .9 5 5 5-5L15.1 3l-5 5 5 5-2.1 2.1-5-5-5 5L.9 13l5-5-5-5Z",
  done: "M2 2h12v12H2Zm5 8.7 4.9-5-1.2-1.1L7 8.3 5.3 6.6 4.1 7.8Z",
};

/** The diamond of a risk too slight to act on, stroked. */
export const SLIGHT_PATH = "M8 3 13 8 8 13 3 8Z";
export const RING_STROKE = 3;

const URGENCY: Record<Meaning, number> = { late: 0, fail: 1, risk: 2, ok: 3, done: 4 };

/** Orders two meanings, the one that most needs a person first. */
export function compareUrgency(a: Meaning, b: Meaning): number {
  return URGENCY[a] - URGENCY[b];
}

export function isMeaning(value: string): value is Meaning {
  return (MEANINGS as readonly string[]).includes(value);
}
