import { buildUrl, request } from "$shared/api/client";
import type { S } from "./views";

export type Rehearsals = S["RehearsalsView"];
export type Rehearsal = S["RehearsalView"];
export type RehearsalSummary = S["RehearsalSummary"];
export type RehearsalWay = S["RehearsalWayView"];
export type RehearsalDay = S["RehearsalDayView"];
export type RehearsalRun = S["RehearsalRunView"];
export type RehearsalChoice = S["RehearsalChoiceView"];
export type RehearsalBody = S["RehearsalBody"];
export type Fleet = RehearsalWay["fleet"];
export type Size = Rehearsal["size"];

/** Rehearsals of a peak: simulated, all of them. */
export const rehearsals = {
  list: () => request<Rehearsals>("get", "/v1/rehearsals"),
  running: () => request<RehearsalRun>("get", "/v1/rehearsals/running"),
  start: (body: RehearsalBody) => request<undefined>("post", "/v1/rehearsals", { body }),
  cancel: () => request<undefined>("post", "/v1/rehearsals/cancel"),
  see: (rehearsal_id: string) => request<Rehearsal>("get", "/v1/rehearsals/{rehearsal_id}", { path: { rehearsal_id } }),
  remove: (rehearsal_id: string) => request<undefined>("delete", "/v1/rehearsals/{rehearsal_id}", { path: { rehearsal_id } }),
  url: (rehearsal_id: string, kind: "csv" | "xlsx" | "pdf") => buildUrl("/v1/exports/rehearsals/{rehearsal_id}/{kind}", { rehearsal_id, kind }, {}),
};
