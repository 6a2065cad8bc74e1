import { request } from "$shared/api/client";
import type { LonLat } from "$shared/map/marks";
import type { AddressSuggestion, ImportView, NewOrder, OrderView, ReviewQueue } from "./orderViews";
import type { Page } from "./views";

export interface OrderFilter {
  date?: string | undefined;
  state?: string | undefined;
  merchant_id?: string | undefined;
  q?: string | undefined;
  import_id?: string | undefined;
  cursor?: string | undefined;
  limit?: number;
}

const REVIEWS_MAX = 200;

/** Orders, imports and addresses. */
export const orders = {
  list: (query: OrderFilter, signal?: AbortSignal) => request<Page<OrderView>>("get", "/v1/orders", { query, signal }),
  create: (body: NewOrder, key: string) => request<OrderView>("post", "/v1/orders", { body, headers: { "idempotency-key": key } }),

  import: (form: FormData, dry_run: boolean) => request<ImportView>("post", "/v1/imports", { query: { dry_run }, body: form }),
  rejectedRowsUrl: (import_id: string) => `/v1/imports/${encodeURIComponent(import_id)}/rejected.csv`,

  suggest: (q: string, comuna: string | undefined, signal: AbortSignal) =>
    request<{ items: AddressSuggestion[] }>("get", "/v1/addresses/suggest", { query: { q, comuna }, signal }),
  reviews: (query: { import_id?: string | undefined; date?: string | undefined }) => request<ReviewQueue>("get", "/v1/address-reviews", { query: { ...query, limit: REVIEWS_MAX } }),
  movePin: (order_id: string, position: LonLat) =>
    request<unknown>("post", "/v1/address-reviews/{order_id}", { path: { order_id }, body: { position } }),
  acceptAddress: (order_id: string) =>
    request<unknown>("post", "/v1/address-reviews/{order_id}", { path: { order_id }, body: { accept: true } }),
  acceptAll: (chosen: { import_id?: string; date?: string }) =>
    request<{ accepted: number; median_uncertainty_m: number | null }>("post", "/v1/address-reviews/accept", { body: { ...chosen, level: "street" } }),
};
