import { formatLongDay, noonOf } from "$shared/format/dates";
import { formatNumber, formatShare as roundedShare } from "$shared/format/numbers";
import type { Rehearsal, RehearsalWay } from "../data/rehearsals";
import { t } from "../i18n/texts";

export const FLEETS = ["own", "mean", "pooled"] as const;
export const SIZES = ["typical", "large", "worst"] as const;

/** Tenths are cut, as the server's sentences cut them: 46,06 % is 46 % in both. */
export const formatShare = (share: number): string => roundedShare(Math.floor(share * 1000 + 1e-6) / 1000);

/** As "2 días fijos" or "según capacidad". */
export function promiseWords(fixedDays: number | null): string {
  if (fixedDays === null) return t("rehearsal.by_capacity");
  return fixedDays === 1 ? t("rehearsal.fixed_a_day") : t("rehearsal.fixed", { days: formatNumber(fixedDays, 0) });
}

/** The key of a way among those of its rehearsal. */
export const wayKey = (way: Pick<RehearsalWay, "fleet" | "fixed_days">): string => `${way.fleet}-${way.fixed_days ?? "x"}`;

/** What was rehearsed, in a line. */
export function whatWords(seen: Rehearsal): string {
  return t("rehearsal.what", {
    name: seen.name || t("rehearsal.unnamed"),
    size: t.code("rehearsal.size_of", seen.size),
    first: formatLongDay(noonOf(seen.first)),
    last: formatLongDay(noonOf(seen.last)),
    orders: formatNumber(seen.orders, 0),
    usual: formatNumber(seen.usual, 0),
    peak: formatNumber(seen.peak, 0),
    peak_day: formatLongDay(noonOf(seen.peak_day)),
  });
}

/** As "98,4 %"; of a way that promised nothing there is no share. */
export const keptWords = (way: Pick<RehearsalWay, "kept">): string => (way.kept ? formatShare(way.kept.mean) : t("rehearsal.no_promises"));

/** As "98,4 %", and the range where the scenarios differ. */
export function rangeWords(figure: NonNullable<RehearsalWay["kept"]>): string {
  const [low, high] = [formatShare(figure.low), formatShare(figure.high)];
  return low === high ? "" : t("rehearsal.range", { low, high });
}

/** The way that costs least; what a planner looks for first. */
export function cheapest(ways: RehearsalWay[]): RehearsalWay | undefined {
  return ways.reduce<RehearsalWay | undefined>((best, way) => (best && best.cost_clp <= way.cost_clp ? best : way), undefined);
}
