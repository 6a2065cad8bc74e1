import { formatMinutes, formatTime, formatWindow } from "$shared/format/dates";
import { restsOf, type Rest } from "$shared/route/rests";
import type { PlanRoute } from "../data/fleetViews";
import { t } from "../i18n/texts";

/** What a rest is, alone: "Colación" as the plan has it, "Tuvo colación", "Colación muy corta", "En colación". */
export function restName(rest: Pick<Rest, "kind" | "told">): string {
  if (rest.kind === "reload") return t("rests.reload_short");
  if (rest.told === "now") return t("rests.now_short");
  if (rest.told === "short") return t("rests.too_short");
  return t(rest.told === "over" ? "rests.over_short" : "rests.break_short");
}

/** One rest with its hours: "Colación 13:10–13:40", "Tuvo colación 13:05–13:37", "Vuelve a cargar 14:20". */
export function restWord(rest: Rest): string {
  if (rest.told) return `${restName(rest)} ${formatWindow(rest.start, rest.end)}`;
  if (rest.kind === "break") return t("rests.break", { window: formatWindow(rest.start, rest.end) });
  return t("rests.reload", { time: formatTime(rest.start) });
}

/** All of a planned route, and by how much it outlasts its shift; nothing where there is nothing. */
export function restWords(route: PlanRoute): string {
  const told = restsOf(route).map(restWord);
  if (route.overtime_s > 0) told.push(t("rests.overtime", { time: formatMinutes(route.overtime_s / 60) }));
  return told.join(" · ");
}
