/** The language of the screens: what the person chose, else what the browser asks for. */
export const LANGUAGES = ["es", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Locale that formats numbers and dates in each language; both show a 24-hour clock. */
export const LOCALES: Record<Language, string> = { es: "es-CL", en: "en-GB" };

const STORED_AS = "promesa.language";

function stored(): Language | undefined {
  const value = globalThis.localStorage?.getItem(STORED_AS);
  return LANGUAGES.find((language) => language === value);
}

function preferred(): Language {
  const asked = globalThis.navigator?.languages ?? [];
  const found = asked.map((tag) => tag.slice(0, 2)).find((tag) => tag === "es" || tag === "en");
  return found === "en" ? "en" : "es";
}

class LanguageChoice {
  current = $state<Language>(stored() ?? preferred());

  get locale(): string {
    return LOCALES[this.current];
  }

  choose(chosen: Language): void {
    this.current = chosen;
    globalThis.localStorage?.setItem(STORED_AS, chosen);
    this.apply();
  }

  /** Tells the browser and screen readers which language the page is in. */
  apply(): void {
    document.documentElement.lang = this.locale;
  }
}

export const language = new LanguageChoice();
