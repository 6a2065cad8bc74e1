import { formatDay, noonOf } from "$shared/format/dates";
import { formatNumber, formatShare } from "$shared/format/numbers";
import type { JudgedOverrides, Override } from "../data/forecast";
import { t } from "../i18n/texts";

/** Who was nearer to what came; nobody yet while the days are to come, and never where nobody counted. */
export type Nearer = "said" | "model" | "awaited" | "unknown";

/** What somebody said, as a row of the table; numbers that nobody knows are null. */
export interface CorrectionRow {
  override: Override;
  model: number | null;
  said: number | null;
  came: number | null;
  nearer: Nearer;
  /** How many of its days are judged; null where all are, or none. */
  judgedDays: number | null;
  /** Whether it still changes days to come, which withdrawing it would give back. */
  isStanding: boolean;
}

export const widthOf = (said: Override): number => Math.round((noonOf(said.end).getTime() - noonOf(said.start).getTime()) / 86_400_000) + 1;
export const whereOf = (said: Override): string => [said.comuna, said.depot, said.product_class].filter(Boolean).join(" · ") || t("forecast.everywhere");
export const correctedDays = (said: Override): string => (said.start === said.end ? formatDay(noonOf(said.start)) : `${formatDay(noonOf(said.start))} – ${formatDay(noonOf(said.end))}`);

/** The days to come first, then the last ones that are over. */
export function correctionRows(view: JudgedOverrides, today: string): CorrectionRow[] {
  const isStanding = (said: Override): boolean => said.withdrawn_at === null && said.end >= today;
  return [
    ...view.awaited.map(({ override, model, said, is_over }): CorrectionRow => ({ override, model, said, came: null, nearer: is_over ? "unknown" : "awaited", judgedDays: null, isStanding: isStanding(override) })),
    ...view.items.map(({ override, model, said, came, days, is_better }): CorrectionRow => ({ override, model, said, came, nearer: is_better ? "said" : "model", judgedDays: days < widthOf(override) ? days : null, isStanding: isStanding(override) })),
  ];
}

/** De 12 correcciones, 8 acertaron más que el modelo. */
export function correctionWords(view: JudgedOverrides): string {
  const words: string[] = [];
  if (view.items.length > 0) words.push(t.count("forecast.corrections_better", view.items.length, { better: formatNumber(view.better, 0) }));
  if (view.items.length > 0 && view.model_error !== null && view.said_error !== null) words.push(t("forecast.corrections_errors", { model: formatShare(view.model_error), said: formatShare(view.said_error) }));
  const awaited = view.awaited.filter((each) => !each.is_over).length;
  if (awaited > 0) words.push(t.count("forecast.corrections_awaited", awaited));
  if (view.has_more) words.push(t("forecast.corrections_more", { count: formatNumber(view.items.length + view.awaited.length, 0) }));
  return words.join(" ");
}
