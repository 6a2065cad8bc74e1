import type { Capacity } from "../data/capacity";
import type { DepotFill } from "../data/promises";

/** Vans that Flota asks for beyond those with a shift, on the first day on offer that it does. */
export interface Hire {
  depot: string;
  name: string;
  day: string;
  vans: number;
  /** On how many more of the days on offer it asks for some. */
  more: number;
}

/** By depot, of the days that are offered; none while the board is not there. */
export function hiresOf(depots: DepotFill[], board: Capacity | undefined): Hire[] {
  return depots.flatMap((depot) => {
    const own = board?.depots.find((each) => each.depot === depot.depot);
    const offered = new Set(depot.days.map((day) => day.date));
    const [first, ...later] = (own?.days ?? []).filter((day) => offered.has(day.day) && day.ready > day.own);
    return own && first ? [{ depot: depot.depot, name: depot.name, day: first.day, vans: first.ready - first.own, more: later.length }] : [];
  });
}
