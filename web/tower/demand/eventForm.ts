import { formatDayYear, noonOf } from "$shared/format/dates";
import { formatNumber } from "$shared/format/numbers";
import { t } from "../i18n/texts";
import { countDays, profileOf, withDays } from "./eventDays";
import type { DemandEvent, DemandEventBody, EventKind, OwnEvent } from "../data/demand";

/** What a person writes of an event, as the fields of its row hold it. */
export interface EventForm {
  name: string;
  kind: EventKind;
  start: string;
  end: string;
  uplift: number | null;
  sigma: number | null;
  /** Its uplift is taken as it is, whatever the history shows. */
  isFirm: boolean;
  /** Of each day in order, how many times the average day of the event; null where nobody said. */
  days: (number | null)[];
  /** What the history did, once its number was taken for the uplift. */
  learnt?: OwnEvent;
  comunas: string[];
  depots: string[];
  classes: string[];
  /** "" for none: an event of several merchants keeps them while nobody chooses another. */
  merchant: string;
  source: string;
  isConfirmed: boolean;
  isRest: boolean;
}

/** An event as it was, and the day on which it is changed. */
export interface Change { was: DemandEvent; today: string }

export const KINDS: readonly EventKind[] = ["commerce", "campaign", "holiday", "election", "payday", "other"];
/** How sure one is of an uplift, as the deviation of its logarithm. */
export const SURENESS: readonly number[] = [0.15, 0.3, 0.5, 0.8];

/** What is assumed where nobody says how sure an uplift is, as the server assumes it. */
export const SIGMA_UNSAID = 0.5;
/** Half of a likely range in deviations: 8 of 10 cases lie within it, as the server counts them. */
const LIKELY_SIGMAS = 1.2816;

/** Between which factors an uplift would lie, before it is saved and the server says so. */
export function likelyOf(uplift: number | null, sigma: number): { low: number; high: number } {
  const spread = Math.exp(LIKELY_SIGMAS * sigma);
  return { low: (uplift ?? 1) / spread, high: (uplift ?? 1) * spread };
}

export function formOf(event: DemandEvent): EventForm {
  return {
    name: event.name, kind: event.kind, start: event.start, end: event.end, uplift: event.uplift, sigma: event.sigma, isFirm: event.is_firm,
    days: withDays(event.profile, countDays(event)),
    comunas: event.scope.comunas, depots: event.scope.depots, classes: event.scope.product_classes,
    merchant: event.scope.merchant_ids[0] ?? "", source: event.source, isConfirmed: event.is_confirmed, isRest: event.is_rest,
  };
}

export function newForm(day: string): EventForm {
  return { name: "", kind: "campaign", start: day, end: day, uplift: null, sigma: null, isFirm: true, days: [null], comunas: [], depots: [], classes: [], merchant: "", source: "", isConfirmed: true, isRest: false };
}

/** The last day of an event whose first day moves from `was` to `now`: it lasts as long as before. */
export function movedEnd(end: string, was: string, now: string): string {
  const moved = new Date(Date.parse(end) + Date.parse(now) - Date.parse(was));
  return Number.isNaN(moved.getTime()) ? end : moved.toISOString().slice(0, 10);
}

function merchantsOf(form: EventForm, was?: DemandEvent): string[] {
  const before = was?.scope.merchant_ids ?? [];
  if (form.merchant === (before[0] ?? "")) return before;
  return form.merchant ? [form.merchant] : [];
}

/** As many letters as the server keeps of a source. */
const SOURCE_MAX = 500;
/** What a source says of the uplift: up to what it says of the days, or to its end. */
const OF_UPLIFT = /(?:Alza|Uplift): [^]*?(?= Reparto por día: |$)/u;
/** Digits that an uplift taken from the history is rounded to. */
const LEARNT_DIGITS = 2;

/** The form with what the history did for its uplift, taken as it is. */
export function learnFrom(form: EventForm, seen: OwnEvent, sigma: number): void {
  form.uplift = Number(seen.factor.toFixed(LEARNT_DIGITS));
  Object.assign(form, { sigma, isFirm: true, learnt: seen });
}

/** How the uplift that stands in the form came about. */
function upliftSource(form: EventForm, was: number, today: string): string {
  const told = { day: formatDayYear(noonOf(today)), before: `×${formatNumber(was, 2)}` };
  if (form.uplift === null) return t("demand.source_emptied", told);
  const seen = form.learnt;
  if (seen && form.uplift === Number(seen.factor.toFixed(LEARNT_DIGITS))) return t.count("demand.source_learnt", seen.times, { ...told, factor: `×${formatNumber(seen.factor, 2)}` });
  return t("demand.source_typed", told);
}

/** Where it comes from: what is said of the uplift follows its number, who wrote it stands beside; each version keeps its own. */
export function sourceOf(form: EventForm, change?: Change): string {
  const source = form.source.trim();
  const was = change?.was;
  if (typeof was?.uplift !== "number" || form.uplift === was.uplift || source === "" || source !== was.source.trim()) return source;
  const said = upliftSource(form, was.uplift, change?.today ?? "");
  return (OF_UPLIFT.test(source) ? source.replace(OF_UPLIFT, said) : said).slice(0, SOURCE_MAX);
}

/** The form as it is sent: the numbers of its days go with them in order. */
export function bodyOf(form: EventForm, change?: Change): DemandEventBody {
  const was = change?.was;
  return {
    name: form.name.trim(), kind: form.kind, start: form.start, end: form.end,
    uplift: form.uplift, sigma: form.uplift === null ? null : form.sigma, is_firm: form.uplift !== null && form.isFirm,
    profile: profileOf(form),
    scope: { comunas: form.comunas, depots: form.depots, product_classes: form.classes, merchant_ids: merchantsOf(form, was) },
    source: sourceOf(form, change), is_confirmed: form.isConfirmed, is_rest: form.isRest,
  };
}
