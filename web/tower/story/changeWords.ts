import { formatTime, formatWindow } from "$shared/format/dates";
import { formatDistance } from "$shared/format/numbers";
import type { Meaning } from "$shared/ui/meanings";
import type { ChangePreview, OrderView } from "../data/orderViews";
import { t } from "../i18n/texts";

export interface Consequence {
  meaning: Meaning;
  text: string;
}

const WHEN = ["date", "windows"];

/** What a change does, one sentence each, before it is made. */
export function consequencesOf(order: OrderView, change: ChangePreview): Consequence[] {
  const told: Consequence[] = [];
  const say = (meaning: Meaning, text: string): void => { told.push({ meaning, text }); };
  const window = change.promise ? formatWindow(change.promise.start, change.promise.end) : "";
  const { route } = change;
  if (change.needs_review && change.fields.some((field) => ["address", "comuna", "position"].includes(field))) {
    say("risk", t("edit.to_review", { metres: formatDistance(change.placement?.uncertainty_m ?? 0) }));
  }
  if (route) {
    const code = route.code;
    say("ok", route.sequence === route.new_sequence
      ? t("edit.same_place", { code, n: route.new_sequence, time: formatTime(route.new_arrival), before: formatTime(route.arrival) })
      : t("edit.other_place", { code, from: route.sequence, to: route.new_sequence, time: formatTime(route.new_arrival), before: formatTime(route.arrival) }));
    if (change.is_kept === true && window) say("ok", t("edit.kept", { window }));
    if (change.is_kept === false && window) say("late", t("edit.not_kept", { window }));
    say("done", t(route.is_under_way ? "edit.phone_now" : "edit.phone_next", { n: route.version, end: formatTime(route.new_end) }));
  } else if (order.route && change.fields.length > 0) {
    say("ok", t("edit.route_same", { code: order.route.code }));
  } else if (change.fields.length > 0 && !change.needs_review) {
    say("ok", t("edit.no_route"));
  }
  if (window && change.fields.some((field) => WHEN.includes(field))) say("done", t("edit.new_promise", { window }));
  return told;
}
