import type { LonLat, Marks, MoveMark, RouteMark, StopMark, VanMark } from "$shared/map/marks";
import { meaningOf, meaningOfRoute } from "../data/risk";
import type { DayView, Proposal, RouteLane, StopPoint, VanRow } from "../data/views";
import { splitAt } from "./splitLine";

interface DayParts {
  routes: RouteLane[];
  stops: StopPoint[];
  vans: ReadonlyMap<string, VanRow>;
  lines: ReadonlyMap<string, LonLat[]>;
  /** Routes with a line in what to look at: colour is spent on these. */
  loud: ReadonlySet<string>;
}

const UNDER_WAY = new Set(["loading", "loaded", "started", "paused"]);

/** Turns the day's rows into what the map draws. */
export function makeDayMarks(parts: DayParts): Marks {
  return {
    routes: parts.routes.map((route) => routeMark(route, parts)),
    stops: parts.stops.map((stop) => stopMark(stop, parts.loud)),
    vans: parts.routes.flatMap((route) => vanMark(route, parts)),
    depots: [],
    moves: [],
  };
}

export function positionOf(route: RouteLane, fix: VanRow | undefined): LonLat | null {
  return fix ? [fix[1], fix[2]] : route.position;
}

function routeMark(route: RouteLane, parts: DayParts): RouteMark {
  const line = parts.lines.get(route.id) ?? [];
  const position = positionOf(route, parts.vans.get(route.id));
  const hasTrouble = parts.loud.has(route.id);
  if (!UNDER_WAY.has(route.state) || !position) {
    const isOver = route.stops_total > 0 && route.stops_closed >= route.stops_total;
    return { id: route.id, hasTrouble, done: isOver ? line : [], rest: isOver ? [] : line };
  }
  const share = route.stops_total > 0 ? route.stops_closed / route.stops_total : 0;
  const [done, rest] = splitAt(line, position, share);
  return { id: route.id, hasTrouble, done, rest };
}

function stopMark(stop: StopPoint, loud: ReadonlySet<string>): StopMark {
  const isSlight = stop.risk === "at_risk" && !loud.has(stop.route_id);
  return { id: stop.stop_id, routeId: stop.route_id, position: stop.position, meaning: meaningOf(stop.risk), isSlight };
}

function vanMark(route: RouteLane, parts: DayParts): VanMark[] {
  const fix = parts.vans.get(route.id);
  const position = positionOf(route, fix);
  if (!position) return [];
  const heading_deg = fix ? fix[3] : route.heading_deg;
  return [{ id: route.id, position, heading_deg, label: route.code, meaning: meaningOfRoute(route), hasPlate: parts.loud.has(route.id) }];
}

/** One arc for each van that would take stops over, with how many: from where it is to the middlemost of them. */
export function makeMoves(proposal: Proposal | undefined, parts: { view: DayView | undefined; stops: StopPoint[]; vans: ReadonlyMap<string, VanRow> }): MoveMark[] {
  const place = new Map(parts.stops.map((stop) => [stop.stop_id, stop.position]));
  const all = proposal?.moves ?? [];
  return [...new Set(all.map((move) => move.to_route_id))].flatMap((routeId): MoveMark[] => {
    const moves = all.filter((move) => move.to_route_id === routeId);
    const route = parts.view?.routes.find((candidate) => candidate.id === routeId);
    const spare = proposal?.vans.find((van) => van.is_spare && van.route_id === routeId);
    const from = route ? positionOf(route, parts.vans.get(route.id)) : spare?.position;
    const to = middlemost(moves.map((move) => place.get(move.stop_id)).filter((position) => position !== undefined));
    const code = route?.code ?? spare?.code ?? moves[0]?.to_code ?? "";
    return to && from ? [{ from, to, label: `${code} · ${moves.length}` }] : [];
  });
}

/** The position nearest to the mean of all: an arc ends at a door, not in a field. */
function middlemost(positions: LonLat[]): LonLat | undefined {
  const mean = (axis: 0 | 1): number => positions.reduce((sum, position) => sum + position[axis], 0) / positions.length;
  const [lon, lat] = [mean(0), mean(1)];
  const away = (position: LonLat): number => (position[0] - lon) ** 2 + (position[1] - lat) ** 2;
  return [...positions].sort((a, b) => away(a) - away(b))[0];
}
