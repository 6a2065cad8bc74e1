import { t } from "../i18n/texts";
import type { EventForm } from "./eventForm";
import { formatDay, noonOf } from "$shared/format/dates";
import { factorWords } from "./eventWords";

/** How many days have a field each; of a longer event nobody types every day. */
export const DAYS_TYPED_MAX = 14;
const DAY_MS = 86_400_000;
/** What a day takes where others say theirs and it says nothing: an average day of the event. */
const EVEN = 1;
/** By less than half a hundredth a mean of 1 is one: two decimals are shown. */
const MEAN_SLACK = 0.005;

type OfDays = Pick<EventForm, "start" | "end" | "days">;

/** How many days an event lasts; 0 while its dates are missing or the wrong way round. */
export function countDays({ start, end }: Pick<EventForm, "start" | "end">): number {
  const count = (Date.parse(end) - Date.parse(start)) / DAY_MS + 1;
  return count > 0 ? count : 0;
}

/** The dates of the first `count` days from `start` on. */
export const datesFrom = (start: string, count: number): string[] =>
  Array.from({ length: count }, (_, place) => new Date(Date.parse(start) + place * DAY_MS).toISOString().slice(0, 10));

/** The numbers with one for each of `count` days: new ones are 1, or empty where no day has a number. What is too much stays until the form is sent, so that an end typed wrong loses nothing. */
export function withDays(days: (number | null)[], count: number): (number | null)[] {
  const fill = days.some((day) => day !== null) ? EVEN : null;
  return [...days, ...Array.from({ length: Math.max(0, count - days.length) }, () => fill)];
}

/** The profile as it is sent: a number for each day, or none at all where nobody said one. */
export function profileOf(form: OfDays): number[] {
  const count = countDays(form);
  const days = withDays(form.days, count).slice(0, count);
  return days.some((day) => day !== null) ? days.map((day) => day ?? EVEN) : [];
}

/** The profile as the server keeps it: in proportion, with a mean of 1. */
export function usedProfile(form: OfDays): number[] {
  const profile = profileOf(form);
  const mean = profile.reduce((sum, share) => sum + share, 0) / profile.length;
  return profile.map((share) => share / mean);
}

/** Whether what is typed is used in proportion and not as it stands. */
export function isScaled(form: OfDays): boolean {
  const used = usedProfile(form);
  return profileOf(form).some((share, place) => Math.abs(share - (used[place] ?? share)) >= MEAN_SLACK);
}

/** lun 31 may ×1,17 · mar 1 jun ×0,84, and what that is over an ordinary day. */
export function usedDaysWords(form: OfDays & Pick<EventForm, "uplift">): string {
  const used = usedProfile(form);
  const dates = datesFrom(form.start, used.length);
  const days = used.map((share, place) => `${formatDay(noonOf(dates[place] ?? form.start))} ${factorWords(share, 2)}`).join(" · ");
  const uplift = form.uplift;
  const words = t(isScaled(form) ? "demand.days_scaled" : "demand.days_used", { days });
  return uplift === null ? words : `${words} ${t("demand.days_lift", { lifts: used.map((share) => factorWords(share * uplift, 2)).join(" · ") })}`;
}

/** Whether a profile moves anything: what is learnt everywhere is learnt day by day. */
export function takesProfile(form: EventForm): boolean {
  return form.uplift !== null || form.merchant !== "" || [form.comunas, form.depots, form.classes].some((names) => names.length > 0);
}
