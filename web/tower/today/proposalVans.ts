import type { Meaning } from "$shared/ui/meanings";
import { meaningOf } from "../data/risk";
import type { Proposal, RouteLane } from "../data/views";

type ProposedMove = Proposal["moves"][number];
type TakingVan = Proposal["vans"][number];

export interface VanShare extends TakingVan {
  moves: ProposedMove[];
  first: string;
  last: string;
  mix: RiskCount[];
}

export interface RiskCount {
  meaning: Meaning;
  count: number;
}

const ORDER: Meaning[] = ["ok", "risk", "late", "fail"];

/** How many stops stand how, the safe ones first; what does not occur is left out. */
export function countRisks(stops: { risk: string }[]): RiskCount[] {
  return ORDER.map((meaning) => ({ meaning, count: stops.filter((stop) => meaningOf(stop.risk) === meaning).length })).filter(({ count }) => count > 0);
}

/** What each van would take over, the hours of it, and how its promises stand then. */
export function groupByVan(proposal: Pick<Proposal, "moves" | "vans">): VanShare[] {
  return proposal.vans.flatMap((van): VanShare[] => {
    const moves = proposal.moves.filter((move) => move.to_route_id === van.route_id).sort((a, b) => Date.parse(a.arrival) - Date.parse(b.arrival));
    const [first, last] = [moves[0], moves.at(-1)];
    if (!first || !last) return [];
    return [{ ...van, moves, first: first.arrival, last: last.arrival, mix: countRisks(moves) }];
  });
}

/** The proposal without the vans that a person does not want. */
export function chosenOf(proposal: Proposal, refused: ReadonlySet<string>): Proposal {
  const vans = proposal.vans.filter((van) => !refused.has(van.route_id));
  const moves = proposal.moves.filter((move) => !refused.has(move.to_route_id));
  const moved = new Set(moves.map((move) => move.stop_id));
  return {
    ...proposal,
    vans,
    cost_clp: vans.reduce((sum, van) => sum + van.cost_clp, 0),
    moves,
    undo: proposal.undo.filter((move) => moved.has(move.stop_id)),
    later: proposal.later.filter((stop) => !refused.has(stop.route_id)),
  };
}

/** What accepting does: each stop at the place that its hour was worked out for. */
export function movesOf(proposal: Pick<Proposal, "moves">): Proposal["undo"] {
  return proposal.moves.map(({ stop_id, to_route_id, after_stop_id, after_reload }) => ({ stop_id, to_route_id, after_stop_id, after_reload, is_first: after_stop_id === null }));
}

/** How many promised windows would not hold: of the stops that move, and of those that wait for them. */
export function windowsOf(proposal: Pick<Proposal, "moves" | "later">): number {
  const later = proposal.later.filter((stop) => stop.risk === "late" && stop.risk_was !== "late");
  return proposal.moves.filter((move) => move.risk === "late").length + later.length;
}

/** A stop nobody takes; of a van that runs with how its promise stands today. */
export type LeftStop = Proposal["left"][number] & { risk?: string };

/** What a person still has to decide: a van that runs delivers its safe stops as planned. */
export function toDecide(left: Proposal["left"], route: Pick<RouteLane, "is_broken_down" | "stops">): LeftStop[] {
  if (route.is_broken_down) return left;
  const risks = new Map(route.stops.map((stop) => [stop.stop_id, stop.risk]));
  return left.map((stop) => ({ ...stop, risk: risks.get(stop.stop_id) ?? "late" })).filter((stop) => stop.risk !== "on_time");
}

export interface LeftGroup {
  sentence: string;
  orders: LeftStop[];
}

/** Why stops stay where they are: each reason once, with the orders it holds for, the commonest first. */
export function groupLeft(left: LeftStop[]): LeftGroup[] {
  const groups = new Map<string, LeftGroup>();
  for (const stop of left) {
    const group = groups.get(stop.sentence) ?? { sentence: stop.sentence, orders: [] };
    group.orders.push(stop);
    groups.set(stop.sentence, group);
  }
  return [...groups.values()].sort((a, b) => b.orders.length - a.orders.length);
}

/** The stops as lines another carrier can read: reference, door, comuna and parcels. */
export function listForCarrier(left: Proposal["left"]): string {
  return left.map((stop) => [stop.reference, stop.address ?? "", stop.comuna ?? "", String(stop.parcels)].join("\t")).join("\n");
}
