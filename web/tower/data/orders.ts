import { buildUrl, request } from "$shared/api/client";
import { upload } from "$shared/api/upload";
import type { LonLat } from "$shared/map/marks";
import type { AddressSuggestion, ChangePreview, ImportBatch, ImportView, Located, NewOrder, OrderPage, OrderPatch, OrderView, ReviewQueue, YesBack } from "./orderViews";

export interface OrderFilter {
  date?: string | undefined;
  state?: string | string[] | undefined;
  merchant_id?: string | undefined;
  q?: string | undefined;
  import_id?: string | undefined;
  cursor?: string | undefined;
  limit?: number;
  sort?: string | undefined;
  way?: "asc" | "desc" | undefined;
}

export type TableKind = "csv" | "xlsx";

const REVIEWS_MAX = 200;

/** Orders, imports and addresses. */
export const orders = {
  list: (query: OrderFilter, signal?: AbortSignal) => request<OrderPage>("get", "/v1/orders", { query, signal }),
  create: (body: NewOrder, key: string) => request<OrderView>("post", "/v1/orders", { body, headers: { "idempotency-key": key } }),

  get: (id: string) => request<OrderView>("get", "/v1/orders/{id}", { path: { id } }),
  preview: (id: string, body: OrderPatch, signal?: AbortSignal) => request<ChangePreview>("post", "/v1/orders/{id}/change-preview", { path: { id }, body, signal }),
  change: (id: string, body: OrderPatch) => request<OrderView>("patch", "/v1/orders/{id}", { path: { id }, body }),
  exportUrl: (kind: TableKind, query: OrderFilter) => buildUrl("/v1/exports/orders/{kind}", { kind }, { ...query, limit: undefined, cursor: undefined }),

  import: (form: FormData, dry_run: boolean, onprogress: (share: number) => void) => upload<ImportView>(buildUrl("/v1/imports", {}, { dry_run }), form, onprogress),
  importDone: (import_id: string) => request<ImportBatch>("get", "/v1/imports/{import_id}", { path: { import_id } }),
  templateUrl: "/v1/imports/template.xlsx",
  rejectedRowsUrl: (import_id: string) => `/v1/imports/${encodeURIComponent(import_id)}/rejected.csv`,

  suggest: (q: string, comuna: string | undefined, signal: AbortSignal) =>
    request<{ items: AddressSuggestion[] }>("get", "/v1/addresses/suggest", { query: { q, comuna }, signal }),
  locate: (query: { address?: string; comuna?: string; lon?: number; lat?: number }, signal: AbortSignal) => request<Located>("get", "/v1/addresses/locate", { query, signal }),
  reviews: (query: { import_id?: string | undefined; date?: string | undefined }) => request<ReviewQueue>("get", "/v1/address-reviews", { query: { ...query, limit: REVIEWS_MAX } }),
  movePin: (order_id: string, position: LonLat) =>
    request<unknown>("post", "/v1/address-reviews/{order_id}", { path: { order_id }, body: { position } }),
  acceptAddress: (order_id: string) =>
    request<unknown>("post", "/v1/address-reviews/{order_id}", { path: { order_id }, body: { accept: true } }),
  takeCorrection: (order_id: string, position: LonLat | undefined) =>
    request<unknown>("post", "/v1/address-reviews/{order_id}", { path: { order_id }, body: { correction: "take", ...(position && { position }) } }),
  declineCorrection: (order_id: string) =>
    request<unknown>("post", "/v1/address-reviews/{order_id}", { path: { order_id }, body: { correction: "decline" } }),
  acceptAll: (chosen: { import_id?: string; date?: string; seen_ids: string[] }) =>
    request<{ accepted: number; order_ids: string[] }>("post", "/v1/address-reviews/accept", { body: { ...chosen, level: "street" } }),
  /** Undoes a yes: they wait for a look again. */
  takeYesBack: (order_ids: string[]) => request<YesBack>("post", "/v1/address-reviews/reopen", { body: { order_ids } }),
};
