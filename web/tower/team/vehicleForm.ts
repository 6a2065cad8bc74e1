import type { NewVehicle, Vehicle } from "../data/fleetViews";

const GRAMS_PER_KG = 1000;
const ML_PER_M3 = 1_000_000;
const SECONDS_PER_MINUTE = 60;

/** A vehicle as a person types it; a number left empty is not known or not limited. */
export interface VehicleForm {
  id: string;
  code: string;
  plate: string;
  depot_id: string;
  parcels: number;
  weight_kg: number;
  volume_m3: number;
  skills: string;
  fixed: number;
  per_hour: number;
  per_km: number;
  kind: NonNullable<NewVehicle["kind"]>;
  height_cm: number | null;
  width_cm: number | null;
  gross_kg: number | null;
  stops_max: number | null;
  trips_max: number;
  loading_min: number | null;
  isActive: boolean;
  isOdd: boolean;
}

export const KINDS = ["van", "truck", "motorcycle", "bicycle"] as const;

export function newVehicle(depot_id: string): VehicleForm {
  return {
    id: "", code: "", plate: "", depot_id, parcels: 60, weight_kg: 800, volume_m3: 6, skills: "", fixed: 25_000, per_hour: 6_500, per_km: 220,
    kind: "van", height_cm: null, width_cm: null, gross_kg: null, stops_max: null, trips_max: 1, loading_min: null, isActive: true, isOdd: false,
  };
}

export function vehicleForm(vehicle: Vehicle): VehicleForm {
  const { capacity, size } = vehicle;
  return {
    id: vehicle.id, code: vehicle.code, plate: vehicle.plate, depot_id: vehicle.depot_id,
    parcels: capacity.parcels, weight_kg: capacity.weight_g / GRAMS_PER_KG, volume_m3: capacity.volume_ml / ML_PER_M3, skills: vehicle.skills.join(", "),
    fixed: vehicle.cost_fixed_clp, per_hour: vehicle.cost_per_hour_clp, per_km: vehicle.cost_per_km_clp,
    kind: vehicle.kind, height_cm: size?.height_cm ?? null, width_cm: size?.width_cm ?? null, gross_kg: size?.weight_kg ?? null,
    stops_max: vehicle.stops_max, trips_max: vehicle.trips_max, loading_min: vehicle.loading_time_s === null ? null : vehicle.loading_time_s / SECONDS_PER_MINUTE,
    isActive: vehicle.is_active, isOdd: false,
  };
}

export function vehicleBody(form: VehicleForm): NewVehicle {
  return {
    code: form.code, plate: form.plate, depot_id: form.depot_id,
    capacity: { parcels: form.parcels, weight_g: Math.round(form.weight_kg * GRAMS_PER_KG), volume_ml: Math.round(form.volume_m3 * ML_PER_M3) },
    skills: wordsOf(form.skills), cost_fixed_clp: form.fixed, cost_per_hour_clp: form.per_hour, cost_per_km_clp: form.per_km,
    kind: form.kind, size: { height_cm: form.height_cm, width_cm: form.width_cm, weight_kg: form.gross_kg },
    stops_max: form.stops_max, trips_max: form.trips_max, loading_time_s: form.loading_min === null ? null : Math.round(form.loading_min * SECONDS_PER_MINUTE),
    is_active: form.isActive, is_odd_plate: form.isOdd,
  };
}

/** Words parted by commas. */
export function wordsOf(text: string): string[] {
  return text.split(",").map((word) => word.trim()).filter(Boolean);
}
