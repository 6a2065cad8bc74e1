import { request } from "$shared/api/client";
import type { TableKind } from "./orders";
import type { S, TimeWindow } from "./views";

export type Price = S["PriceView"];
export type StopPrice = S["StopPriceView"];
export type PromisePrice = S["PromisePriceView"];
export type VehiclePrice = S["VehiclePriceView"];
export type FleetPrice = S["FleetPriceView"];

/** What a stop, its hours and a vehicle cost. The planner answers: ask again for what was found. */
export const prices = {
  askStop: (order_id: string, windows: TimeWindow[]) => request<Price>("post", "/v1/orders/{order_id}/price", { path: { order_id }, body: { windows } }),
  askRoute: (route_id: string) => request<Price>("post", "/v1/routes/{route_id}/price", { path: { route_id } }),
  askPlanned: (plan_id: string, shift_id: string) => request<Price>("post", "/v1/plans/{plan_id}/price", { path: { plan_id }, body: { shift_id } }),
  price: (search_id: string) => request<Price>("get", "/v1/prices/{search_id}", { path: { search_id } }),
  exportUrl: (search_id: string, kind: TableKind) => `/v1/exports/prices/${encodeURIComponent(search_id)}/${kind}`,
  cancel: (search_id: string) => request<undefined>("delete", "/v1/prices/{search_id}", { path: { search_id } }),
};
