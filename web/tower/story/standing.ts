import { formatDay, noonOf } from "$shared/format/dates";
import { meaningOfOrder } from "../data/risk";
import type { Fact, OrderView, PromiseVersion } from "../data/orderViews";
import type { Meaning } from "$shared/ui/meanings";
import { t } from "../i18n/texts";

export interface Standing {
  meaning: Meaning;
  text: string;
  /** Called off: nothing is promised any more. */
  isOver: boolean;
}

/** How an order stands, in words: its risk while it is on a route, else who called it off or moved it, else its state. */
export function standingOf(order: OrderView, facts: Fact[]): Standing {
  const meaning = meaningOfOrder(order);
  if (order.state === "cancelled") return { meaning: "done", text: t("standing.cancelled", { who: t.code("by", actorOf(facts, "order.cancelled")) }), isOver: true };
  if (order.risk && order.risk !== "closed") return { meaning, text: t(`meaning.${meaning}`), isOver: false };
  if (order.state === "rescheduled") return { meaning, text: t("standing.moved", { date: formatDay(noonOf(order.date)), who: t.code("by", actorOf(facts, "order.rescheduled")) }), isOver: false };
  return { meaning, text: t.code("order_state", order.state), isOver: false };
}

/** How a promise ended; one that was changed says by whom. */
export function fateOf(promise: PromiseVersion, facts: Fact[]): string {
  if (promise.fate !== "released") return t.code("fate_of", promise.fate);
  const closed = facts.find((fact) => fact.type === "promise.closed" && fact.data["version"] === promise.version);
  return t("standing.released", { who: t.code("by", closed?.actor_kind ?? "system") });
}

function actorOf(facts: Fact[], type: string): string {
  return facts.filter((fact) => fact.type === type).at(-1)?.actor_kind ?? "system";
}

/** States in which the recipient's page shows a window. */
const WITH_WINDOW = new Set(["en_preparacion", "en_camino", "entregado"]);

export function showsWindow(state: string): boolean {
  return WITH_WINDOW.has(state);
}
