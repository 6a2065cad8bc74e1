import { dateOf, formatDayYear, noonOf } from "$shared/format/dates";
import { formatNumber, formatPesos, formatShare } from "$shared/format/numbers";
import { changedWords, listWords } from "../capacity/versionWords";
import { weekdaysWords } from "../capacity/deliveryWords";
import type { OfferTerms, OfferTermsView } from "../data/promises";
import { t } from "../i18n/texts";

const yesOrNo = (value: boolean | undefined): string => t(value ? "promise.yes" : "promise.no");
const minutes = (value: number): string => `${formatNumber(value, 0)} min`;

function windowWords(window: OfferTerms["windows"][number]): string {
  const price = window.price_clp ? `, ${formatPesos(window.price_clp)}` : "";
  return `${window.name} ${window.start.slice(0, 5)}–${window.end.slice(0, 5)} (${weekdaysWords(window.weekdays)}${price})`;
}

/** What is offered otherwise than before, value by value. */
export function offerChanges({ terms: newer, saved_at }: OfferTermsView, { terms: older }: OfferTermsView): string[] {
  // A date that was past by then fell away: nobody opened it.
  const since = saved_at ? dateOf(saved_at) : "";
  const closed = (terms: OfferTerms): string[] => terms.closed.filter((day) => day >= since).map((day) => t("promise.closed_day", { day: formatDayYear(noonOf(day)) }));
  return [
    ...listWords(newer.windows.map(windowWords), older.windows.map(windowWords)),
    ...listWords(closed(newer), closed(older)),
    ...changedWords(newer, older, [
      [t("promise.cutoff"), (terms) => terms.cutoff.slice(0, 5)],
      [t("promise.lead_days"), (terms) => formatNumber(terms.lead_days, 0)],
      [t("promise.horizon_days"), (terms) => formatNumber(terms.horizon_days, 0)],
      [t("promise.kept_min"), (terms) => formatShare(terms.kept_min)],
      [t("promise.day_later"), (terms) => formatPesos(terms.day_later_clp)],
      [t("promise.broken"), (terms) => formatPesos(terms.broken_clp)],
      [t("promise.charges_cost_short"), (terms) => yesOrNo(terms.charges_cost)],
      [t("promise.serves_rest_days_short"), (terms) => yesOrNo(terms.serves_rest_days)],
      [t("promise.quote_stands"), (terms) => minutes(terms.quote_min)],
      [t("promise.place_held"), (terms) => minutes(terms.hold_min)],
    ]),
  ];
}
