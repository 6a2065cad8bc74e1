import { formatDay, noonOf } from "$shared/format/dates";
import { formatNumber, formatShare } from "$shared/format/numbers";
import type { JudgedOverrides, JudgedUplift, Override } from "../data/forecast";
import { t } from "../i18n/texts";
import { factorWords } from "./eventWords";

/** Who was nearer to what came; nobody yet while the days are to come, and never where nobody counted. */
export type Nearer = "said" | "model" | "awaited" | "unknown" | "untold";

/** What somebody said, as a row of the table, its numbers as they are read: orders, or times an ordinary day. */
export interface CorrectionRow {
  id: string;
  days: string;
  where: string;
  model: string;
  said: string;
  came: string;
  nearer: Nearer;
  /** How many of its days are judged; empty where all are, or none. */
  judged: string;
  author: string;
  madeAt: string;
  why: string;
  /** The correction that still changes days to come, which withdrawing it would give back. */
  standing?: Override;
  /** The event whose uplift it is. */
  event?: { id: string; year: string };
}

const UNKNOWN = "–";
const orders = (count: number | null): string => (count === null ? UNKNOWN : formatNumber(count, 0));
const times = (factor: number | null): string => (factor === null ? UNKNOWN : factorWords(factor, 2));
/** What stood without an uplift that was typed; of one that was to be learnt, what had been, where somebody knows. */
function stoodWords({ model, was_learnt }: JudgedUplift): string {
  if (!was_learnt) return times(model);
  return model === null ? t("forecast.uplift_was_learnt") : t("forecast.uplift_was_learnt_as", { factor: times(model) });
}
type Days = Pick<Override, "start" | "end">;
export const widthOf = (said: Days): number => Math.round((noonOf(said.end).getTime() - noonOf(said.start).getTime()) / 86_400_000) + 1;
export const whereOf = (said: Override): string => [said.comuna, said.depot, said.product_class].filter(Boolean).join(" · ") || t("forecast.everywhere");
export const correctedDays = (said: Days): string => (said.start === said.end ? formatDay(noonOf(said.start)) : `${formatDay(noonOf(said.start))} – ${formatDay(noonOf(said.end))}`);

const judgedWords = (said: Days, days: number): string => (days > 0 && days < widthOf(said) ? t("forecast.judged_of", { count: formatNumber(days, 0), days: formatNumber(widthOf(said), 0) }) : "");

interface Seen { model: number | null; said: number | null; came: number | null; days: number; nearer: Nearer }

function overrideRow(override: Override, seen: Seen, today: string): CorrectionRow {
  return {
    id: override.id, days: correctedDays(override), where: whereOf(override), model: orders(seen.model), said: orders(seen.said), came: orders(seen.came),
    nearer: seen.nearer, judged: judgedWords(override, seen.days), author: override.author ?? t("demand.by_somebody"), madeAt: override.made_at, why: override.reason,
    ...(override.withdrawn_at === null && override.end >= today ? { standing: override } : {}),
  };
}

function nearerOf(uplift: JudgedUplift): Nearer {
  if (!uplift.is_over) return "awaited";
  if (uplift.came === null) return "unknown";
  if (uplift.is_better === null) return "untold";
  return uplift.is_better ? "said" : "model";
}

function upliftRow(uplift: JudgedUplift): CorrectionRow {
  return {
    id: `event-${uplift.event_id}`, days: correctedDays(uplift), where: [...uplift.comunas, ...uplift.depots].join(" · ") || t("forecast.everywhere"),
    model: stoodWords(uplift), said: times(uplift.uplift), came: times(uplift.came), nearer: nearerOf(uplift), judged: judgedWords(uplift, uplift.days),
    author: uplift.author ?? t("demand.by_somebody"), madeAt: uplift.made_at,
    why: uplift.without === null ? t(uplift.was_learnt ? "forecast.uplift_learnt" : "forecast.uplift_of", { name: uplift.name }) : t(`forecast.uplift_${uplift.without}`, { name: uplift.name }),
    event: { id: uplift.event_id, year: uplift.start.slice(0, 4) },
  };
}

/** The days to come first, then the last ones that are over; uplifts of events after the corrections of each. */
export function correctionRows(view: JudgedOverrides, today: string): CorrectionRow[] {
  const uplifts = (isOver: boolean): CorrectionRow[] => view.uplifts.filter((each) => each.is_over === isOver).map(upliftRow);
  return [
    ...view.awaited.map(({ override, model, said, is_over }) => overrideRow(override, { model, said, came: null, days: 0, nearer: is_over ? "unknown" : "awaited" }, today)),
    ...uplifts(false),
    ...view.items.map(({ override, model, said, came, days, is_better }) => overrideRow(override, { model, said, came, days, nearer: is_better ? "said" : "model" }, today)),
    ...uplifts(true),
  ];
}

/** De 12 correcciones, 8 acertaron más que el modelo. */
export function correctionWords(view: JudgedOverrides): string {
  const words: string[] = [];
  if (view.items.length > 0) words.push(t.count("forecast.corrections_better", view.items.length, { better: formatNumber(view.better, 0) }));
  if (view.items.length > 0 && view.model_error !== null && view.said_error !== null) words.push(t("forecast.corrections_errors", { model: formatShare(view.model_error), said: formatShare(view.said_error) }));
  const told = view.uplifts.filter((each) => each.is_better !== null);
  if (told.length > 0) words.push(t.count("forecast.uplifts_better", told.length, { better: formatNumber(told.filter((each) => each.is_better).length, 0) }));
  const awaited = [...view.awaited, ...view.uplifts].filter((each) => !each.is_over).length;
  if (awaited > 0) words.push(t.count("forecast.corrections_awaited", awaited));
  if (view.has_more) words.push(t("forecast.corrections_more", { count: formatNumber(view.items.length + view.awaited.length + view.uplifts.length, 0) }));
  return words.join(" ");
}
