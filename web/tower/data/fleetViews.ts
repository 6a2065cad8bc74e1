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
export type DueOrders = S["DueView"];
export type PlanSummary = S["PlanSummary"];
export type PlanBalance = PlanSummary["balance"];
export type PlanView = S["PlanView"];
export type UnservedView = S["UnservedView"];
export type PlanRoute = S["PlanRouteView"];
export type NewDepot = S["DepotBody"];
export type Webhook = S["WebhookView"];
export type Delivery = S["DeliveryView"];
export type Merchant = S["MerchantView"];
export type MerchantBody = S["MerchantBody"];
export type ApiKey = S["KeyView"];
export type User = S["UserView"];

export type Indicator = S["IndicatorView"];
export type DayReport = S["ReportView"];
export type ReportRows = S["RowsView"];
