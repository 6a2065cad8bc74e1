import { buildUrl, request } from "$shared/api/client";
import type { S } from "./views";

export type Capacity = S["CapacityView"];
export type DepotCapacity = S["DepotCapacityView"];
export type CapacityDay = S["CapacityDayView"];
export type CurvePoint = S["CapacityCurvePointView"];
export type Delivery = S["DeliveryDaysView"];
export type Terms = S["CapacityTermsView"];
export type TermsBody = S["CapacityTermsBody"];
export type WhatIfBody = S["WhatIfBody"];
export type FreeVans = S["FreeVansView"];
export type Compared = S["ComparedView"];

const targetOf = (target: number | undefined): { target?: number } => (target === undefined ? {} : { target });

/** The capacity board, the terms it is made with, and what if. */
export const capacity = {
  /** Without a target, each depot at its own. */
  see: (target?: number) => request<Capacity>("get", "/v1/capacity", { query: targetOf(target) }),
  save: (body: TermsBody) => request<Terms>("put", "/v1/capacity/terms", { body }),
  whatIf: (body: WhatIfBody) => request<S["WhatIfView"]>("post", "/v1/capacity/what-if", { body }),
  url: (kind: "csv" | "xlsx" | "pdf", target?: number) => buildUrl("/v1/exports/capacity/{kind}", { kind }, targetOf(target)),
};
