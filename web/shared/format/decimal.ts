import { language } from "../i18n/language.svelte";

const DIGITS_MAX = 3;
/** 1.200 and 1.200,5 where a comma begins the decimals; 0.730 has none of its thousands. */
const GROUPED = { es: /^[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/, en: /^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/ };
const PROBLEM = {
  es: (least: string) => `Escribe un número desde ${least}, como 12 o 1,5.`,
  en: (least: string) => `Write a number from ${least}, like 12 or 1.5.`,
};

/** Why a number cannot be kept, and how to write it. */
export function decimalProblem(min: number): string {
  return PROBLEM[language.current](writeDecimal(min));
}

/** Reads a number as people type it, with a comma or a point: "0,73", "0.73", "1200", "1.200". Nothing when it is none. */
export function readDecimal(typed: string): number | undefined {
  // Who writes how many times something is writes x3 or ×3.
  const text = typed.trim().replace(/^[x×]\s*/i, "");
  const ungrouped = GROUPED[language.current].test(text) ? text.replaceAll(language.current === "es" ? "." : ",", "") : text;
  const plain = ungrouped.replace(",", ".");
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(plain)) return undefined;
  return Number(plain);
}

/** The number as it is read in the person's language, 1.234,5: typed or written, it reads back the same. */
export function writeDecimal(value: number | null): string {
  if (value === null) return "";
  return new Intl.NumberFormat(language.locale, { maximumFractionDigits: DIGITS_MAX, useGrouping: "always" }).format(value);
}
