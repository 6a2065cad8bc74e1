import { buildUrl, request } from "$shared/api/client";
import type { S } from "./views";

export type ForecastState = S["ForecastView"];
export type ForecastRun = S["ForecastRunView"];
export type Outlook = S["DemandOutlookView"];
export type ForecastDay = S["ForecastDayView"];
export type EventUsed = S["EventUsedView"];
export type ComunaForecast = S["ComunaForecastView"];
export type JudgedDay = S["JudgedDayView"];
export type DayUnderWay = S["TodayView"];
export type Override = S["OverrideView"];
export type JudgedUplift = S["JudgedUpliftView"];
export type JudgedOverrides = S["JudgedOverrides"];
export type OverrideBody = S["OverrideBody"];

/** What is asked about: all that is delivered, a comuna, a depot. */
export interface Asked {
  comuna?: string | undefined;
  depot?: string | undefined;
  /** How many days ahead; four weeks where it is not said. */
  days?: number | undefined;
}

const queryOf = ({ comuna, depot, days }: Asked): Partial<Asked> => ({ ...(comuna && { comuna }), ...(depot && { depot }), ...(days && { days }) });

/** The forecast, and what planners said instead of it. */
export const forecast = {
  see: (asked: Asked) => request<ForecastState>("get", "/v1/demand/forecast", { query: queryOf(asked) }),
  /** Cheap: whether another is being made, and which one is the newest. */
  running: () => request<ForecastRun>("get", "/v1/demand/forecast/running"),
  today: (depot?: string) => request<S["TodayAnswer"]>("get", "/v1/demand/today", { query: { ...(depot && { depot }) } }),
  make: () => request<undefined>("post", "/v1/demand/forecast"),
  overrides: async (start: string, end: string) => (await request<{ items: Override[] }>("get", "/v1/demand/overrides", { query: { start, end } })).items,
  judgedOverrides: ({ comuna, depot }: Asked) => request<JudgedOverrides>("get", "/v1/demand/overrides/judged", { query: queryOf({ comuna, depot }) }),
  override: (body: OverrideBody) => request<Override>("post", "/v1/demand/overrides", { body }),
  withdraw: (id: string) => request<Override>("post", "/v1/demand/overrides/{id}/withdraw", { path: { id } }),
  url: (kind: "csv" | "xlsx" | "pdf", about: Asked = {}) => buildUrl("/v1/exports/demand-forecast/{kind}", { kind }, queryOf(about)),
};
