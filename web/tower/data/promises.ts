import { buildUrl, request } from "$shared/api/client";
import type { S } from "./views";

export type PromiseCurve = S["PromiseCurveView"];
export type CurvePoint = S["CurvePointView"];
export type ShownComuna = S["ComunaPromiseView"];
export type DepotFill = S["DepotFillView"];
export type DayFill = S["DayFillView"];
export type ClosedDay = S["ClosedDayView"];
export type PromiseDay = S["PromiseDayView"];
export type OfferTerms = S["TermsOfOfferBody"];
export type OfferTermsView = S["TermsOfOfferView"];

/** What a day more on the promise costs, and a promise that is broken. */
export interface Prices {
  day_later_clp: number;
  broken_clp: number;
}

const asked = (prices: Prices | undefined): Partial<Prices> => prices ?? {};

/** What is offered at checkouts, and how far promises reach against how often they would be broken. */
export const promises = {
  /** With prices, where those would put the operator; nothing is saved. */
  curve: (prices?: Prices) => request<PromiseCurve>("get", "/v1/promises/curve", { query: asked(prices) }),
  url: (kind: "csv" | "xlsx" | "pdf", table: "comunas" | "curve", prices?: Prices) => buildUrl("/v1/exports/promises/{kind}", { kind }, { table, ...asked(prices) }),
  terms: () => request<OfferTermsView>("get", "/v1/promises/terms"),
  /** What was offered before, the newest first. */
  versions: () => request<S["TermsOfOfferVersions"]>("get", "/v1/promises/terms/versions"),
  /** Over the version that was read: what somebody else saved meanwhile is not lost. */
  saveTerms: (body: OfferTerms, over: number) => request<OfferTermsView>("put", "/v1/promises/terms", { body, headers: { "If-Match": `"${over}"` } }),
};
