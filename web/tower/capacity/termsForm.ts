import type { Terms, TermsBody } from "../data/capacity";

const CENT = 100;

/** Terms as a person types them; an empty number of doors limits nothing. */
export interface TermsForm {
  contract_carrier: string;
  contract_vehicles: number | null;
  contract_day_cost_clp: number | null;
  contract_days_min: number | null;
  spot_vehicles: number | null;
  spot_day_cost_clp: number | null;
  doors: number | null;
  loading_min: number | null;
  loading_span_min: number | null;
  target_percent: number | null;
}

export function termsForm(terms: Terms): TermsForm {
  return {
    contract_carrier: terms.contract_carrier, contract_vehicles: terms.contract_vehicles, contract_day_cost_clp: terms.contract_day_cost_clp, contract_days_min: terms.contract_days_min,
    spot_vehicles: terms.spot_vehicles, spot_day_cost_clp: terms.spot_day_cost_clp,
    doors: terms.doors, loading_min: terms.loading_min, loading_span_min: terms.loading_span_min,
    target_percent: Math.round(terms.target * CENT * 10) / 10,
  };
}

/** What is sent over the version that was read; a number left empty is none, or what it was. */
export function termsBody(form: TermsForm, terms: Terms): TermsBody {
  const whole = (value: number | null, otherwise: number): number => Math.round(value ?? otherwise);
  return {
    depot: terms.depot, version: terms.version,
    contract_carrier: form.contract_carrier.trim(), contract_vehicles: whole(form.contract_vehicles, 0), contract_day_cost_clp: whole(form.contract_day_cost_clp, 0), contract_days_min: whole(form.contract_days_min, 1),
    spot_vehicles: whole(form.spot_vehicles, 0), spot_day_cost_clp: whole(form.spot_day_cost_clp, 0),
    doors: form.doors === null ? null : Math.round(form.doors),
    loading_min: whole(form.loading_min, terms.loading_min), loading_span_min: whole(form.loading_span_min, terms.loading_span_min),
    target: form.target_percent === null ? terms.target : Math.round(form.target_percent * 10) / (10 * CENT),
  };
}

/** The same terms over the version that stands now: how saving them is undone. */
export function bodyBack(before: Terms, version: number): TermsBody {
  return { ...termsBody(termsForm(before), before), target: before.target, version };
}
