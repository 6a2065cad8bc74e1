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
/** What would be otherwise, whatever the target. */
export type Change = Omit<WhatIfBody, "target">;
export type FreeVans = S["FreeVansView"];
export type Compared = S["ComparedView"];

const targetOf = (target: number | undefined): { target?: number } => (target === undefined ? {} : { target });

/** The capacity board, the terms it is made with, and what if. */
export const capacity = {
  /** Without a target, each depot at its own. */
  see: (target?: number) => request<Capacity>("get", "/v1/capacity", { query: targetOf(target) }),
  /** What a depot's terms were, the newest first. */
  versions: (depot: string) => request<S["CapacityTermsVersions"]>("get", "/v1/capacity/terms/versions", { query: { depot } }),
  save: (body: TermsBody) => request<Terms>("put", "/v1/capacity/terms", { body }),
  whatIf: (body: WhatIfBody) => request<S["WhatIfView"]>("post", "/v1/capacity/what-if", { body }),
  /** With the changes that stand beside the board; a CSV holds the days alone. */
  url: (kind: "csv" | "xlsx" | "pdf", target?: number, changes: Change[] = []) => buildUrl("/v1/exports/capacity/{kind}", { kind }, { ...targetOf(target), what_if: changes.map((each) => JSON.stringify(each)) }),
};
