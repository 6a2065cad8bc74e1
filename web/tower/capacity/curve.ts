import type { CurvePoint, DepotCapacity } from "../data/capacity";

/** What each target costs over all depots; nothing where one of them has no curve. */
export function wholeCurve(depots: DepotCapacity[]): Pick<CurvePoint, "target" | "cost_clp">[] {
  const [first] = depots;
  if (!first || depots.some((depot) => depot.curve.length !== first.curve.length)) return [];
  return first.curve.map(({ target }, place) => ({ target, cost_clp: depots.reduce((sum, depot) => sum + (depot.curve[place]?.cost_clp ?? 0), 0) }));
}
