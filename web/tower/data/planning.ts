import { request } from "$shared/api/client";
import type { Depot, DueOrders, Driver, NewDepot, NewDriver, NewShift, NewVehicle, PlanBalance, PlanSummary, PlanView, Shift, SignInLink, Vehicle } from "./fleetViews";

const list = async <T>(path: string, query: object = {}): Promise<T[]> => (await request<{ items: T[] }>("get", path, { query })).items;

/** Fleet, shifts and plans. */
export const planning = {
  depots: () => list<Depot>("/v1/depots"),
  addDepot: (body: NewDepot) => request<Depot>("post", "/v1/depots", { body }),
  changeDepot: (id: string, body: NewDepot) => request<Depot>("put", "/v1/depots/{id}", { path: { id }, body }),
  vehicles: () => list<Vehicle>("/v1/vehicles"),
  addVehicle: (body: NewVehicle) => request<Vehicle>("post", "/v1/vehicles", { body }),
  changeVehicle: (id: string, body: NewVehicle) => request<Vehicle>("put", "/v1/vehicles/{id}", { path: { id }, body }),
  drivers: () => list<Driver>("/v1/drivers"),
  addDriver: (body: NewDriver) => request<Driver>("post", "/v1/drivers", { body }),
  changeDriver: (id: string, body: NewDriver) => request<Driver>("put", "/v1/drivers/{id}", { path: { id }, body }),
  signInLink: (id: string) => request<SignInLink>("post", "/v1/drivers/{id}/sign-in-link", { path: { id } }),

  shifts: (date: string) => list<Shift>("/v1/shifts", { date }),
  saveShift: (id: string, body: NewShift) => request<Shift>("put", "/v1/shifts/{id}", { path: { id }, body }),
  removeShift: (id: string) => request<undefined>("delete", "/v1/shifts/{id}", { path: { id } }),
  copyShifts: (from_date: string, to_date: string) => request<unknown>("post", "/v1/shifts/copy", { body: { from_date, to_date } }),

  due: (date: string) => request<DueOrders>("get", "/v1/plans/due", { query: { date } }),
  startPlan: (date: string, balance: PlanBalance = "none") => request<PlanSummary>("post", "/v1/plans", { body: { date, balance } }),
  plans: (date: string) => list<PlanSummary>("/v1/plans", { date }),
  plan: (id: string) => request<PlanView>("get", "/v1/plans/{id}", { path: { id } }),
  publish: (id: string) => request<{ routes: unknown[] }>("post", "/v1/plans/{id}/publish", { path: { id } }),
};
