import { dateOf } from "$shared/format/dates";
import type { Fact, StoryView } from "../data/orderViews";
import { showsWindow } from "./standing";

export interface FactDay {
  date: string;
  facts: Fact[];
}

/** Facts in the order they happened, under the day they happened on. */
export function groupByDay(facts: Fact[]): FactDay[] {
  const days: FactDay[] = [];
  for (const fact of [...facts].sort((a, b) => a.at.localeCompare(b.at))) {
    const date = dateOf(fact.at);
    const last = days.at(-1);
    if (last?.date === date) last.facts.push(fact);
    else days.push({ date, facts: [fact] });
  }
  return days;
}

/** Whether the customer is still shown a window that the estimate already misses. */
export function isNoLongerTrue(story: StoryView): boolean {
  const shown = showsWindow(story.recipient_sees.state) ? story.recipient_sees.window : null;
  const eta = story.order.route?.eta;
  if (!shown || !eta || story.order.risk === "closed" || story.order.risk === "failed") return false;
  return Date.parse(eta.p50) > Date.parse(shown.end);
}

/** An order that has ended can no longer be moved, rescheduled or cancelled. */
const ENDED = new Set(["delivered", "returned", "cancelled", "lost", "returning"]);

export function hasEnded(state: string): boolean {
  return ENDED.has(state);
}
