import type { LonLat } from "$shared/map/marks";
import { instantAt } from "$shared/format/localTime";
import type { AddressSuggestion, Located, OrderTerms } from "../data/orderViews";
import { wordsOf } from "../team/vehicleForm";

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
  from_2 = $state("");
  until_2 = $state("");
  skills = $state("");
  bond = $state("");
  bond_rank = $state<number | null>(null);
  only_vehicle = $state("");
  never_vehicles = $state("");
  leave_out_price_clp = $state<number | null>(null);
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

  /** The windows whose two hours are known, first the first. */
  get windows(): { start: string; end: string }[] {
    return [[this.from, this.until] as const, [this.from_2, this.until_2] as const]
      .filter(([from, until]) => from !== "" && until !== "")
      .map(([from, until]) => ({ start: instantAt(this.date, from), end: instantAt(this.date, until) }));
  }

  /** What it asks of a route, as the server takes it. */
  get terms(): OrderTerms {
    return {
      bond: this.bond.trim() || null, bond_rank: this.bond_rank, leave_out_price_clp: this.leave_out_price_clp,
      only_vehicle: this.only_vehicle || null, never_vehicles: wordsOf(this.never_vehicles).sort(),
    };
  }

  get hasTerms(): boolean {
    const { bond, bond_rank, leave_out_price_clp, only_vehicle, never_vehicles } = this.terms;
    return Boolean(bond ?? bond_rank ?? leave_out_price_clp ?? only_vehicle) || never_vehicles.length > 0 || this.skills.trim() !== "" || this.from_2 !== "";
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
