import { formatDay, formatDayTime, formatTime } from "$shared/format/dates";
import { formatNumber } from "$shared/format/numbers";
import type { DayUnderWay } from "../data/forecast";
import { t } from "../i18n/texts";

/** The day under way where what came moves what it will come to: only then do words and sums take it from there. */
export const estimated = (day: DayUnderWay | null | undefined): DayUnderWay | undefined => (day && day.basis === "own" && day.seen > 0 ? day : undefined);

/** The most that any line of the day's chart reaches: its axis holds all of them. */
export function dayTop(day: DayUnderWay): number {
  const came = day.hours.map((hour) => hour.came ?? 0);
  const ahead = day.basis === "own" ? [...day.hours.flatMap((hour) => [hour.high, hour.expected]), day.mean, day.p90] : [];
  return Math.max(1, day.seen, ...came, ...ahead);
}

/** What was expected when the day began, and of which forecast that is; and what the newest one says where it is another. */
export function morningWords(day: DayUnderWay): string {
  const isOfToday = formatDay(new Date(day.morning_at)) === formatDay(new Date(day.at));
  const first = { morning: formatNumber(day.morning, 0), which: isOfToday ? t("forecast.morning_at_hour", { at: formatTime(day.morning_at) }) : t("forecast.morning_on_day", { at: formatDayTime(day.morning_at) }) };
  if (!day.is_remade && Math.round(day.expected) === Math.round(day.morning)) return t("forecast.morning", first);
  return t(day.is_remade ? "forecast.morning_remade" : "forecast.morning_corrected", { ...first, expected: formatNumber(day.expected, 0), since: formatTime(day.expected_at) });
}
