import { formatPlainDate } from "$shared/format/dates";
import { formatNumber } from "$shared/format/numbers";
import type { LabourRule, LabourVersion } from "../data/roster";
import { t } from "../i18n/texts";
import { listWords } from "./versionWords";

function ruleWords(rule: LabourRule): string {
  const value = rule.kind === "closed_holidays" ? "" : ` ${formatNumber(rule.value, 1)}`;
  const words = t("roster.rule_since_of", { rule: `${t(`roster.rule_${rule.kind}`)}${value}`, day: formatPlainDate(rule.since) });
  return rule.is_on ? words : t("roster.rule_is_off", { rule: words });
}

/** Which rules came, and which are not there any more. */
export function ruleChanges(newer: LabourVersion, older: LabourVersion): string[] {
  return listWords(newer.rows.map(ruleWords), older.rows.map(ruleWords));
}
