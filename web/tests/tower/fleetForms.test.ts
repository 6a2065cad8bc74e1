import { describe, expect, it } from "vitest";
import type { Driver, Vehicle } from "../../tower/data/fleetViews";
import { driverBody, driverForm, newDriver } from "../../tower/team/driverForm";
import { newVehicle, vehicleBody, vehicleForm } from "../../tower/team/vehicleForm";

const vehicle: Vehicle = {
  id: "v1", code: "V-01", plate: "HKTR52", depot_id: "q", capacity: { parcels: 90, weight_g: 650_000, volume_ml: 3_300_000 }, skills: ["frío"],
  cost_fixed_clp: 22_000, cost_per_hour_clp: 5500, cost_per_km_clp: 130, kind: "truck", size: { height_cm: 320, width_cm: null, weight_kg: null },
  stops_max: null, trips_max: 2, loading_time_s: 1200, is_active: true,
};
const driver: Driver = {
  id: "d1", code: "C-01", name: "Dora", phone: null, is_active: true, meal_break: { duration_s: 2700, earliest: "12:30:00", latest: "15:00:00" },
  driving_max_s: 18_000, duty_max_s: null, overtime_max_s: null, overtime_hour_cost_clp: null, latest_start: "10:00:00", areas: ["Maipú"],
};

describe("forms of the fleet", () => {
  it("give back the vehicle they were opened with", () => {
    expect({ id: vehicle.id, ...vehicleBody(vehicleForm(vehicle)) }).toEqual({ ...vehicle, is_odd_plate: false });
  });

  it("leave what was left empty unknown, never zero", () => {
    const body = vehicleBody(newVehicle("q"));
    expect([body.stops_max, body.loading_time_s, body.size?.height_cm]).toEqual([null, null, null]);
    const free = driverBody({ ...newDriver(), meal_min: null });
    expect([free.meal_break, free.driving_max_s, free.overtime_max_s, free.latest_start]).toEqual([null, null, null, null]);
  });

  it("give back the driver they were opened with", () => {
    expect({ id: driver.id, phone: null, ...driverBody(driverForm(driver)) }).toEqual(driver);
  });

  it("offer the half hour that the law asks for", () => {
    expect(driverBody(newDriver()).meal_break).toEqual({ duration_s: 1800, earliest: "13:00:00", latest: "15:00:00" });
  });
});
