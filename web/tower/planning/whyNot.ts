import type { DueOrders } from "../data/fleetViews";
import { t } from "../i18n/texts";

/** Why a day cannot be planned yet; nothing where it can, or where that is not known yet. */
export function whyNot(shifts: number | undefined, due: Pick<DueOrders, "ready"> | undefined): string | undefined {
  if (due?.ready === 0) return t("plan.why_no_orders");
  return shifts === 0 ? t("plan.why_no_shift") : undefined;
}
