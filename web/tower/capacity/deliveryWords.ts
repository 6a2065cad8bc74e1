import { formatDay, noonOf } from "$shared/format/dates";
import { language } from "$shared/i18n/language.svelte";
import type { Delivery } from "../data/capacity";
import { t } from "../i18n/texts";

const WEEK = 7;
/** A Monday: weekday 0 of the server. */
const MONDAY = Date.UTC(2026, 10, 2, 12);
const DAY_MS = 86_400_000;

function weekdayName(weekday: number): string {
  return new Intl.DateTimeFormat(language.locale, { weekday: "long", timeZone: "UTC" }).format(new Date(MONDAY + weekday * DAY_MS));
}

/** `todos los días`, `de lunes a sábado`, `lunes, miércoles y viernes`. */
export function weekdaysWords(weekdays: number[]): string {
  if (weekdays.length === WEEK) return t("capacity.every_day");
  const [first, last] = [weekdays[0] ?? 0, weekdays.at(-1) ?? 0];
  const isRun = last - first === weekdays.length - 1;
  if (isRun && weekdays.length > 2) return t("capacity.days_run", { first: weekdayName(first), last: weekdayName(last) });
  return new Intl.ListFormat(language.locale, { type: "conjunction" }).format(weekdays.map(weekdayName));
}

/** When orders leave, in a line: the days, the cut-off, and what is closed of the days shown. */
export function deliveryWords(delivery: Delivery): string {
  const lead = delivery.lead_days ? t.count("capacity.lead", delivery.lead_days) : t("capacity.lead_same_day");
  const told = t("capacity.delivery", { days: weekdaysWords(delivery.weekdays), cut_off: delivery.cut_off.slice(0, 5), lead });
  if (!delivery.closed.length) return told;
  return `${told} ${t("capacity.delivery_closed", { days: delivery.closed.map((day) => formatDay(noonOf(day))).join(", ") })}`;
}
