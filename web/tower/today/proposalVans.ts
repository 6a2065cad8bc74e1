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

export interface LeftGroup {
  sentence: string;
  orders: { order_id: string; reference: string }[];
}

/** Why stops stay where they are: each reason once, with the orders it holds for, the commonest first. */
export function groupLeft(left: Proposal["left"]): LeftGroup[] {
  const groups = new Map<string, LeftGroup>();
  for (const { sentence, order_id, reference } of left) {
    const group = groups.get(sentence) ?? { sentence, orders: [] };
    group.orders.push({ order_id, reference });
    groups.set(sentence, group);
  }
  return [...groups.values()].sort((a, b) => b.orders.length - a.orders.length);
}
