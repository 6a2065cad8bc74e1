import { language } from "../i18n/language.svelte";

/** Zone of the operation's depots; the server may name another one when the page opens. */
let zone = "America/Santiago";

export function setZone(name: string): void {
  zone = name;
}

type Instant = string | number | Date;

function shown(instant: Instant, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language.locale, { timeZone: zone, ...options }).format(new Date(instant));
}

/** 15:12 */
export function formatTime(instant: Instant): string {
  return shown(instant, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** lun 5 oct */
export function formatDay(instant: Instant): string {
  return shown(instant, { weekday: "short", day: "numeric", month: "short" }).replace(/[.,]/g, "");
}

/** lun 5 oct 2026 */
export function formatDayYear(instant: Instant): string {
  return shown(instant, { weekday: "short", day: "numeric", month: "short", year: "numeric" }).replace(/[.,]/g, "").replace(/ de /g, " ");
}

/** lunes 5 de octubre */
export function formatLongDay(instant: Instant): string {
  return shown(instant, { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
}

/** lun 5 oct 15:12 */
export function formatDayTime(instant: Instant): string {
  return `${formatDay(instant)} ${formatTime(instant)}`;
}

/** 15:10–15:40 */
export function formatWindow(start: Instant, end: Instant): string {
  return `${formatTime(start)}–${formatTime(end)}`;
}

/** The calendar date in the operation's zone, as 2026-10-05. */
export function dateOf(instant: Instant): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(new Date(instant));
}

/** A plain date (2026-10-05) has no hour: read it at noon UTC so that no zone moves it to another day. */
export function noonOf(date: string): Date {
  return new Date(`${date}T12:00:00Z`);
}

/** 05-10-2026, as a spreadsheet in Chile has it: a day and a month that changed places show. */
export function formatPlainDate(date: string): string {
  return date.split("-").reverse().join("-");
}

/** Minutes between two instants, rounded towards zero. */
export function minutesBetween(from: Instant, to: Instant): number {
  return Math.trunc((new Date(to).getTime() - new Date(from).getTime()) / 60_000);
}

/** 26 min · 2 h 05 */
export function formatMinutes(minutes: number): string {
  const whole = Math.abs(Math.round(minutes));
  if (whole < 60) return `${whole}\u00a0min`;
  return `${Math.floor(whole / 60)}\u00a0h\u00a0${String(whole % 60).padStart(2, "0")}`;
}
