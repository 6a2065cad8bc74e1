import { formatMinutes, minutesBetween } from "$shared/format/dates";
import type { RouteView } from "../data/views";
import { t } from "../i18n/texts";

type Rest = RouteView["rests"][number];

/** The last colación, if it ended too soon to count and is still to be had. */
export function shortRest(route: RouteView | null | undefined): Rest | undefined {
  const last = (route?.rests ?? []).at(-1);
  return last?.is_short && (route?.breaks ?? []).length > 0 ? last : undefined;
}

/** 'Tu colación duró 4 min: es muy corta y no cuenta.' */
export function shortRestWords(rest: Rest): string {
  return t("rest.short_told", { time: formatMinutes(minutesBetween(rest.start, rest.end)) });
}
