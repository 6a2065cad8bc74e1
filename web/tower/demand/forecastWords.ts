import { formatDay, formatLongDay, noonOf } from "$shared/format/dates";
import { formatNumber } from "$shared/format/numbers";
import type { DayUnderWay, EventUsed, Outlook } from "../data/forecast";
import { t } from "../i18n/texts";
import { factorWords } from "./eventWords";
import type { Measure } from "./fanScale";

/** How many days ahead a planner may look: four weeks, as all models do, or further with one. */
export const NEAR_D = 28;
export const REACHES: readonly number[] = [NEAR_D, 56, 90];

/** What the address asks for; undefined for four weeks and for what is none of them. */
export const reachOf = (said: string | undefined): number | undefined => REACHES.find((days) => days !== NEAR_D && String(days) === said);

/** What is coming, in a sentence: the peak first, with what makes it. The numbers are those of the chart and the table; what orders that came make of today is a sentence of its own. */
export function headline(outlook: Outlook, measure: Measure, underWay?: DayUnderWay): string {
  const days = outlook.days.map((day) => ({ day: day.day, of: day[measure] }));
  const peak = days.reduce((most, day) => (day.of.mean > most.of.mean ? day : most));
  const whole = formatNumber(days.reduce((sum, day) => sum + day.of.mean, 0), 0);
  const facts = { day: formatLongDay(noonOf(peak.day)), count: formatNumber(peak.of.mean, 0), low: formatNumber(peak.of.p10, 0), high: formatNumber(peak.of.p90, 0), whole, days: String(outlook.days.length) };
  const cause = measure === "orders" ? outlook.events.filter((event) => event.day === peak.day && event.factor > 1.05).sort((one, other) => other.factor - one.factor)[0] : undefined;
  const words = cause ? t(`forecast.headline_${measure}_event`, { ...facts, event: cause.name, factor: factorWords(cause.factor, 2) }) : t(`forecast.headline_${measure}`, facts);
  return measure === "orders" && underWay ? `${words} ${todayWords(underWay)}` : words;
}

/** Of today: what came, what is still to come, and what the forecast says of it. */
function todayWords(now: DayUnderWay): string {
  const total = Math.round(now.mean);
  return t("forecast.headline_today", { seen: formatNumber(now.seen, 0), left: formatNumber(Math.max(0, total - now.seen), 0), total: formatNumber(total, 0), expected: formatNumber(now.expected, 0) });
}

/** What the forecast rests on, and what it lacks. */
export function basisWords(outlook: Outlook): string[] {
  if (outlook.is_new) return [t.count("forecast.basis_new", outlook.history_days)];
  const words = [t("forecast.basis", { days: formatNumber(outlook.history_days, 0) })];
  if (outlook.history_days < 365) words.push(t("forecast.short"));
  else if (!outlook.is_boosted) words.push(t("forecast.structural"));
  if (outlook.calibrated === 0) words.push(t("forecast.uncalibrated"));
  if (outlook.far_from !== null) {
    const from = formatDay(noonOf(outlook.far_from));
    words.push(outlook.far_calibrated ? t("forecast.far", { from, times: String(outlook.far_calibrated) }) : t("forecast.far_unscored", { from }));
  } else if (outlook.days_max <= NEAR_D && outlook.days.length > 0) words.push(t("forecast.no_far"));
  return words;
}

/** Where the factor of a day's event comes from; the key of its words. */
export function basisOf(used: EventUsed): "forecast.event_unsaid" | "forecast.event_learnt" | "forecast.event_prior" | "forecast.event_firm" | "forecast.event_moved" | "forecast.event_given" {
  if (used.is_unsaid) return "forecast.event_unsaid";
  if (!used.is_given || used.uplift === null) return "forecast.event_learnt";
  if (used.own === null) return "forecast.event_prior";
  if (used.is_firm) return "forecast.event_firm";
  return used.moved ? "forecast.event_moved" : "forecast.event_given";
}

/** Where the number of an event comes from: dates of the history, or what its row says, with who wrote it. Nothing where nobody gave one and nothing taught one. */
export function sourceWords(used: EventUsed): string {
  if (used.is_unsaid) return "";
  if (!used.is_given) return used.seen ? t.count("forecast.source_learnt", used.seen) : t("forecast.source_history");
  if (used.event_id === null) return "";
  const who = used.is_typed ? t("forecast.source_typed", { author: used.author ?? t("demand.by_somebody") }) : t("forecast.source_shipped");
  return t("forecast.source", { source: [used.source.replace(/\.$/, ""), who].filter(Boolean).join(" · ") });
}

/** What a band of the fan is called: where the history moved the uplift, both numbers. A merchant's uplift is not that of the fan. */
export const bandWords = ({ name, factor, moved, merchant_ids }: EventUsed): string =>
  moved && merchant_ids.length === 0 ? t("forecast.band_moved", { name, given: factorWords(moved.given, 2), expected: factorWords(moved.expected, 2) }) : `${name} ${factorWords(factor, 2)}`;

/** What the events of a day make together; undefined for one, and where they are not all for everybody. */
export function jointFactor(events: EventUsed[]): number | undefined {
  if (events.length < 2 || events.some((event) => event.comunas.length + event.depots.length + event.merchant_ids.length > 0)) return undefined;
  const given = events.filter((event) => event.is_given).reduce((product, event) => product * event.factor, 1);
  // Learnt ones have one factor between them.
  return given * (events.find((event) => !event.is_given)?.factor ?? 1);
}

/** Comunas named before the rest is counted. */
const NAMED_MAX = 4;

/** What no depot is known to serve, and that it is in the sum of all of them alone. */
export function unservedWords({ comunas, orders }: NonNullable<Outlook["unserved"]>): string {
  const rest = comunas.length - NAMED_MAX;
  const named = comunas.slice(0, NAMED_MAX).join(", ");
  return t("forecast.unserved", { comunas: rest > 0 ? t("forecast.unserved_more", { named, rest: String(rest) }) : named, orders: formatNumber(orders, 0) });
}
