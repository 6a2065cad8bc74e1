import { buildUrl, request } from "$shared/api/client";
import { upload } from "$shared/api/upload";
import type { S } from "./views";

export type DemandEvent = S["EventView"];
export type DemandEventBody = S["EventBody"];
export type DemandPlaces = S["DemandPlacesView"];
export type MerchantShares = S["MerchantShareList"];
export type EventKind = DemandEvent["kind"];
export type OwnEvent = S["OwnEventNamedView"];
export type MovedUplift = S["MovedUpliftView"];
export type OwnEvents = S["OwnEventList"];
export type DemandHistory = S["HistoryView"];
export type ComunaHistory = S["ComunaHistoryView"];
export type LeadTime = S["LeadTimeView"];
export type HistoryImport = S["HistoryImportView"];

type TableKind = "csv" | "xlsx";

const periodOf = (year: number): { start: string; end: string } => ({ start: `${year}-01-01`, end: `${year}-12-31` });

/** The demand calendar and its history. */
export const demand = {
  /** Those that were deleted too: they can be put back. */
  events: async (year: number) => (await request<{ items: DemandEvent[] }>("get", "/v1/demand/events", { query: { ...periodOf(year), deleted: true } })).items,
  eventsBetween: async (start: string, end: string) => (await request<{ items: DemandEvent[] }>("get", "/v1/demand/events", { query: { start, end } })).items,
  /** What a scope may be chosen from. */
  places: () => request<DemandPlaces>("get", "/v1/demand/places"),
  addEvent: (body: DemandEventBody) => request<DemandEvent>("post", "/v1/demand/events", { body }),
  /** Writes over the version that was read; another one is a conflict. */
  changeEvent: (id: string, version: number, body: DemandEventBody) =>
    request<DemandEvent>("put", "/v1/demand/events/{id}", { path: { id }, body, headers: { "if-match": `"${version}"` } }),
  removeEvent: (id: string) => request<undefined>("delete", "/v1/demand/events/{id}", { path: { id } }),
  restoreEvent: (id: string) => request<DemandEvent>("post", "/v1/demand/events/{id}/restore", { path: { id } }),
  versions: async (id: string) => (await request<{ items: DemandEvent[] }>("get", "/v1/demand/events/{id}/versions", { path: { id } })).items,
  ownEvents: () => request<OwnEvents>("get", "/v1/demand/own-events"),
  merchantShares: () => request<MerchantShares>("get", "/v1/demand/merchant-shares"),
  bringChile: (years: number[]) => request<S["BroughtView"]>("post", "/v1/demand/calendar/chile", { body: { years } }),
  eventsUrl: (kind: TableKind | "pdf", year: number) => buildUrl("/v1/exports/demand-events/{kind}", { kind }, periodOf(year)),

  history: () => request<DemandHistory>("get", "/v1/demand/history"),
  imports: async () => (await request<{ items: HistoryImport[] }>("get", "/v1/demand/history/imports")).items,
  importFile: (file: File, dry_run: boolean) => {
    const form = new FormData();
    form.append("file", file);
    return upload<HistoryImport>(buildUrl("/v1/demand/history/imports", {}, { dry_run }), form, () => undefined);
  },
  undoImport: (id: string) => request<undefined>("delete", "/v1/demand/history/imports/{id}", { path: { id } }),
  redoImport: (id: string) => request<HistoryImport>("post", "/v1/demand/history/imports/{id}/restore", { path: { id } }),
  historyUrl: (kind: TableKind) => buildUrl("/v1/exports/demand-history/{kind}", { kind }),
  templateUrl: "/v1/demand/history/template.csv",
};
