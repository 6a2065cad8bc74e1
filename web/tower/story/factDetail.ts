import { formatDay, formatDayTime, formatTime, noonOf } from "$shared/format/dates";
import { formatDistance, formatPesos } from "$shared/format/numbers";
import type { Fact } from "../data/orderViews";
import { t } from "../i18n/texts";

const PLAIN_DATE = /^\d{4}-\d{2}-\d{2}$/;

function text(fact: Fact, name: string): string {
  const value = fact.data[name];
  return typeof value === "string" ? value : "";
}

function count(fact: Fact, name: string): number | undefined {
  const value = fact.data[name];
  return typeof value === "number" ? value : undefined;
}

/** What a fact's data say beyond its title: a window, a reason, a level. Data this page does not know are left out. */
export function detailOfData(fact: Fact): string {
  switch (fact.type) {
    case "promise.made":
      return text(fact, "start") ? `${formatDayTime(text(fact, "start"))}–${formatTime(text(fact, "end"))}` : "";
    case "order.rated":
      return [t("story.score", { score: count(fact, "score") ?? 0 }), text(fact, "comment") && `“${text(fact, "comment")}”`].filter(Boolean).join(" · ");
    case "promise.closed":
      return t.code("fate_of", text(fact, "fate"));
    case "stop.moved":
      return [text(fact, "from_code"), text(fact, "to_code")].filter(Boolean).join(" → ");
    case "stop.closed":
    case "stop.told_late":
      return [typeOf(fact), t.code("outcome", text(fact, "outcome")), t.code("reason", text(fact, "reason"))].filter(Boolean).join(", ");
    case "stop.delivery_disputed":
    case "order.delivery_failed":
      return [t.code("outcome", text(fact, "outcome")), t.code("reason", text(fact, "reason"))].filter(Boolean).join(", ");
    case "stop.cash_differs":
      return t("doubt.amounts", { collected: formatPesos(count(fact, "collected") ?? 0), due: formatPesos(count(fact, "due") ?? 0) });
    case "stop.doubt_settled":
      return [t.code("decision", text(fact, "decision")), text(fact, "cause")].filter(Boolean).join(": ");
    case "route.reconciled":
    case "route.cash_counted":
      return count(fact, "cash_counted_clp") === undefined ? "" : t("routes.cash", { counted: formatPesos(count(fact, "cash_counted_clp") ?? 0), told: formatPesos(count(fact, "cash_told_clp") ?? 0) });
    case "order.rescheduled":
      return PLAIN_DATE.test(text(fact, "date")) ? formatDay(noonOf(text(fact, "date"))) : "";
    case "message.queued":
    case "message.sent":
    case "message.failed":
    case "message.withdrawn":
      return [t.code("message_kind", text(fact, "kind")), t.code("channel", text(fact, "channel"))].filter(Boolean).join(", ");
    case "order.messages_declined":
      return silentBy(fact);
    case "order.correction_settled":
      return t.code("correction", text(fact, "decision"));
    case "order.placed_on_map":
    case "order.sent_to_review":
    case "order.address_confirmed":
      return placeOf(fact);
    default:
      return "";
  }
}

/** A visit to the seller is no delivery, and says so. */
function typeOf(fact: Fact): string {
  const type = text(fact, "type");
  return type === "delivery" ? "" : t.code("stop_type", type);
}

function silentBy(fact: Fact): string {
  const channels = fact.data["channels"];
  if (!Array.isArray(channels)) return "";
  return channels.length === 0 ? t("story.wants_messages") : t("story.silent_by", { channels: channels.map((channel) => t.code("channel", String(channel))).join(", ") });
}

function placeOf(fact: Fact): string {
  if (fact.data["is_outside"] === true) return t("place.outside");
  const metres = count(fact, "uncertainty_m");
  const level = text(fact, "level");
  if (metres === undefined || !level) return "";
  return t("story.uncertain", { level: t.code("level", level), metres: formatDistance(metres) });
}
