import { formatMinutes, formatTime } from "$shared/format/dates";
import type { Insertion } from "../data/views";
import { t } from "../i18n/texts";

export type Place = Insertion["places"][number];

const MINUTE_S = 60;

/** How the parcels come aboard: 'vuelve a CD por los bultos, 11:20', 'aún no sale: se carga con lo demás'. */
export function loadWords(place: Place): string {
  if (place.depot && place.after_reload) return t("urgent.reload", { depot: place.depot, time: place.fetches_at ? formatTime(place.fetches_at) : "" });
  if (place.depot) return t("urgent.depot", { depot: place.depot, time: place.fetches_at ? formatTime(place.fetches_at) : "" });
  if (place.is_aboard) return t("urgent.aboard");
  if (place.is_spare) return t("urgent.spare");
  return place.is_under_way ? t("urgent.at_door") : t("urgent.with_load");
}

/** Where in the route: between which doors. */
export function whereWords(place: Place): string {
  const before = place.after && (place.after.address ?? place.after.reference);
  const after = place.before && (place.before.address ?? place.before.reference);
  if (before && after) return t("urgent.between", { before, after });
  if (after) return t("urgent.first", { after });
  return before ? t("urgent.last", { before }) : t("urgent.only");
}

/** How much later the van's own stops are for it, the worst of them. */
export function laterWords(place: Place): string {
  if (place.later.length === 0) return t("urgent.nobody_later");
  const worst_s = Math.max(...place.later.map((stop) => (Date.parse(stop.arrival) - Date.parse(stop.was)) / 1000));
  return t.count("urgent.later", place.later.length, { time: formatMinutes(Math.round(worst_s / MINUTE_S)) });
}

/** How long after its shift the van is back; empty when it is in time. */
export function overtimeWords(place: Place): string {
  const late_min = Math.floor((Date.parse(place.back_at) - Date.parse(place.shift_end)) / 1000 / MINUTE_S);
  return late_min > 0 ? t("urgent.overtime", { time: formatMinutes(late_min) }) : "";
}

/** Minutes the van works more. */
export function longerWords(place: Place): string {
  return t("replan.longer", { time: formatMinutes(Math.max(0, Math.round(place.added_s / MINUTE_S))) });
}
