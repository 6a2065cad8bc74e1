import { instantAt } from "$shared/format/localTime";
import type { Depot, Driver, NewShift, Shift, Vehicle } from "../data/fleetViews";

interface Fleet {
  shifts: Shift[];
  drivers: Pick<Driver, "id" | "is_active">[];
  vehicles: Pick<Vehicle, "id" | "is_active" | "depot_id">[];
  depots: Depot[];
}

/** The first driver and the first vehicle that have no shift yet this day. */
export function nextPair(fleet: Fleet): { driver_id: string; vehicle_id: string; depot_id: string } | undefined {
  const driver = fleet.drivers.find((item) => item.is_active && !fleet.shifts.some((shift) => shift.driver_id === item.id));
  const vehicle = fleet.vehicles.find((item) => item.is_active && !fleet.shifts.some((shift) => shift.vehicle_id === item.id));
  if (!driver || !vehicle) return undefined;
  return { driver_id: driver.id, vehicle_id: vehicle.id, depot_id: vehicle.depot_id };
}

/** A shift as its row is filled in: with its hours as the clock on the wall says them. */
export interface ChangedShift extends NewShift {
  from: string;
  until: string;
}

/** What the server is told of a changed shift: it refuses fields that it does not know. */
export function shiftBody({ from, until, ...shift }: ChangedShift): NewShift {
  return { ...shift, start: instantAt(shift.date, from), end: instantAt(shift.date, until) };
}

/** The day before a plain date. */
export function previousDate(date: string): string {
  const before = new Date(`${date}T12:00:00Z`);
  before.setUTCDate(before.getUTCDate() - 1);
  return before.toISOString().slice(0, 10);
}
