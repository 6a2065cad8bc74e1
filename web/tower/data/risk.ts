import type { Meaning } from "$shared/ui/meanings";
import type { Risk } from "./views";

const MEANING_OF: Record<Risk, Meaning> = { on_time: "ok", at_risk: "risk", late: "late", failed: "fail", closed: "done" };

/** The shape that carries a risk; a value this page does not know yet is shown as closed. */
export function meaningOf(risk: string): Meaning {
  return MEANING_OF[risk as Risk] ?? "done";
}

const MEANING_OF_STATE: Record<string, Meaning> = {
  address_review: "risk",
  delivery_failed: "fail",
  partially_delivered: "fail",
  lost: "fail",
  delivered: "done",
  returned: "done",
  cancelled: "done",
};

/** The shape of an order: its risk while it is on a route, else what its state asks of a person. */
export function meaningOfOrder(order: { risk: string | null; state: string }): Meaning {
  return order.risk ? meaningOf(order.risk) : (MEANING_OF_STATE[order.state] ?? "ok");
}
