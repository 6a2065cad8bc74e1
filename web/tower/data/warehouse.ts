import { request } from "$shared/api/client";
import type { S } from "./views";

export type RouteLoad = S["RouteLoadView"];
export type ParcelLine = S["ParcelLineView"];
export type ScanAnswer = S["ScanResultView"];
export type ScannedParcel = S["ScannedParcel"];
export type Account = S["AccountView"];
export type Stage = "expected" | "in_depot" | "staged" | "aboard" | "delivered" | "back" | "missing" | "apart";
export type ScanKind = "received" | "staged" | "returned" | "missing" | "returned_to_sender";

export interface Scan {
  id: string;
  barcode: string;
  depot_id: string;
  occurred_at: string;
  kind: ScanKind;
  route_id?: string;
}

/** The depot: its board, its parcels, its scans and the squaring of routes. */
export const warehouse = {
  board: (depot_id: string, date: string) => request<{ routes: RouteLoad[] }>("get", "/v1/depot/board", { query: { depot_id, date } }),
  parcels: (depot_id: string, date: string, route_id: string | undefined) =>
    request<{ items: ParcelLine[]; is_cut: boolean }>("get", "/v1/depot/parcels", { query: { depot_id, date, route_id } }),
  scan: async (scan: Scan) => {
    const { results } = await request<{ results: ScanAnswer[] }>("post", "/v1/depot/scans", { body: { scans: [scan] } });
    const [answer] = results;
    if (!answer) throw new Error("a scan has one answer");
    return answer;
  },
  account: (route_id: string) => request<Account>("get", "/v1/routes/{route_id}/account", { path: { route_id } }),
  square: (route_id: string, body: S["SquareBody"]) => request<Account>("post", "/v1/routes/{route_id}/reconcile", { path: { route_id }, body }),
};
