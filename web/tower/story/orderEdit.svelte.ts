import { formatTime } from "$shared/format/dates";
import type { OrderPatch, OrderTerms, OrderView } from "../data/orderViews";
import { OrderFields } from "../orders/orderFields.svelte";
import { wordsOf } from "../team/vehicleForm";

const GRAMS_PER_KG = 1000;
const TEXTS = ["name", "phone", "email", "address", "unit", "comuna", "instructions"] as const;
type TextField = (typeof TEXTS)[number];

export interface ParcelRow {
  barcode: string;
  weight_kg: number | null;
  volume_ml: number | null;
}

/** An order as a person changes it; only what is different is sent. */
export class OrderEdit extends OrderFields {
  parcels = $state<ParcelRow[]>([]);

  constructor(private readonly order: OrderView) {
    super();
    for (const field of TEXTS) this[field] = this.kept(field);
    this.date = order.date;
    [this.from, this.until, this.from_2, this.until_2] = hoursOf(order);
    this.skills = order.skills.join(", ");
    this.bond = order.terms.bond ?? "";
    this.bond_rank = order.terms.bond_rank;
    this.leave_out_price_clp = order.terms.leave_out_price_clp;
    this.only_vehicle = order.terms.only_vehicle ?? "";
    this.never_vehicles = order.terms.never_vehicles.join(", ");
    this.cod_clp = order.cod_clp;
    this.parcels = rowsOf(order);
    this.position = order.placement?.position ?? null;
    this.uncertainty_m = order.placement?.uncertainty_m ?? null;
  }

  /** What to send: the fields that are different now, and the version that was looked at. */
  toPatch(): OrderPatch {
    const patch: OrderPatch = { version: this.order.version };
    for (const field of TEXTS) if (this[field].trim() !== this.kept(field)) patch[field] = this[field].trim() || null;
    if (this.date !== this.order.date) patch.date = this.date;
    if (this.isWindowChanged) patch.windows = this.windows;
    if (wordsOf(this.skills).sort().join() !== [...this.order.skills].sort().join()) patch.skills = wordsOf(this.skills);
    if (JSON.stringify(this.terms) !== JSON.stringify(termsOf(this.order))) patch.terms = this.terms;
    if ((this.cod_clp || null) !== (this.order.cod_clp || null)) patch.cod_clp = this.cod_clp || null;
    if (this.isPinMoved && this.position) patch.position = this.position;
    if (JSON.stringify(this.parcels) !== JSON.stringify(rowsOf(this.order))) patch.parcels = this.parcels.map(toParcel);
    return patch;
  }

  private get isWindowChanged(): boolean {
    const isMoved = this.date !== this.order.date && this.order.windows.length > 0;
    return isMoved || [this.from, this.until, this.from_2, this.until_2].join() !== hoursOf(this.order).join();
  }

  private kept(field: TextField): string {
    const { order } = this;
    if (field === "name" || field === "phone" || field === "email") return order.recipient[field] ?? "";
    return order[field] ?? "";
  }
}

/** What takes a change back: the same fields as they were, for the version that came of it. */
export function undoOf(before: OrderView, patch: OrderPatch, version: number): OrderPatch {
  const was: Record<string, unknown> = {
    name: before.recipient.name, phone: before.recipient.phone, email: before.recipient.email, address: before.address, unit: before.unit, comuna: before.comuna,
    instructions: before.instructions, date: before.date, windows: before.windows, cod_clp: before.cod_clp, skills: before.skills, terms: before.terms, parcels: rowsOf(before).map(toParcel),
  };
  const back: Record<string, unknown> = Object.fromEntries(Object.keys(patch).filter((field) => field in was).map((field) => [field, was[field]]));
  const isMoved = "address" in patch || "position" in patch || "comuna" in patch;
  if (isMoved && before.placement) back["position"] = before.placement.position;
  return { ...back, version };
}

/** Whether a patch changes anything. */
export function isEmpty(patch: OrderPatch): boolean {
  return Object.keys(patch).length === 1;
}

/** From and until of the first two windows, as people write them. */
function hoursOf(order: OrderView): [string, string, string, string] {
  const [first, second] = order.windows;
  return [first?.start, first?.end, second?.start, second?.end].map((at) => (at ? formatTime(at) : "")) as [string, string, string, string];
}

function termsOf(order: OrderView): OrderTerms {
  const { bond, bond_rank, leave_out_price_clp, only_vehicle, never_vehicles } = order.terms;
  return { bond, bond_rank, leave_out_price_clp, only_vehicle, never_vehicles: [...never_vehicles].sort() };
}

function rowsOf(order: OrderView): ParcelRow[] {
  return order.parcels.map(({ barcode, weight_g, volume_ml }) => ({ barcode, weight_kg: weight_g === null ? null : weight_g / GRAMS_PER_KG, volume_ml }));
}

function toParcel(row: ParcelRow): { barcode?: string; weight_g?: number; volume_ml?: number } {
  return {
    ...(row.barcode.trim() && { barcode: row.barcode.trim() }),
    ...(row.weight_kg !== null && { weight_g: Math.round(row.weight_kg * GRAMS_PER_KG) }),
    ...(row.volume_ml !== null && { volume_ml: row.volume_ml }),
  };
}
