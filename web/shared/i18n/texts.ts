import { formatNumber } from "../format/numbers";
import { language, type Language } from "./language.svelte";

/** Flat texts of one language: "hoy.title" → "Hoy". A key ending in _one or _other is a plural form. */
export type Texts = Readonly<Record<string, string>>;
export type Params = Readonly<Record<string, string | number>>;

type PluralKey<K> = K extends `${infer Stem}_one` ? Stem : never;

export interface Translate<K extends string> {
  /** The text of a key, its {holes} filled. Numbers are written in the person's language. */
  (key: K, params?: Params): string;
  /** The text of a plural key; {count} is the number itself. */
  count(key: PluralKey<K>, count: number, params?: Params): string;
  /** The text of a key made of a prefix and a code that came from the server; the code itself when unknown. */
  code(prefix: string, code: string): string;
}

/** Fills the holes of a text. */
export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = params[name];
    if (value === undefined) return hole;
    return typeof value === "number" ? formatNumber(value) : value;
  });
}

/** Makes the translate function of one face from its texts in every language. */
export function makeTranslate<T extends Texts>(texts: Record<Language, T>): Translate<Extract<keyof T, string>> {
  type Key = Extract<keyof T, string>;
  const lookUp = (key: string): string | undefined => texts[language.current][key];
  const translate = (key: Key, params?: Params): string => fill(lookUp(key) ?? key, params);
  translate.count = (key: string, count: number, params?: Params): string => {
    const form = new Intl.PluralRules(language.locale).select(count) === "one" ? "one" : "other";
    return fill(lookUp(`${key}_${form}`) ?? key, { count, ...params });
  };
  translate.code = (prefix: string, code: string): string => lookUp(`${prefix}.${code}`) ?? code;
  return translate;
}
