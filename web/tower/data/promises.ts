import { request } from "$shared/api/client";
import type { S } from "./views";

export type PromiseCurve = S["PromiseCurveView"];
export type CurvePoint = S["CurvePointView"];
export type PromiseDay = S["PromiseDayView"];
export type OfferTerms = S["TermsOfOfferBody"];
export type OfferTermsView = S["TermsOfOfferView"];

/** What is offered at checkouts, and how far promises reach against how often they would be broken. */
export const promises = {
  curve: () => request<PromiseCurve>("get", "/v1/promises/curve"),
  terms: () => request<OfferTermsView>("get", "/v1/promises/terms"),
  saveTerms: (body: OfferTerms) => request<OfferTermsView>("put", "/v1/promises/terms", { body }),
};
