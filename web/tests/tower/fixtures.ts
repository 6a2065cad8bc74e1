import type { RouteLane } from "../../tower/data/views";

/** A route of three stops from 09:00 to 12:00 UTC: one closed, one on time, one at risk. */
export function lane(changes: Partial<RouteLane> = {}): RouteLane {
  return {
    id: "r1", code: "R-01", date: "2026-10-05", state: "started", expected_end: null, version: 1, acknowledged_version: 1, cash_told_clp: null, cash_counted_clp: null, refused_fix: null,
    driver: { id: "d1", code: "C1", name: "Daniela Soto" }, vehicle: { id: "v1", code: "V-01", plate: "HKTR52" },
    depot: { id: "q", name: "CD Quilicura", position: [-70.7, -33.4] },
    start: "2026-10-05T09:00:00Z", end: "2026-10-05T12:00:00Z", stops_total: 3, stops_closed: 1, stops_failed: 0, risk: "at_risk", at_risk: 1, late: 0,
    delay_s: 0, cod_due_clp: 0, is_broken_down: false, position: [-70.6, -33.4], heading_deg: 90, last_fix_at: null, basis: null,
    ends_at: "2026-10-05T12:00:00Z", breaks: [], rests: [], reloads: [],
    stops: [
      { stop_id: "s1", order_id: "o1", at: "2026-10-05T09:30:00Z", risk: "closed", is_closed: true },
      { stop_id: "s2", order_id: "o2", at: "2026-10-05T10:30:00Z", risk: "on_time", is_closed: false },
      { stop_id: "s3", order_id: "o3", at: "2026-10-05T11:30:00Z", risk: "at_risk", is_closed: false },
    ],
    ...changes,
  };
}
