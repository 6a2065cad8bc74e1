import type { DayView, ParcelView, StopView } from "../../driver/data/views";

export function makeParcel(id: string, barcode: string, state: string): ParcelView {
  return { id, barcode, state, weight_g: null, volume_ml: null };
}

/** A small day to ask questions of: two stops, one parcel each. */
export function makeStop(sequence: number, change: Partial<StopView> = {}): StopView {
  return {
    stop_id: `stop-${sequence}`, order_id: `order-${sequence}`, reference: `P-${sequence}`, merchant_id: "shop", merchant: "Zapatería", sequence, trip: 1, type: "delivery", state: "pending",
    outcome: null, reason: null, address: `Suecia ${sequence}`, unit: null, comuna: "Providencia", position: [-70.6, -33.4],
    placement_level: "house", uncertainty_m: 10, window: { start: "2026-10-05T18:00:00Z", end: "2026-10-05T20:00:00Z" },
    planned_arrival: "2026-10-05T18:30:00Z", name: "Ana", phone: null, instructions: null, safe_place: null,
    parcels: [makeParcel(`parcel-${sequence}`, `PR 100${sequence}`, "announced")], cod_clp: null, cod_collected_clp: null,
    requires: { photo: true, signature: false, receiver: true, pin: false }, transfer: null, ...change,
  };
}

export function makeDay(stops: StopView[], state: "published" | "started" = "started"): DayView {
  return {
    driver: { id: "d", code: "D1", name: "Daniela" }, now: "2026-10-05T18:00:00Z", is_simulated: false, refused_fix: null,
    route: {
      id: "route", code: "R-01", date: "2026-10-05", state, version: 1, acknowledged_version: 1, vehicle: { id: "v", code: "V1", plate: "ABCD12" },
      depot: { id: "c", name: "CD", position: [-70.7, -33.4] }, start: "2026-10-05T12:00:00Z", geometry: "", breaks: [], rests: [], reloads: [], is_broken_down: false, handed_in_at: null,
    },
    stops, left_aboard: [], reasons: [],
  };
}
