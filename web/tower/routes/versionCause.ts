import { t } from "../i18n/texts";

const FETCHING = ": transfer from ";

/** Why a route got a new version, in words; a dispatcher's own words stay as they were written. */
export function versionCause(cause: string): string {
  const [code = "", giving] = cause.split(FETCHING);
  const known = t.code("version_cause", code);
  const words = known === code ? code.replaceAll("_", " ") : known;
  return giving ? `${words}, ${t("routes.fetches_from", { codes: giving })}` : words;
}
