import { request } from "$shared/api/client";
import type { S } from "./views";

export type TrafficMark = S["MarkView"];
export type Streets = S["StreetsView"];
export type RoadTable = S["RoadTableView"];
export type RoadTables = S["RoadTableList"];
export type MarkBody = S["MarkBody"];

/** Streets that are closed or slow. */
export const traffic = {
  marks: () => request<S["MarkList"]>("get", "/v1/traffic/marks"),
  streets: (line: [number, number][], is_both_ways: boolean) => request<Streets>("post", "/v1/traffic/lines", { body: { line, is_both_ways } }),
  mark: (body: MarkBody) => request<TrafficMark>("post", "/v1/traffic/marks", { body }),
  remove: (mark_id: string) => request<undefined>("delete", "/v1/traffic/marks/{mark_id}", { path: { mark_id } }),
  restore: (mark_id: string) => request<TrafficMark>("post", "/v1/traffic/marks/{mark_id}/restore", { path: { mark_id } }),
  tables: () => request<RoadTables>("get", "/v1/road-tables"),
  saveTable: (kind: RoadTable["kind"], body: S["RoadTableBody"]) => request<RoadTables>("put", "/v1/road-tables/{kind}", { path: { kind }, body }),
};
