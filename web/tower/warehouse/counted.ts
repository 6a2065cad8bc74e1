import { formatPesos } from "$shared/format/numbers";
import { t } from "../i18n/texts";

/** Pesos as a person writes them, with points or without; null for what is no amount. */
export function readPesos(text: string): number | null {
  const digits = text.replace(/[\s.$]/g, "");
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}

/** What was found against what was told, in words. */
export function differenceOf(difference_clp: number): string {
  if (difference_clp === 0) return t("warehouse.cash_same");
  return t(difference_clp < 0 ? "warehouse.cash_short" : "warehouse.cash_over", { amount: formatPesos(Math.abs(difference_clp)) });
}

/** The list below names each: more of them here would push the surplus and the cash out of sight. */
const NAMED_MAX = 4;

export function namesOf(codes: string[]): string {
  const named = codes.slice(0, NAMED_MAX).join(", ");
  return codes.length > NAMED_MAX ? `${named} ${t.count("warehouse.and_more", codes.length - NAMED_MAX)}` : named;
}

const WHAT_TO_DO = { other_route: "warehouse.surplus_other_route", told_delivered: "warehouse.surplus_told_delivered", not_out: "warehouse.surplus_not_out", unknown: "warehouse.surplus_unknown" } as const;

/** What a person at the dock does with a parcel that came back and should not. */
export function whatToDo(surplus: { why: string; route_code: string | null }): string {
  const key = WHAT_TO_DO[surplus.why as keyof typeof WHAT_TO_DO] ?? "warehouse.surplus_unknown";
  return t(key, { code: surplus.route_code ?? "" });
}
