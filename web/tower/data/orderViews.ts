import type { LonLat } from "$shared/map/marks";
import type { Eta, Risk, TimeWindow } from "./views";

/** An order, its story and what is imported, as the server sends them. */
export interface Placement {
  position: LonLat;
  level: string;
  uncertainty_m: number | null;
  score: number | null;
  source: string;
  confirmed_by: string | null;
  is_routable: boolean;
}

export interface PromiseView {
  version: number;
  window: TimeWindow;
  made_at: string;
  cause: string;
  fate: string;
}

export interface OrderView {
  id: string;
  merchant: { id: string; name: string };
  reference: string;
  state: string;
  date: string;
  recipient: { person_id: string; name: string | null; rut: string | null; phone: string | null; email: string | null };
  address: string | null;
  unit: string | null;
  comuna: string | null;
  placement: Placement | null;
  windows: TimeWindow[];
  promise: PromiseView | null;
  first_promise: PromiseView | null;
  parcels: { id: string; barcode: string; state: string; weight_g: number | null; volume_ml: number | null }[];
  cod_clp: number | null;
  service_time_s: number;
  instructions: string | null;
  safe_place: string | null;
  attempts: number;
  route: { id: string; code: string; stop_id: string; sequence: number; eta: Eta | null } | null;
  version: number;
  risk: Risk | null;
}

export interface Evidence {
  id: string;
  kind: string;
  url: string;
  media_type: string;
}

export interface Fact {
  event_id: string;
  type: string;
  at: string;
  recorded_at: string;
  clocks_differ: boolean;
  title: string;
  detail: string | null;
  actor: { kind: string; name: string | null } | null;
  position: LonLat | null;
  evidence: Evidence[];
}

export interface MessageView {
  id: string;
  kind: string;
  channel: string;
  to: string;
  subject: string | null;
  text: string;
  state: string;
  queued_at: string;
  sent_at: string | null;
  tries: number;
  error: string | null;
  order_id: string | null;
  reference: string | null;
  cause: string | null;
}

export interface Custody {
  parcel_id: string;
  barcode: string;
  entries: { sequence: number; holder: string; occurred_at: string; hash: string }[];
  is_intact: boolean;
}

export interface StoryView {
  order: OrderView;
  facts: Fact[];
  messages: MessageView[];
  customer_sees: { state_label: string; headline: string; window: TimeWindow | null };
  custody: Custody[];
  tracking_url?: string | null;
}

export interface ImportRow {
  row: number;
  reference: string;
  address: string;
  comuna: string | null;
  level: string | null;
  uncertainty_m: number | null;
  status: "accepted" | "doubtful" | "rejected";
}

export interface RejectedRow {
  row: number;
  field: string | null;
  reason: string;
}

export interface ImportView {
  id: string | null;
  layout: string;
  accepted: number;
  doubtful: number;
  rejected: RejectedRow[];
  rows: ImportRow[];
  summary: { by_level: Record<string, number>; median_uncertainty_m: number | null };
}

export interface AddressSuggestion {
  label: string;
  street: string;
  number: string | null;
  unit: string | null;
  comuna: string;
  position: LonLat;
  level: string;
  uncertainty_m: number;
}

export interface AddressReview {
  order_id: string;
  reference: string;
  address: string;
  unit: string | null;
  comuna: string | null;
  placement: Placement | null;
  import_id: string | null;
}

export interface ReviewQueue {
  items: AddressReview[];
  total: number;
  summary: { street_level: number; median_uncertainty_m: number | null };
}

export interface NewOrder {
  merchant_id?: string;
  reference: string;
  date: string;
  recipient: { name: string; phone?: string; email?: string };
  address: string;
  unit?: string;
  comuna?: string;
  position?: LonLat;
  windows: TimeWindow[];
  parcels: { weight_g?: number; volume_ml?: number }[];
  cod_clp?: number;
  instructions?: string;
}
