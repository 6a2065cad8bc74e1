import { language } from "../i18n/language.svelte";

const DIGITS_MAX = 3;

/** Reads a number as people type it, with a comma or a point: "0,73", "0.73", "1200". Nothing when it is none. */
export function readDecimal(typed: string): number | undefined {
  const text = typed.trim().replace(",", ".");
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(text)) return undefined;
  return Number(text);
}

/** The number as it is typed in the person's language: no thousands, so that it reads back the same. */
export function writeDecimal(value: number | null): string {
  if (value === null) return "";
  return new Intl.NumberFormat(language.locale, { maximumFractionDigits: DIGITS_MAX, useGrouping: false }).format(value);
}
