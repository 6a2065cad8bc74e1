import { formatWindow } from "$shared/format/dates";
import { formatNumber, formatPesos, formatShare } from "$shared/format/numbers";
import type { ShownComuna } from "../data/promises";
import { t } from "../i18n/texts";

export type AlikeKey = "window" | "days" | "kept" | "price";

/** What a comuna is shown, as its row reads it; undefined where nothing is offered. */
export function cellOf(row: ShownComuna, key: AlikeKey): string | undefined {
  if (!row.start || !row.end) return undefined;
  if (key === "window") return formatWindow(row.start, row.end);
  if (key === "days") return formatNumber(row.days ?? 0, 0);
  if (key === "kept") return formatShare(row.p_kept ?? 0);
  return formatPesos(row.price_clp ?? 0);
}

/** The columns that read the same in every comuna that is offered something: said once, above. */
export function alikeKeys(rows: ShownComuna[]): Set<AlikeKey> {
  const offered = rows.filter((row) => row.start && row.end);
  const keys: AlikeKey[] = ["window", "days", "kept", "price"];
  return new Set(offered.length < 2 ? [] : keys.filter((key) => new Set(offered.map((row) => cellOf(row, key))).size === 1));
}

/** `8:00 a 20:00, a 1 día, se cumple 98,8 %, sin costo`. */
export function alikeWords(rows: ShownComuna[], alike: Set<AlikeKey>): string {
  const row = rows.find((each) => each.start && each.end);
  if (!row) return "";
  const told: Record<AlikeKey, () => string> = {
    window: () => cellOf(row, "window") ?? "",
    days: () => t.count("promise.all_days", row.days ?? 0),
    kept: () => t("promise.all_kept", { kept: cellOf(row, "kept") ?? "" }),
    price: () => row.price_clp ? t("promise.all_price", { price: formatPesos(row.price_clp) }) : t("promise.all_free"),
  };
  return [...alike].map((key) => told[key]()).join(", ");
}
