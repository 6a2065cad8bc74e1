import type { S } from "./views";

/** Fleet, plans, people and reports, by the names the screens use. */
export type Depot = S["DepotView"];
export type Vehicle = S["VehicleView"];
export type NewVehicle = S["VehicleBody"];
export type Driver = S["DriverView"];
export type NewDriver = S["DriverBody"];
export type Shift = S["ShiftView"];
export type NewShift = S["ShiftBody"];
export type SignInLink = S["DriverLink"];
export type PlanSummary = S["PlanSummary"];
export type PlanView = S["PlanView"];
export type PlanRoute = S["PlanRouteView"];
export type Merchant = S["MerchantView"];
export type ApiKey = S["KeyView"];
export type User = S["UserView"];

export interface Indicator {
  key: string;
  label: string;
  formula: string;
  value: number | null;
  unit: string;
  numerator: number | null;
  denominator: number | null;
  excluded: number | null;
  anchor: string | null;
}

export interface DayReport {
  date: string;
  is_simulated: boolean;
  indicators: Indicator[];
}

export interface ReportRows {
  columns: (string | { key: string; label: string })[];
  rows: (unknown[] | Record<string, unknown>)[];
  next_cursor: string | null;
}
