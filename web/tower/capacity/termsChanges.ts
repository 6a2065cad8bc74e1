import { formatMinutes } from "$shared/format/dates";
import { formatNumber, formatPesos } from "$shared/format/numbers";
import type { Terms } from "../data/capacity";
import { t } from "../i18n/texts";
import { keptWords } from "./capacityWords";
import { changedWords } from "./versionWords";

const count = (value: number): string => formatNumber(value, 0);

/** What a depot's terms say otherwise than those before them, value by value. */
export function termsChanges(newer: Terms, older: Terms): string[] {
  return changedWords(newer, older, [
    [t("capacity.field_contract_carrier"), (terms) => terms.contract_carrier || t("capacity.carrier_none")],
    [t("capacity.field_contract_vehicles"), (terms) => count(terms.contract_vehicles)],
    [t("capacity.field_contract_day_cost_clp"), (terms) => formatPesos(terms.contract_day_cost_clp)],
    [t("capacity.field_contract_days_min"), (terms) => count(terms.contract_days_min)],
    [t("capacity.field_spot_vehicles"), (terms) => count(terms.spot_vehicles)],
    [t("capacity.field_spot_day_cost_clp"), (terms) => formatPesos(terms.spot_day_cost_clp)],
    [t("capacity.doors"), (terms) => (terms.doors === null ? t("capacity.doors_none") : count(terms.doors))],
    [t("capacity.field_loading_min"), (terms) => formatMinutes(terms.loading_min)],
    [t("capacity.field_loading_span_min"), (terms) => formatMinutes(terms.loading_span_min)],
    [t("capacity.field_target_percent"), (terms) => keptWords(terms.target)],
  ]);
}
