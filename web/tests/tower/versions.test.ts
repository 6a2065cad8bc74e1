import { describe, expect, it } from "vitest";
import { ruleChanges } from "../../tower/capacity/ruleChanges";
import { termsChanges } from "../../tower/capacity/termsChanges";
import { bylineOf } from "../../tower/capacity/versionWords";
import type { Terms } from "../../tower/data/capacity";
import type { OfferTermsView } from "../../tower/data/promises";
import type { LabourVersion } from "../../tower/data/roster";
import { offerChanges } from "../../tower/promise/offerChanges";

const TERMS: Terms = {
  depot: "QUI", contract_carrier: "", contract_vehicles: 4, contract_day_cost_clp: 90_000, contract_days_min: 5, spot_vehicles: 2, spot_day_cost_clp: 120_000,
  doors: null, loading_min: 15, loading_span_min: 180, departures_max: null, target: 0.965, version: 1, author: null, saved_at: null,
};
const OFFER: OfferTermsView = {
  version: 1, author: null, saved_at: null,
  terms: {
    windows: [{ name: "Todo el día", start: "09:00:00", end: "21:00:00", weekdays: [0, 1, 2, 3, 4, 5], price_clp: 0 }],
    cutoff: "18:00:00", lead_days: 1, horizon_days: 14, closed: [], kept_min: 0.95, day_later_clp: 400, broken_clp: 8_000, charges_cost: false, quote_min: 15, hold_min: 60, serves_rest_days: false,
  },
};

describe("a version", () => {
  it("says whose it is and of when; nobody wrote the first of all", () => {
    expect(bylineOf({ version: 3, author: "Carolina", saved_at: "2026-10-05T15:30:00Z" }, "de fábrica")).toBe("versión 3, de Carolina, lun 5 oct 12:30");
    expect(bylineOf({ version: 0, author: null, saved_at: null }, "de fábrica")).toBe("de fábrica");
  });
});

describe("what a version changed", () => {
  it("names each value of a depot's terms that is another, as it was and as it is", () => {
    expect(termsChanges({ ...TERMS, contract_vehicles: 6, doors: 3, target: 0.97 }, TERMS)).toEqual(["Contratadas: 4 → 6", "Andenes: no limitan → 3", "Promesas por cumplir: 96,5\u00a0% → 97\u00a0%"]);
    expect(termsChanges({ ...TERMS, version: 2 }, TERMS)).toEqual([]);
  });
  it("names what is offered that was not, and what is not any more", () => {
    const windows = [{ name: "Tarde", start: "14:00:00", end: "20:00:00", weekdays: [0, 1, 2, 3, 4, 5], price_clp: 990 }];
    const newer = { ...OFFER, terms: { ...OFFER.terms, windows, closed: ["2026-12-24"], broken_clp: 12_000 } };
    expect(offerChanges(newer, OFFER)).toEqual([
      "agrega Tarde 14:00–20:00 (de lunes a sábado, $\u00a0990)", "quita Todo el día 09:00–21:00 (de lunes a sábado)",
      "agrega día cerrado jue 24 dic 2026", "Una promesa rota cuesta: $\u00a08.000 → $\u00a012.000",
    ]);
  });
  it("names the rules of working hours that came, went or were switched off", () => {
    const rule = { kind: "week_hours_max", value: 42, source: "Ley", since: "2026-04-26", is_on: true } as const;
    const of = (rows: LabourVersion["rows"]): LabourVersion => ({ version: 1, author: null, saved_at: null, rows });
    expect(ruleChanges(of([{ ...rule, value: 40, is_on: false }]), of([rule]))).toEqual([
      "agrega Horas por semana, máximo 40 desde 26-04-2026 (apagada)", "quita Horas por semana, máximo 42 desde 26-04-2026",
    ]);
  });
});
