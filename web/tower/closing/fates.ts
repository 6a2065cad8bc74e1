import type { OpenOrder } from "../data/closing";

export interface Fate {
  ending: string;
  reason: string | null;
  isAddressUnsure: boolean;
  /** Collected at the seller's; no route brought it to the door. */
  isCollected: boolean;
  date: string | null;
  orders: OpenOrder[];
}

const ORDER = ["wait", "lost", "return", "fix_address", "retry"];

/** Orders that end alike, those that need a person first, then the most numerous. */
export function groupFates(orders: OpenOrder[]): Fate[] {
  const groups = new Map<string, Fate>();
  for (const order of orders) {
    const isAddressUnsure = order.state === "address_review";
    const isCollected = order.state === "in_preparation";
    const key = [order.ending, order.reason, order.date, isAddressUnsure, isCollected].join("|");
    const group = groups.get(key) ?? { ending: order.ending, reason: order.reason, isAddressUnsure, isCollected, date: order.date, orders: [] };
    group.orders.push(order);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => ORDER.indexOf(a.ending) - ORDER.indexOf(b.ending) || b.orders.length - a.orders.length);
}
