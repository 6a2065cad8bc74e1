import type { Meaning } from "$shared/ui/meanings";
import type { DayException, Risk, RouteSummary } from "./views";

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

/** The shape of a route: a van that stands is a trouble, whatever is left on it. */
export function meaningOfRoute(route: Pick<RouteSummary, "risk" | "state" | "is_broken_down">): Meaning {
  return isBroken(route) ? "late" : meaningOf(route.risk);
}

const OVER = new Set(["finished", "reconciled", "cancelled"]);

/** What a route is doing, as a person would say it: a van that broke down is not on its way. */
export function stateOfRoute(route: Pick<RouteSummary, "state" | "is_broken_down">): string {
  return isBroken(route) ? "broken_down" : route.state;
}

export function isBroken(route: Pick<RouteSummary, "state" | "is_broken_down">): boolean {
  return route.is_broken_down && !OVER.has(route.state);
}

const ABOUT_A_VAN = new Set(["breakdown", "late_start", "late_route", "silent_phone"]);

/** The routes a person has to look at: each has a line of its own, and only these are emphasised. */
export function routesToLookAt(exceptions: DayException[]): ReadonlySet<string> {
  return new Set(exceptions.flatMap((line) => (line.route_id && ABOUT_A_VAN.has(line.kind) ? [line.route_id] : [])));
}
