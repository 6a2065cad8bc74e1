import { makeTranslate } from "$shared/i18n/texts";
import en from "./en/track.json";
import es from "./es/track.json";

/** Every text of the customer's page, in the person's language. */
export const t = makeTranslate<Record<keyof typeof es, string>>({ es, en });
