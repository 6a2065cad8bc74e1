import type { LonLat } from "$shared/map/marks";
import type { AddressSuggestion } from "../data/orderViews";

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
