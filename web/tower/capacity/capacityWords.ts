import { formatLongDay, noonOf } from "$shared/format/dates";
import { formatNumber, formatPesos, formatShare } from "$shared/format/numbers";
import type { Capacity, CapacityDay, Compared, DepotCapacity } from "../data/capacity";
import { t } from "../i18n/texts";
import { session } from "../state/session.svelte";

/** Why there is no board yet, and what to do; a demo that is still prepared brings its own forecast. */
export function lackingWords(lacking: NonNullable<Capacity["lacking"]>): string {
  return lacking === "forecast" && session.isDemo ? t("forecast.none_demo") : t.code("capacity.lacking_detail", lacking);
}

/** `4 camionetas`. */
export function vansWords(count: number): string {
  return t(count === 1 ? "capacity.van" : "capacity.vans", { count: formatNumber(count, 0) });
}

/** `San Joaquín` of `CD San Joaquín`, where a cell has no room. */
export const shortDepot = (name: string): string => name.replace(/^CD /u, "");

/** What a day needs: `de 12 a 15`, or one number where both are alike. */
export function neededWords(day: CapacityDay): string {
  if (day.needed_p50 === day.needed_p97) return formatNumber(day.needed_p97, 0);
  return t("capacity.from_to", { low: formatNumber(day.needed_p50, 0), high: formatNumber(day.needed_p97, 0) });
}

/** The whole of a day in a line, for a title and for who cannot see the strip. */
export function dayWords(day: CapacityDay): string {
  const when = formatLongDay(noonOf(day.day));
  if (!day.ready) return t("capacity.day_closed", { day: when });
  return t(day.gap ? "capacity.day_short" : "capacity.day_enough", { day: when, needed: neededWords(day), gap: vansWords(day.gap), kept: keptWords(day.kept) });
}

/** How much more or less another plan keeps and costs, broken promises as far as they have a price, than the one it stands beside. */
export function differenceWords(plan: Compared): string {
  const points = plan.more_kept * 100;
  const sign = points < 0 ? "−" : "+";
  return t(plan.more_clp < 0 ? "capacity.costs_less" : "capacity.costs_more", { cost: formatPesos(Math.abs(plan.more_clp)), points: `${sign}${formatNumber(Math.abs(points), 1)}` });
}

/** A share that is kept, never rounded up: 99,57 % is 99,5 %. */
export function keptWords(share: number): string {
  return formatShare(Math.floor(share * 1000 + 1e-6) / 1000);
}

/** What is under the mean of a day: one day in twenty, in whole points, as no more is known of so few. */
export function badDayWords(day: CapacityDay): string {
  if (day.kept >= 1) return "";
  if (day.kept_bad_day >= 1) return t("capacity.bad_day_none");
  return t("capacity.bad_day", { kept: formatShare(Math.floor(day.kept_bad_day * 100 + 1e-6) / 100) });
}

/** The day on which most vans are missing, else the one that needs most; the first of several. */
export function worstDay(depots: DepotCapacity[]): string | undefined {
  const days = depots.flatMap((depot) => depot.days);
  const isWorse = (one: CapacityDay, other: CapacityDay): boolean => one.gap > other.gap || (one.gap === other.gap && one.ready > other.ready);
  return days.reduce((worst: CapacityDay | undefined, day) => (worst && !isWorse(day, worst) ? worst : day), undefined)?.day;
}
