import { formatDayTime } from "$shared/format/dates";
import { formatPesos } from "$shared/format/numbers";
import type { StoryView } from "../data/orderViews";
import { t } from "../i18n/texts";

export type VisitInDoubt = StoryView["doubts"][number]["visit"];

/** What the driver says to have received beside what was due, with the driver's words. */
export function cashWords(visit: VisitInDoubt): string {
  const amounts = t("doubt.amounts", { collected: formatPesos(visit.cod_collected_clp ?? 0), due: formatPesos(visit.cod_due_clp ?? 0) });
  return [visit.driver, amounts, visit.note && `«${visit.note}»`].filter(Boolean).join(" · ");
}

/** How much is missing, or too much. */
export function differenceWords(visit: VisitInDoubt): string {
  const more = (visit.cod_collected_clp ?? 0) - (visit.cod_due_clp ?? 0);
  return t(more < 0 ? "doubt.missing" : "doubt.extra", { amount: formatPesos(Math.abs(more)) });
}

/** What the phone told beside what contradicts it. */
export function disputeWords(visit: VisitInDoubt, at: string | null): string {
  const outcome = t.code("doubt_outcome", visit.outcome ?? "");
  const told = at ? t("doubt.phone_at", { outcome, time: formatDayTime(at) }) : t("doubt.phone", { outcome });
  return [visit.driver, told, t.code("doubt_why", visit.why ?? ""), visit.note && `«${visit.note}»`].filter(Boolean).join(" · ");
}
