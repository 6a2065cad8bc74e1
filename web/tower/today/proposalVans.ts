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

/** Why stops stay where they are: each reason once, with how many it holds for, the commonest first. */
export function groupLeft(left: Proposal["left"]): { sentence: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { sentence } of left) counts.set(sentence, (counts.get(sentence) ?? 0) + 1);
  return [...counts].map(([sentence, count]) => ({ sentence, count })).sort((a, b) => b.count - a.count);
}
