import type { Replan } from "../data/views";
import { t } from "../i18n/texts";

export type Helpless = Replan["helpless"][number];

/** What was searched: whether the list used up the stops allowed, and whether it went beyond single moves. */
export interface Searched {
  isLimitUsed: boolean;
  isThorough: boolean;
}

/** Those a person has to look at: what stands, comes late, or has a line in Qué mirar; of one route, that one. */
export function inTrouble(helpless: Helpless[], loud: ReadonlySet<string>, routeId: string | undefined): Helpless[] {
  return helpless.filter((each) => each.why === "broken_down" || each.late > 0 || loud.has(each.route_id) || each.route_id === routeId);
}

/** 'R-02 · 3 tarde, 5 en riesgo'. */
export function troubleOf(each: Helpless): string {
  const counts = [each.late > 0 ? t.count("helpless.late", each.late) : "", each.at_risk > 0 ? t.count("helpless.at_risk", each.at_risk) : ""].filter(Boolean).join(", ");
  return [each.code, each.why === "broken_down" ? t("helpless.broken_down") : "", counts].filter(Boolean).join(" · ");
}

/** What was tried, and why nothing helps: a sentence for each thing that stands in the way. */
export function whyOf(each: Helpless): string[] {
  if (each.why === "broken_down") return [t("helpless.why_broken")];
  if (each.why === "no_streets") return [t("helpless.why_no_streets")];
  return [
    each.passed > 0 ? t.count("helpless.why_passed", each.passed) : "",
    each.begun > 0 ? t.count("helpless.why_begun", each.begun) : "",
    each.aboard > 0 ? t.count("helpless.why_aboard", each.aboard) : "",
    each.free > 0 ? freeWords(each) : "",
  ].filter(Boolean);
}

function freeWords({ free, takers }: Helpless): string {
  return takers > 0 ? t.count("helpless.why_free", free, { vans: t.count("replan.vans", takers) }) : t.count("helpless.why_nobody", free);
}

/** What a person can do instead. */
export function insteadOf(each: Helpless, searched: Searched): string {
  if (each.why === "broken_down") return t("helpless.do_broken");
  const isTried = each.why === "tried";
  return [
    t(each.late > 0 ? "helpless.do_call" : "helpless.do_watch"),
    isTried && searched.isLimitUsed ? t("helpless.do_limit") : "",
    isTried && !searched.isLimitUsed && !searched.isThorough ? t("helpless.do_thorough") : "",
  ].filter(Boolean).join(" ");
}
