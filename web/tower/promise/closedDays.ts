import { formatDayYear, formatLongDay, noonOf } from "$shared/format/dates";
import { formatNumber } from "$shared/format/numbers";
import type { ClosedDay, OfferTerms, OfferTermsView } from "../data/promises";
import { t } from "../i18n/texts";
import type { OfferSaving } from "./offerSaving.svelte";

/** As many as the server keeps. */
export const CLOSED_DAYS_MAX = 400;

/** Why a date cannot be closed; undefined where it can. */
export function closedProblem(day: string, closed: readonly string[], today: string): string | undefined {
  if (!day) return t("promise.closed_no_day");
  if (day < today) return t("promise.closed_past", { day: formatDayYear(noonOf(day)) });
  if (closed.includes(day)) return t("promise.closed_twice", { day: formatLongDay(noonOf(day)) });
  if (closed.length >= CLOSED_DAYS_MAX) return t("promise.closed_many", { count: formatNumber(CLOSED_DAYS_MAX, 0) });
  return undefined;
}

/** What stays promised for a closed date; nothing is said where nothing is. */
export const keptWords = ({ promised }: ClosedDay): string => (promised > 0 ? t.count("promise.closed_kept", promised) : t("promise.closed_none_kept"));

const withDay = (terms: OfferTerms, day: string): OfferTerms => ({ ...terms, closed: [...terms.closed, day].sort() });
const withoutDay = (terms: OfferTerms, day: string): OfferTerms => ({ ...terms, closed: terms.closed.filter((each) => each !== day) });

/** Closes one date at every depot, at once; the toast takes it back. */
export const closeDay = (saving: OfferSaving, view: OfferTermsView, day: string): Promise<void> =>
  saving.save(withDay(view.terms, day), view, t("promise.closed_done", { day: formatLongDay(noonOf(day)) }));

export const openDay = (saving: OfferSaving, view: OfferTermsView, day: string): Promise<void> =>
  saving.save(withoutDay(view.terms, day), view, t("promise.opened_done", { day: formatLongDay(noonOf(day)) }));
