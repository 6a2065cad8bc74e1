import { dateOf } from "$shared/format/dates";
import type { NewOrder } from "../data/orderViews";
import { wordsOf } from "../team/vehicleForm";
import { OrderFields } from "./orderFields.svelte";

const PARCELS_MAX = 100;

/** What a person types for one order, and how it becomes the request. */
export class OrderForm extends OrderFields {
  merchant_id = $state("");
  reference = $state("");
  parcels = $state(1);
  weight_kg = $state<number | null>(null);
  volume_l = $state<number | null>(null);

  constructor(now_ms: number) {
    super();
    this.date = dateOf(now_ms);
  }

  /** The address changed by hand: the old pin says nothing any more. */
  forgetPin(): void {
    if (this.isPinMoved) return;
    this.position = null;
    this.uncertainty_m = null;
  }

  toRequest(): NewOrder {
    const optional = (value: string): string | undefined => value.trim() || undefined;
    const weight_g = this.weight_kg === null ? undefined : Math.round(this.weight_kg * 1000);
    const volume_ml = this.volume_l === null ? undefined : Math.round(this.volume_l * 1000);
    const count = Math.min(PARCELS_MAX, Math.max(1, this.parcels));
    return {
      ...(this.merchant_id && { merchant_id: this.merchant_id }),
      reference: this.reference.trim(),
      date: this.date,
      recipient: clean({ name: this.name.trim(), phone: optional(this.phone), email: optional(this.email) }),
      address: this.address.trim(),
      ...clean({ unit: optional(this.unit), comuna: optional(this.comuna), instructions: optional(this.instructions) }),
      // A suggestion's position is left for the server to find again, with its own uncertainty.
      ...(this.isPinMoved && this.position && { position: this.position }),
      requires_pin: false,
      windows: this.windows,
      parcels: Array.from({ length: count }, () => clean({ weight_g, volume_ml })),
      ...(this.hasTerms && { skills: wordsOf(this.skills), terms: this.terms }),
      ...(this.cod_clp && { cod_clp: this.cod_clp }),
    };
  }
}

function clean<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}
