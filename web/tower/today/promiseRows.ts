import { formatMinutes, formatTime } from "$shared/format/dates";
import type { Meaning } from "$shared/ui/meanings";
import type { Fate, PromiseRow, Risk, S } from "../data/views";
import { t } from "../i18n/texts";

/** Which promises of today: those behind one number. */
export interface RowsAsked {
  standing?: Fate;
  shape?: Risk;
  carried?: "route" | "nothing";
  route?: { id: string; code: string };
}

export const RISK_OF: Record<Meaning, Risk> = { ok: "on_time", risk: "at_risk", late: "late", fail: "failed", done: "closed" };

export function titleOf(asked: RowsAsked): string {
  const title = asked.carried === "nothing" && asked.shape === "late" ? t("rows.lost") : t(`rows.${asked.standing ?? asked.shape ?? "all"}`);
  return asked.route ? t("rows.of_route", { title, code: asked.route.code }) : title;
}

/** Where visits and promises are two counts, why they differ; only beside the numbers that show it. */
export function notesOf(asked: RowsAsked, found: S["PromiseRows"]["not_delivered"]): string[] {
  const isAll = !asked.standing && !asked.shape && !asked.carried;
  if (asked.route || !(isAll || asked.standing === "broken" || asked.shape === "failed")) return [];
  const let_go = isAll && found.promises_released > 0 ? [t.count("rows.let_go", found.promises_released)] : [];
  if (found.visits === found.broken) return let_go;
  const reasons = found.reasons.map(({ reason, count }) => t("look.reason_often", { reason: reason ? t.code("reason", reason) : t("look.no_reason"), count })).join(", ");
  const parts = [
    t.count("rows.visits_broken", found.broken),
    ...(found.released ? [t.count("rows.visits_released", found.released, { reasons })] : []),
    ...(found.other ? [t.count("rows.visits_kept", found.other)] : []),
  ];
  return [t.count("rows.visits", found.visits, { parts: parts.join("; ") }), ...let_go];
}

/** Why a promise is not safe, in a sentence; empty for one that is. */
export function causeOf(row: PromiseRow): string {
  const { cause } = row;
  if (!cause) return "";
  const said = sentenceOfCause(row, cause);
  // What a route carries shows its window and its estimate side by side.
  return cause.has_passed && !row.route_code ? `${t("cause.has_passed")} ${said}` : said;
}

function sentenceOfCause(row: PromiseRow, cause: NonNullable<PromiseRow["cause"]>): string {
  const code = row.route_code ?? "";
  switch (cause.code) {
    case "not_delivered":
      return t("cause.not_delivered", { reason: cause.reason ? t.code("reason", cause.reason) : t("look.no_reason") });
    case "delivered_late":
      return t("cause.delivered_late", { time: cause.delivered_at ? formatTime(cause.delivered_at) : "" });
    case "broken_down":
      return t("cause.broken_down", { code });
    case "running_late":
      return t("cause.running_late", { code, time: formatMinutes((cause.delay_s ?? 0) / 60) });
    case "tight":
      return t("cause.tight", { code });
    case "left_out":
      return t("cause.left_out", { sentence: cause.sentence ?? "" });
    default:
      return t.code("cause", cause.code);
  }
}
