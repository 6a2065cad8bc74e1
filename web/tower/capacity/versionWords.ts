import { formatDayTime } from "$shared/format/dates";
import { t } from "../i18n/texts";

/** One version of what people save over and over; nobody wrote the one without an hour. */
export interface Version {
  version: number;
  author: string | null;
  saved_at: string | null;
}

/** `versión 3, de Carolina, lun 5 oct 12:30`. */
export function bylineOf({ version, author, saved_at }: Version, unwritten: string): string {
  return saved_at ? t("versions.by", { version, author: author ?? t("demand.by_somebody"), at: formatDayTime(saved_at) }) : unwritten;
}

/** `Contratadas: 4 → 6`, for each of some values that is another now. */
export function changedWords<Terms>(newer: Terms, older: Terms, fields: readonly (readonly [label: string, said: (terms: Terms) => string])[]): string[] {
  return fields
    .map(([what, said]) => ({ what, before: said(older), after: said(newer) }))
    .filter(({ before, after }) => before !== after)
    .map((change) => t("versions.change", change));
}

/** What came into a list and what left it: `agrega Tarde 14:00–20:00`, `quita Todo el día 09:00–21:00`. */
export function listWords(newer: string[], older: string[]): string[] {
  return [
    ...newer.filter((each) => !older.includes(each)).map((what) => t("versions.added", { what })),
    ...older.filter((each) => !newer.includes(each)).map((what) => t("versions.removed", { what })),
  ];
}
