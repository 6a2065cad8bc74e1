import type { Language } from "$shared/i18n/language.svelte";
import { makeTranslate } from "$shared/i18n/texts";
import es from "./es/track.json";

type TrackTexts = Record<keyof typeof es, string>;

/** Spanish comes with the page; English, which few ask for, when it is asked for. */
const texts: Record<Language, TrackTexts> = { es, en: es };

/** Every text of the customer's page, in the person's language. */
export const t = makeTranslate<TrackTexts>(texts);

/** Must have ended before the language is shown. Without network the page stays in Spanish. */
export async function loadTexts(asked: Language): Promise<void> {
  if (asked === "en") texts.en = (await import("./en/track.json")).default;
}
