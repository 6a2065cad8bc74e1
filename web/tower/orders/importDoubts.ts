import { formatDistance, formatNumber } from "$shared/format/numbers";
import type { ImportRow, ImportView } from "../data/orderViews";
import { t } from "../i18n/texts";

/** Why rows are doubtful, each reason once with how many it concerns; the commonest first. */
export function doubtLines(view: Pick<ImportView, "doubts">): { doubt: string; count: number; words: string }[] {
  return Object.entries(view.doubts)
    .map(([doubt, count]) => ({ doubt, count, words: t.code("import_doubt", doubt) }))
    .sort((a, b) => b.count - a.count);
}

/** Where the order of a row would be. Why that is doubtful stands once above the rows. */
export function placeWords(row: ImportRow): string {
  const words = row.is_outside ? t("place.outside") : row.level && row.level !== "none" ? t("story.uncertain", { level: t.code("level", row.level), metres: formatDistance(row.uncertainty_m ?? 0) }) : t.code("level", "none");
  if (row.street) return `${words}. ${t("import.on_map", { street: row.street })}`;
  return row.address ? words : `${words}. ${t("import.no_street")}`;
}

/** That several rows are one order, so that who meant several sees it. */
export function mergedWords(row: Pick<ImportRow, "merged_rows" | "parcels">): string {
  return t.count("import.merged", row.parcels, { rows: formatNumber(row.merged_rows) });
}
