import { t } from "../i18n/texts";

/** Why a promise was made, in words: the code of the server, or the family it belongs to. */
export function causeOf(cause: string): string {
  const known = t.code("cause", cause);
  if (known !== cause) return known;
  if (cause.startsWith("delay")) return t("cause.delay");
  return cause.replaceAll("_", " ");
}
