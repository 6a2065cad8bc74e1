import { formatDistance } from "$shared/format/numbers";
import type { AddressReview, ReviewQueue, YesBack } from "../data/orderViews";
import { t } from "../i18n/texts";

/** From here on a point says which part of town it is, and not where to stop. */
const COARSE_M = 1_000;
/** What needs most of a person first. */
const KINDS = ["correction", "outside", "none", "comuna", "given", "street", "house"] as const;

/** Whether a van that goes there would not be near the door: the pin or the address comes before a yes. */
export function isCoarse(placement: AddressReview["placement"]): boolean {
  if (!placement) return true;
  return placement.is_outside || placement.level === "comuna" || (placement.uncertainty_m ?? 0) >= COARSE_M;
}

/** What is known of a place, in a line. */
export function placeLine(placement: AddressReview["placement"]): string {
  if (!placement) return t("review.not_found");
  if (placement.is_outside) return t("place.outside");
  return t("story.uncertain", { level: t.code("level", placement.level), metres: formatDistance(placement.uncertainty_m ?? 0) });
}

/** The one yes: to the streets as they were written, else a look at those that the map writes otherwise. */
export function acceptTitle(queue: Pick<ReviewQueue, "street_level" | "median_uncertainty_m" | "renamed_total">): string {
  if (queue.street_level === 0) return t.count("review.compare", queue.renamed_total);
  return t.count("review.accept_all", queue.street_level, { metres: formatDistance(queue.median_uncertainty_m ?? 0) });
}

/** What the number of waiting addresses is made of, and what it means. */
export function countsLine(queue: Pick<ReviewQueue, "by_kind">): string {
  const kinds = KINDS.filter((kind) => (queue.by_kind[kind] ?? 0) > 0).map((kind) => t.count(`review.kind_${kind}`, queue.by_kind[kind] ?? 0));
  return t("review.counts", { kinds: kinds.join(", ") });
}

/** What became of a yes that was taken back. */
export function backLine(back: YesBack): string {
  const parts = [back.reopened > 0 && t.count("review.back", back.reopened), back.kept > 0 && t.count("review.back_kept", back.kept)];
  return parts.filter(Boolean).join(" ");
}
