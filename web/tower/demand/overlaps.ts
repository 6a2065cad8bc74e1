import { formatDay, noonOf } from "$shared/format/dates";
import type { DemandEvent } from "../data/demand";
import { t } from "../i18n/texts";
import type { EventForm } from "./eventForm";
import { factorWords } from "./eventWords";

/** A month has its payday: what falls on one is no news. */
const UNTOLD = new Set(["payday"]);

type Said = Pick<DemandEvent, "name" | "start" | "end" | "uplift" | "scope">;

/** An event that has days in common with another, and which they are. */
export interface Overlap {
  event: DemandEvent;
  first: string;
  last: string;
  /** Of the same name and place: one event, that counts once. */
  isSame: boolean;
}

const share = (one: string[], other: string[]): boolean => one.length === 0 || other.length === 0 || one.some((each) => other.includes(each));
const isAlike = (one: string[], other: string[]): boolean => one.length === other.length && one.every((each) => other.includes(each));

/** Whether two events have a comuna in common that somebody orders from; `served` is empty while nobody knows. */
function meetSomewhere(one: string[], other: string[], served: string[]): boolean {
  if (one.length > 0 && other.length > 0) return share(one, other);
  return share([...one, ...other], served);
}

/** Whom merchants ship to is the server's to know: their events may meet. */
function meet(one: Said["scope"], other: Said["scope"], served: string[]): boolean {
  return meetSomewhere(one.comunas, other.comunas, served) && share(one.depots, other.depots) && share(one.product_classes, other.product_classes);
}

function isSamePlace(one: Said["scope"], other: Said["scope"]): boolean {
  return isAlike(one.comunas, other.comunas) && isAlike(one.depots, other.depots) && isAlike(one.product_classes, other.product_classes) && isAlike(one.merchant_ids, other.merchant_ids);
}

/**
 * Events among `others` that fall on days of `said` for somebody both are for; by their first day.
 * A holiday of a region without orders, among the comunas `served`, is no news for one of all.
 */
export function overlapsOf(said: Said, others: DemandEvent[], { ownId, served }: { ownId?: string | undefined; served: string[] }): Overlap[] {
  return others
    .filter((event) => event.id !== ownId && !event.is_deleted && !UNTOLD.has(event.kind) && event.start <= said.end && event.end >= said.start && meet(event.scope, said.scope, served))
    .map((event) => ({
      event, first: event.start > said.start ? event.start : said.start, last: event.end < said.end ? event.end : said.end,
      isSame: event.name.trim() === said.name.trim() && (event.uplift === null) === (said.uplift === null) && isSamePlace(event.scope, said.scope),
    }))
    .sort((one, other) => one.first.localeCompare(other.first));
}

export function saidOf(form: EventForm): Said {
  const { comunas, depots, classes: product_classes, merchant } = form;
  return { name: form.name, start: form.start, end: form.end, uplift: form.uplift, scope: { comunas, depots, product_classes, merchant_ids: merchant ? [merchant] : [] } };
}

/** What happens on the days of both, as the forecast does it. */
export function overlapWords(said: Said, { event, first, last, isSame }: Overlap): string {
  const days = first === last ? formatDay(noonOf(first)) : `${formatDay(noonOf(first))} – ${formatDay(noonOf(last))}`;
  if (isSame) return t("demand.overlap_same", { name: event.name, days });
  const facts = { name: event.name, days };
  if (said.uplift === null || event.uplift === null) return t("demand.overlap_learnt", facts);
  return t("demand.overlap", { ...facts, own: factorWords(said.uplift, 2), other: factorWords(event.uplift, 2), both: factorWords(said.uplift * event.uplift, 2) });
}
