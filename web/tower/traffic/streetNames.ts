import type { Streets } from "../data/traffic";
import { t } from "../i18n/texts";

const NAMES_MAX = 3;

/** "Avenida Matta, Lira": who reads it knows the city. */
export function namesOf(streets: Streets): string {
  const names = streets.names.slice(0, NAMES_MAX).join(", ");
  if (names === "") return t("traffic.nameless");
  return streets.names.length > NAMES_MAX ? `${names}…` : names;
}
