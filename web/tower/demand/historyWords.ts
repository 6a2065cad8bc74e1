import { formatNumber, formatShare } from "$shared/format/numbers";
import type { LeadTime } from "../data/demand";
import { t } from "../i18n/texts";

const SHARE_SHOWN_MIN = 0.005;

/** How long orders of a depot and class take, or the rule for want of deliveries. */
export function leadTimeWords(lead: LeadTime): string {
  const whose = [lead.depot_name, lead.product_class].filter(Boolean).join(" · ") || t("history.no_depot");
  const parts = lead.shares.flatMap((share, days) => (share >= SHARE_SHOWN_MIN ? [t.count("history.after_days", days, { share: formatShare(share) })] : []));
  const text = { whose, parts: parts.join(", ") };
  return lead.source === "learnt" ? t("history.lead_learnt", { ...text, orders: formatNumber(lead.orders, 0) }) : t("history.lead_rule", text);
}
