import type { LonLat } from "$shared/map/marks";
import type { Risk, TimeWindow } from "./views";

/** Fleet, plans, people and reports, as the server sends them. */
export interface Depot {
  id: string;
  code: string;
  name: string;
  position: LonLat;
}

export interface Capacity {
  parcels: number;
  weight_g: number;
  volume_ml: number;
}

export interface NewVehicle {
  code: string;
  plate: string;
  depot_id: string;
  capacity: Capacity;
  skills: string[];
  cost_fixed_clp: number;
  cost_per_hour_clp: number;
  cost_per_km_clp: number;
  is_active: boolean;
}
export type Vehicle = NewVehicle & { id: string };

export interface NewDriver {
  code: string;
  name: string;
  phone?: string;
  is_active: boolean;
}
/** Who may not read people gets codes only. */
export interface Driver {
  id: string;
  code: string;
  name: string | null;
  phone: string | null;
  is_active: boolean;
}

export interface NewShift {
  date: string;
  driver_id: string;
  vehicle_id: string;
  depot_id: string;
  start: string;
  end: string;
}
export type Shift = NewShift & { id: string };

export interface SignInLink {
  url: string;
  qr_svg: string;
  expires_at: string;
}

export interface PlanVisit {
  order_id: string;
  reference: string;
  address: string;
  comuna: string | null;
  position: LonLat;
  arrival: string;
  window: TimeWindow | null;
  risk: Risk;
}

export interface PlanRoute {
  code?: string | null;
  shift_id: string;
  vehicle: { id: string; plate: string; code: string };
  driver: { id: string; name: string; code: string };
  start: string;
  end: string;
  distance_m: number;
  duration_s: number;
  geometry: LonLat[] | null;
  load: Partial<Capacity> | null;
  visits: PlanVisit[];
}

export interface PlanView {
  id: string;
  date: string;
  state: string;
  progress: number | null;
  cost_clp: number | null;
  routes?: PlanRoute[];
  unserved?: { order_id: string; reference: string; sentence: string; code: string; cost_clp: number | null }[];
  left_for_review?: number;
  notes?: string[] | string | null;
}

export interface Merchant {
  id: string;
  name: string;
  code: string;
  rut?: string | null;
  email?: string | null;
}

export interface ApiKey {
  id: string;
  key?: string;
  prefix: string;
  made_at: string;
}

export interface User {
  id: string;
  email: string;
  name: string;
  role: string;
  is_active: boolean;
}

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
