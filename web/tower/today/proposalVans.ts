import type { Proposal } from "../data/views";

export interface VanShare {
  code: string;
  count: number;
  first: string;
  last: string;
}

/** What each van would take over: how many stops, and from when to when. */
export function groupByVan(moves: Proposal["moves"]): VanShare[] {
  const shares = new Map<string, VanShare>();
  for (const move of [...moves].sort((a, b) => Date.parse(a.arrival) - Date.parse(b.arrival))) {
    const share = shares.get(move.to_code) ?? { code: move.to_code, count: 0, first: move.arrival, last: move.arrival };
    shares.set(move.to_code, { ...share, count: share.count + 1, last: move.arrival });
  }
  return [...shares.values()].sort((a, b) => a.code.localeCompare(b.code));
}
