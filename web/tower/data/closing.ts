import { request } from "$shared/api/client";
import type { S } from "./views";

export type Outlook = S["OutlookView"];
export type OpenOrder = S["OpenOrderView"];
export type DayClosing = S["DayClosingView"];
export type RouteClosing = S["RouteClosingView"];

/** Closing a route or a day, and what it would do. */
export const closing = {
  outlook: (date: string) => request<Outlook>("get", "/v1/day/closing", { query: { date } }),
  closeDay: (date: string) => request<DayClosing>("post", "/v1/day/close", { body: { date } }),
  closeRoute: (id: string) => request<RouteClosing>("post", "/v1/routes/{id}/close", { path: { id } }),
};
