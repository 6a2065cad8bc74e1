import { makeTranslate } from "$shared/i18n/texts";
import en from "./en/driver.json";
import es from "./es/driver.json";

/** Every text of the driver's page, in the person's language. */
export const t = makeTranslate<Record<keyof typeof es, string>>({ es, en });
