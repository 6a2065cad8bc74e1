import { formatDistance } from "$shared/format/numbers";
import type { ImportRow } from "../data/orderViews";
import { t } from "../i18n/texts";

/** What happens to a row that becomes an order: where it would be, and why a person has to look when one has to. */
export function placeWords(row: ImportRow): string {
  const place = row.level ? t("story.uncertain", { level: t.code("level", row.level), metres: formatDistance(row.uncertainty_m ?? 0) }) : "";
  const words = row.status === "doubtful" ? `${doubtOf(row, place)} ${t("import.waits")}` : place;
  return row.address ? words : `${words}${words.endsWith(".") ? "" : "."} ${t("import.no_street")}`;
}

function doubtOf(row: ImportRow, place: string): string {
  if (row.is_outside) return `${t("place.outside")}.`;
  if (!row.level || row.level === "none") return t("import.not_found");
  return t(row.level === "given" ? "import.doubt_given" : "import.doubt_far", { place });
}
