import { formatDay, noonOf } from "$shared/format/dates";
import { formatNumber, formatShare } from "$shared/format/numbers";
import { language } from "$shared/i18n/language.svelte";
import type { DemandEvent, MerchantShares, MovedUplift } from "../data/demand";
import type { EventUsed } from "../data/forecast";
import { t } from "../i18n/texts";
import { merchants } from "../state/lists.svelte";
import { likelyOf, SIGMA_UNSAID } from "./eventForm";

/** ×6 · ×3,2 */
export const factorWords = (factor: number, digits_max = 1): string => `×${formatNumber(factor, digits_max)}`;

/** ×6, entre ×3,2 y ×11,4 en 8 de cada 10 casos */
export function upliftWords(event: Pick<DemandEvent, "uplift" | "likely">): string {
  if (event.uplift === null) return t("demand.learnt");
  if (event.likely === null) {
    if (event.uplift <= 0) return t("demand.uplift_only", { uplift: factorWords(event.uplift) });
    const { low, high } = likelyOf(event.uplift, SIGMA_UNSAID);
    return t("demand.uplift_assumed", { uplift: factorWords(event.uplift), low: factorWords(low), high: factorWords(high) });
  }
  return t("demand.uplift", { uplift: factorWords(event.uplift), low: factorWords(event.likely.low), high: factorWords(event.likely.high) });
}

/** What became of an uplift that the history moves: given, seen so many times, expected. */
export function movedWords(moved: MovedUplift, seen: { factor: number; times: number } | null | undefined): string {
  const told = { given: factorWords(moved.given, 2), expected: factorWords(moved.expected, 2) };
  return seen ? t.count("demand.moved", seen.times, { ...told, seen: factorWords(seen.factor, 2) }) : t("demand.moved_plain", told);
}

/** lun 2 jun, or lun 2 jun – mié 4 jun */
export function daysWords(event: Pick<DemandEvent, "start" | "end">): string {
  const first = formatDay(noonOf(event.start));
  return event.start === event.end ? first : `${first} – ${formatDay(noonOf(event.end))}`;
}

/** Where it holds, when that is not everywhere. */
export function scopeWords(event: Pick<DemandEvent, "scope">): string {
  const { comunas, depots, product_classes, merchant_ids } = event.scope;
  const names = merchant_ids.map((id) => merchants.all.find((item) => item.id === id)?.name).filter(Boolean);
  const whose = names.length === merchant_ids.length ? names.join(", ") : t.count("demand.merchants", merchant_ids.length);
  const parts = [comunas.join(", "), depots.join(", "), product_classes.join(", "), whose];
  return parts.filter(Boolean).join(" · ");
}

/** What an uplift of a merchant's makes of all orders; that it can make nothing of a merchant's without any. */
export function shareWords(uplift: number | null, merchantId: string, shares: MerchantShares | undefined): string {
  if (uplift === null || !merchantId || !shares) return "";
  const name = merchants.all.find((item) => item.id === merchantId)?.name ?? t("demand.the_merchant");
  const share = shares.items.find((item) => item.merchant_id === merchantId)?.share;
  if (share === undefined) return t("demand.no_share", { name, weeks: String(shares.weeks) });
  return t("demand.share", { uplift: factorWords(uplift, 2), name, share: formatShare(share), whole: factorWords(1 + share * (uplift - 1), 2), weeks: String(shares.weeks) });
}

/** Of one merchant's event whose orders are a share of those where it ships, as a forecast took it. */
export function usedShareWords(used: Pick<EventUsed, "uplift" | "share" | "merchant_ids" | "day_share" | "moved">): string {
  if (used.uplift === null || used.share === null) return "";
  const uplift = (used.moved?.expected ?? used.uplift) * (used.day_share ?? 1);
  const names = used.merchant_ids.map((id) => merchants.all.find((item) => item.id === id)?.name ?? t("demand.the_merchant"));
  return t("forecast.event_share", { uplift: factorWords(uplift, 2), name: listWords(names), share: formatShare(used.share), whole: factorWords(1 + used.share * (uplift - 1), 2) });
}

/** Who wrote what stands now. */
export function authorWords(event: Pick<DemandEvent, "author" | "author_id">): string {
  if (event.author_id === null) return t("demand.by_promesa");
  return event.author ?? t("demand.by_somebody");
}

/** Maipú, Ñuñoa y Puente Alto */
export const listWords = (names: string[]): string => new Intl.ListFormat(language.locale, { type: "conjunction" }).format(names);
