import type { LonLat } from "$shared/map/marks";
import type { AddressSuggestion, Located } from "../data/orderViews";

const ADDRESS_CHARS_MIN = 5;

/** What a person types of an order, new or changed: who, where, when, and what to collect. */
export class OrderFields {
  name = $state("");
  phone = $state("");
  email = $state("");
  address = $state("");
  unit = $state("");
  comuna = $state("");
  instructions = $state("");
  date = $state("");
  from = $state("");
  until = $state("");
  cod_clp = $state<number | null>(null);
  position = $state.raw<LonLat | null>(null);
  uncertainty_m = $state<number | null>(null);
  isPinMoved = $state(false);
  /** What the server says of where this would be: nothing until it was asked. */
  located = $state.raw<Located | undefined>();

  /** The address or pin to ask about; nothing while too little is known. */
  get asksFor(): { address?: string; comuna?: string; lon?: number; lat?: number } | undefined {
    const told = { ...(this.address.trim() && { address: this.address.trim() }), ...(this.comuna.trim() && { comuna: this.comuna.trim() }) };
    if (this.isPinMoved && this.position) return { ...told, lon: this.position[0], lat: this.position[1] };
    return told.address && told.address.length >= ADDRESS_CHARS_MIN ? told : undefined;
  }

  get hasWindow(): boolean {
    return this.from !== "" && this.until !== "";
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
}

/** The street as the map writes it, with the house number the person had typed. */
export function keepNumber(street: string, typed: string): string {
  const number = /(?:^|\D)(\d{1,5}\s?[A-Za-z]?)\s*$/.exec(typed)?.[1]?.trim();
  return number && !street.endsWith(number) ? `${street} ${number}` : street;
}
