import { buildUrl, request } from "$shared/api/client";
import type { S } from "./views";

export type Docks = S["DocksView"];
export type DepotDocks = S["DepotDocksView"];
export type DockSlot = S["DockSlotView"];

const onDay = (day: string | undefined): { day?: string } => (day === undefined ? {} : { day });

/** The doors of a day: who loads where and when. */
export const docks = {
  /** Today without a day. */
  see: (day?: string) => request<Docks>("get", "/v1/capacity/docks", { query: onDay(day) }),
  url: (kind: "csv" | "xlsx" | "pdf", day?: string) => buildUrl("/v1/exports/docks/{kind}", { kind }, onDay(day)),
};
