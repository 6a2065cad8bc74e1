import type { Driver, NewDriver } from "../data/fleetViews";
import { shortTime, wireTime } from "./depotHours";
import { wordsOf } from "./vehicleForm";

const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;

/** A driver as a person types them; a limit left empty does not limit. */
export interface DriverForm {
  id: string;
  code: string;
  name: string;
  phone: string;
  isActive: boolean;
  meal_min: number | null;
  meal_from: string;
  meal_until: string;
  driving_h: number | null;
  duty_h: number | null;
  overtime_min: number | null;
  overtime_clp: number | null;
  latest_start: string;
  areas: string;
}

/** Half an hour at lunch, which the law asks for (Código del Trabajo, art. 34). */
export function newDriver(): DriverForm {
  return {
    id: "", code: "", name: "", phone: "", isActive: true, meal_min: 30, meal_from: "13:00", meal_until: "15:00",
    driving_h: null, duty_h: null, overtime_min: null, overtime_clp: null, latest_start: "", areas: "",
  };
}

export function driverForm(driver: Driver): DriverForm {
  const meal = driver.meal_break;
  return {
    id: driver.id, code: driver.code, name: driver.name ?? "", phone: driver.phone ?? "", isActive: driver.is_active,
    meal_min: inUnits(meal?.duration_s, SECONDS_PER_MINUTE), meal_from: shortTime(meal?.earliest), meal_until: shortTime(meal?.latest),
    driving_h: inUnits(driver.driving_max_s, SECONDS_PER_HOUR), duty_h: inUnits(driver.duty_max_s, SECONDS_PER_HOUR),
    overtime_min: inUnits(driver.overtime_max_s, SECONDS_PER_MINUTE), overtime_clp: driver.overtime_hour_cost_clp,
    latest_start: shortTime(driver.latest_start), areas: driver.areas.join(", "),
  };
}

export function driverBody(form: DriverForm): NewDriver {
  const meal_s = inSeconds(form.meal_min, SECONDS_PER_MINUTE);
  return {
    code: form.code, name: form.name, is_active: form.isActive, ...(form.phone && { phone: form.phone }),
    meal_break: meal_s === null ? null : { duration_s: meal_s, earliest: wireTime(form.meal_from || "13:00") ?? "", latest: wireTime(form.meal_until || "15:00") ?? "" },
    driving_max_s: inSeconds(form.driving_h, SECONDS_PER_HOUR), duty_max_s: inSeconds(form.duty_h, SECONDS_PER_HOUR),
    overtime_max_s: inSeconds(form.overtime_min, SECONDS_PER_MINUTE), overtime_hour_cost_clp: form.overtime_clp,
    latest_start: wireTime(form.latest_start), areas: wordsOf(form.areas),
  };
}

function inUnits(seconds: number | null | undefined, unit_s: number): number | null {
  return seconds === null || seconds === undefined ? null : seconds / unit_s;
}

function inSeconds(units: number | null, unit_s: number): number | null {
  return units === null ? null : Math.round(units * unit_s);
}
