import { dateOf } from "$shared/format/dates";
import type { LonLat } from "$shared/map/marks";
import type { AddressSuggestion, NewOrder } from "../data/orderViews";
import { instantAt } from "$shared/format/localTime";

const PARCELS_MAX = 100;

/** What a person types for one order, and how it becomes the request. */
export class OrderForm {
  merchant_id = $state("");
  reference = $state("");
  date = $state("");
  name = $state("");
  phone = $state("");
  email = $state("");
  address = $state("");
  unit = $state("");
  comuna = $state("");
  position = $state.raw<LonLat | null>(null);
  uncertainty_m = $state<number | null>(null);
  isPinMoved = $state(false);
  from = $state("");
  until = $state("");
  parcels = $state(1);
  weight_kg = $state<number | null>(null);
  cod_clp = $state<number | null>(null);
  instructions = $state("");

  constructor(now_ms: number) {
    this.date = dateOf(now_ms);
  }

  takeSuggestion(found: AddressSuggestion): void {
    this.address = keepNumber(found.street, this.address);
    this.comuna = found.comuna;
    this.position = found.position;
    this.uncertainty_m = found.uncertainty_m;
    this.isPinMoved = false;
  }

  /** A pin put by a person is the door itself. */
  putPin(position: LonLat): void {
    this.position = position;
    this.uncertainty_m = null;
    this.isPinMoved = true;
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
    const count = Math.min(PARCELS_MAX, Math.max(1, this.parcels));
    const hasWindow = this.from !== "" && this.until !== "";
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
      windows: hasWindow ? [{ start: instantAt(this.date, this.from), end: instantAt(this.date, this.until) }] : [],
      parcels: Array.from({ length: count }, () => clean({ weight_g })),
      ...(this.cod_clp && { cod_clp: this.cod_clp }),
    };
  }
}

function clean<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** The street as the map writes it, with the house number the person had typed. */
export function keepNumber(street: string, typed: string): string {
  const number = /(?:^|\D)(\d{1,5}\s?[A-Za-z]?)\s*$/.exec(typed)?.[1]?.trim();
  return number && !street.endsWith(number) ? `${street} ${number}` : street;
}
